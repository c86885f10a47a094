/**
 * Requests to this machine pass by every proxy. Plain http is allowed there because it does not leave the
 * machine; `HTTP_PROXY` would hand it, with the credentials in it, to another one.
 */

/** As `isLoopbackHost()`; names cover the names below them. */
const LOOPBACK = "localhost,127.0.0.0/8,::1";

/** For the process's own environment, before its first request: the runtime reads it then. */
export function keepLoopbackFromProxies(env: Pick<Deno.Env, "get" | "set">): void {
  const isProxied = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"].some((name) =>
    env.get(name)
  );
  if (!isProxied) return;
  const others = env.get("NO_PROXY") ?? env.get("no_proxy");
  env.set("NO_PROXY", others ? `${others},${LOOPBACK}` : LOOPBACK);
}
