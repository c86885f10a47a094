/** Which places a script's network reaches. */
import { AppError } from "../base/error.ts";
import { hostPort } from "../http/url.ts";
import type { GuestReach } from "./protocol.ts";

export type GuestNetworkChoice =
  /** The real hosts, each `host:port`. */
  | {
    readonly kind: "live";
    readonly hosts: readonly string[];
    /** Over plain http too where they are other machines. Default: false. */
    readonly allowHttp?: boolean;
  }
  /** A server on 127.0.0.1 that answers for all of `hosts`. */
  | { readonly kind: "replay"; readonly port: number; readonly hosts: readonly string[] };

/** @throws {AppError} `BAD_INPUT` for a host that is not a plain `host:port`. */
export function reachOf(network: GuestNetworkChoice): GuestReach {
  return {
    hosts: network.hosts.map(canonicalHost),
    replayPort: network.kind === "replay" ? network.port : null,
    plainHttp: network.kind === "replay" || network.allowHttp === true,
  };
}

/** What the process needs to connect to, as permission arguments. */
export function connectsTo(reach: GuestReach): string[] {
  return reach.replayPort === null ? [...reach.hosts] : [`127.0.0.1:${reach.replayPort}`];
}

/** A name, an IPv4 address or an IPv6 address in brackets, and a port; no list, no wildcard, no CIDR. */
const HOST_PORT = /^(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\]):[0-9]{1,5}$/i;

/**
 * `host:port` as URLs spell it: lower case, IPv4 in dotted form, IPv6 shortened.
 *
 * @throws {AppError} `BAD_INPUT`.
 */
export function canonicalHost(text: string): string {
  const url = `https://${text}/`;
  if (!HOST_PORT.test(text) || !URL.canParse(url) || new URL(url).port === "0") {
    throw new AppError("BAD_INPUT", `Not a host with a port: "${text}"`, {
      hint: 'Write it as "login.example.com:443"',
    });
  }
  return hostPort(new URL(url));
}
