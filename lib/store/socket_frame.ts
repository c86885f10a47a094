/** One message of a WebSocket (RFC 6455 section 5.6), with the handshake's trace. */
export interface SocketFrame {
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
  readonly sender: "client" | "server";
  readonly kind: "text" | "binary";
  readonly payload: Uint8Array;
}
