/** The lifelines of the diagram: the user, the script, and each host in the order of first use. */
import type { ExplainAuthOutput } from "../ops/explain_auth.ts";

export interface Lanes {
  /** `host:port` of the lifelines after the user's and the script's. */
  readonly hosts: readonly string[];
  /** Of all lifelines. */
  readonly count: number;
  /** The column of a host, from 1. */
  column(host: string): number;
}

export const USER_LANE = 1;
export const SCRIPT_LANE = 2;

export function lanesOf({ flow, apiOrigins }: ExplainAuthOutput): Lanes {
  const steps = [...flow?.steps ?? [], ...flow?.refresh?.steps ?? []];
  const hosts = [...new Set([...steps.map(({ host }) => host), ...apiOrigins.map(hostOf)])];
  return {
    hosts,
    count: hosts.length + SCRIPT_LANE,
    column: (host) => hosts.indexOf(host) + SCRIPT_LANE + 1,
  };
}

/** `host:port` of an origin. */
export function hostOf(origin: string): string {
  const url = new URL(origin);
  return `${url.hostname}:${url.port || (url.protocol === "http:" ? "80" : "443")}`;
}

/** `shop.example:443` is shown as `shop.example`. */
export function shownHost(host: string): string {
  return host.replace(/:443$/, "");
}
