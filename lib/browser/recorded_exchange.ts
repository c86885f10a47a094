import type { Exchange } from "../http/exchange.ts";
import type { SocketFrame } from "../store/socket_frame.ts";

export interface RecordedExchange {
  readonly exchange: Exchange;
  /** Messages of a WebSocket; empty for anything else. */
  readonly frames: readonly SocketFrame[];
  /** True where the answer has no body because it is larger than what is kept of one. */
  readonly isTooLarge: boolean;
}
