import { hostPort, parseUrl } from "../http/url.ts";
import type { GuestExchange } from "../sandbox/guest_run.ts";

/** Hosts a script tried to reach that the flow does not have, `host:port`, each once. */
export function unexpectedHosts(
  exchanges: readonly GuestExchange[],
  hosts: readonly string[],
): string[] {
  const unexpected = new Set<string>();
  for (const { url } of exchanges) {
    const parsed = parseUrl(url);
    const host = parsed === null ? "an unknown host" : hostPort(parsed);
    if (!hosts.includes(host)) unexpected.add(host);
  }
  return [...unexpected];
}
