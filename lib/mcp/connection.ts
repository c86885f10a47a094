/** A connection to a client, as the handlers of requests see it: whoever speaks the protocol with that client. */
import type { Server } from "@modelcontextprotocol/server";

export type Connection = Pick<
  Server,
  | "setRequestHandler"
  | "notification"
  | "sendToolListChanged"
  | "getClientCapabilities"
  | "getNegotiatedProtocolVersion"
  | "onclose"
>;

/** What a request has besides where the library has not read it. */
export interface OwnRequest {
  /** What its signal is of. */
  readonly stopping?: AbortController;
}
