/** Everything a script would try if it were loose in the Worker. Answers with what each attempt came to. */
const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<string[]>) => void;
  postMessage: (message: unknown) => void;
};

scope.onmessage = async ({ data: [approved, canary = "", file = ""] }) => {
  const [hostname = "", port = ""] = canary.split(":");
  const attempts: Record<string, () => unknown> = {
    approved: async () => (await fetch(`http://${approved}/echo`)).status,
    fetch: () => fetch(`http://${canary}/`),
    redirect: () => fetch(`http://${approved}/redirect?to=http://${canary}/`),
    otherName: () => fetch(`http://localhost:${approved?.split(":")[1]}/`),
    tcp: () => Deno.connect({ hostname, port: Number(port) }),
    webSocket: () => new WebSocket(`ws://${canary}/`),
    listen: () => Deno.listen({ port: 0 }),
    dns: () => Deno.resolveDns("example.com", "A"),
    read: () => Deno.readTextFileSync(file),
    write: () => Deno.writeTextFileSync(`${file}.written`, "x"),
    environment: () => Deno.env.get("HOME"),
    run: () => new Deno.Command(Deno.build.os === "windows" ? "cmd" : "true").outputSync(),
    system: () => Deno.hostname(),
    library: () => Deno.dlopen("libc.so.6", {}),
    import: () => import(`http://${canary}/x.js`),
    importFile: () => import(`file://${file}`, { with: { type: "json" } }),
    permissions: () => Deno.permissions.requestSync({ name: "read" }).state,
    worker: () =>
      new Worker("data:text/javascript,1", {
        type: "module",
        deno: { permissions: { read: true } },
      }),
  };
  const results: Record<string, string> = {};
  for (const [name, attempt] of Object.entries(attempts)) {
    try {
      results[name] = String(await attempt());
    } catch (error) {
      results[name] = error instanceof Error ? error.name : "thrown";
    }
  }
  scope.postMessage(results);
};
scope.postMessage("ready");
