/** What the walls need to know of `host:port` pairs. */

export function portsOf(hosts: readonly string[]): number[] {
  return hosts.map((host) => Number(host.slice(host.lastIndexOf(":") + 1)));
}

/** Whether one of them is neither `127.0.0.1:80` nor `[::1]:80`. */
export function looksUpNames(hosts: readonly string[]): boolean {
  return hosts.some((host) => !/^(?:\[|(?:\d{1,3}\.){3}\d{1,3}:)/.test(host));
}
