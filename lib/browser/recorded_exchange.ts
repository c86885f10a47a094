import type { Exchange } from "../http/exchange.ts";
import type { SocketFrame } from "../store/socket_frame.ts";

export interface RecordedExchange {
  readonly exchange: Exchange;
  /** Messages of a WebSocket; empty for anything else. */
  readonly frames: readonly SocketFrame[];
}
