/** WebSockets of a recording: the handshake as an exchange, and each message that went either way. */
import { isRecord } from "../base/json.ts";
import type { HeaderList } from "../http/exchange.ts";
import type { SocketFrame } from "../store/socket_frame.ts";
import type { DevtoolsEvent, DevtoolsParams } from "./devtools.ts";
import type { RecordedExchange } from "./recorded_exchange.ts";

/** Messages kept of one connection; a chat or a ticker sends without end. */
const MAX_FRAMES = 1_000;
/** Longest message that is kept, in characters as DevTools gives it. */
const MAX_FRAME = 1024 * 1024;
const TEXT_FRAME = 1;

interface Connection {
  readonly url: string;
  startedAtMs: number | null;
  /** Wall-clock time minus the browser's monotonic time, in seconds. */
  offsetSec: number;
  sent: HeaderList;
  response: { readonly status: number; readonly headers: HeaderList } | null;
  readonly frames: SocketFrame[];
}

export class SocketRecords {
  readonly #open = new Map<string, Connection>();
  readonly #onClosed: (recorded: RecordedExchange) => void;

  constructor(onClosed: (recorded: RecordedExchange) => void) {
    this.#onClosed = onClosed;
  }

  handle({ method, params }: DevtoolsEvent): void {
    const id = String(params["requestId"]);
    if (method === "Network.webSocketCreated") {
      this.#open.set(id, {
        url: String(params["url"]),
        startedAtMs: null,
        offsetSec: 0,
        sent: [],
        response: null,
        frames: [],
      });
      return;
    }
    const connection = this.#open.get(id);
    if (connection === undefined) return;
    if (method === "Network.webSocketClosed") this.#close(id, connection);
    else takeEvent(connection, method, params);
  }

  /** What is still open when the recording ends. */
  flush(): void {
    for (const [id, connection] of this.#open) this.#close(id, connection);
  }

  #close(id: string, connection: Connection): void {
    this.#open.delete(id);
    if (connection.startedAtMs === null) return;
    const url = connection.url.replace(/^ws/, "http");
    this.#onClosed({
      exchange: {
        startedAtMs: connection.startedAtMs,
        request: { method: "GET", url, headers: connection.sent, body: null },
        response: connection.response === null ? null : { ...connection.response, body: null },
      },
      frames: connection.frames,
      isTooLarge: false,
    });
  }
}

function takeEvent(connection: Connection, method: string, params: DevtoolsParams): void {
  switch (method) {
    case "Network.webSocketWillSendHandshakeRequest":
      connection.startedAtMs = Number(params["wallTime"]) * 1000;
      connection.offsetSec = Number(params["wallTime"]) - Number(params["timestamp"]);
      connection.sent = linesOf(params["request"]);
      return;
    case "Network.webSocketHandshakeResponseReceived": {
      const response = params["response"];
      const status = isRecord(response) ? Number(response["status"]) : 0;
      connection.response = { status, headers: linesOf(response) };
      return;
    }
    case "Network.webSocketFrameSent":
    case "Network.webSocketFrameReceived":
      takeFrame(connection, method, params);
  }
}

function takeFrame(connection: Connection, method: string, params: DevtoolsParams): void {
  const frame = params["response"];
  if (!isRecord(frame) || connection.frames.length >= MAX_FRAMES) return;
  const text = String(frame["payloadData"]);
  if (text.length > MAX_FRAME) return;
  const isText = frame["opcode"] === TEXT_FRAME;
  connection.frames.push({
    atMs: (Number(params["timestamp"]) + connection.offsetSec) * 1000,
    sender: method === "Network.webSocketFrameSent" ? "client" : "server",
    kind: isText ? "text" : "binary",
    payload: isText ? new TextEncoder().encode(text) : Uint8Array.fromBase64(text),
  });
}

function linesOf(message: unknown): HeaderList {
  const headers = isRecord(message) ? message["headers"] : undefined;
  if (!isRecord(headers)) return [];
  return Object.entries(headers).flatMap(([name, value]) =>
    String(value).split("\n").map((line): [string, string] => [name, line])
  );
}
