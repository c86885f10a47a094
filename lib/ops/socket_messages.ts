/** What went over a WebSocket, and the events of a stream, as they are shown: credentials masked. */
import type { Redactor } from "../base/redact.ts";
import { maskBodyText } from "../capture/mask_body.ts";
import { bodyText } from "../http/body.ts";
import type { HeaderList, Trace } from "../http/exchange.ts";
import { mediaType } from "../http/headers.ts";
import type { SocketFrame } from "../store/socket_frame.ts";

export interface SocketMessage {
  readonly sender: "client" | "server";
  /** ISO 8601, UTC; `null` where the recording does not tell, as for events of a stream. */
  readonly at: string | null;
  /** Of an event that has a name of its own. */
  readonly event: string | null;
  /** `null` for binary data. */
  readonly text: string | null;
  readonly bytes: number;
}

/** What messages hold is JSON where it is data at all. */
const AS_JSON: HeaderList = [["Content-Type", "application/json"]];

export function frameMessage(
  { atMs, sender, kind, payload }: SocketFrame,
  masking: Redactor | null,
): SocketMessage {
  return {
    sender,
    at: new Date(atMs).toISOString(),
    event: null,
    text: kind === "text" ? masked(new TextDecoder().decode(payload), masking) : null,
    bytes: payload.length,
  };
}

/** The events of `text/event-stream` (HTML standard section 9.2.6); none of another answer. */
export function streamMessages({ response }: Trace, masking: Redactor | null): SocketMessage[] {
  if (response === null || response.body === null) return [];
  if (mediaType(response.headers) !== "text/event-stream") return [];
  return bodyText(response.headers, response.body).replace(/\r\n?/g, "\n").split("\n\n")
    .flatMap((block) => eventIn(block, masking) ?? []);
}

function eventIn(block: string, masking: Redactor | null): SocketMessage | null {
  const fields = block.split("\n").map((line): [name: string, value: string] => {
    const colon = line.indexOf(":");
    if (colon < 0) return [line, ""];
    const value = line.slice(colon + 1);
    return [line.slice(0, colon), value.startsWith(" ") ? value.slice(1) : value];
  });
  const data = fields.filter(([name]) => name === "data").map(([, value]) => value);
  if (data.length === 0) return null;
  const text = data.join("\n");
  return {
    sender: "server",
    at: null,
    event: fields.findLast(([name]) => name === "event")?.[1] ?? null,
    text: masked(text, masking),
    bytes: new TextEncoder().encode(text).length,
  };
}

function masked(text: string, masking: Redactor | null): string {
  if (masking === null) return text;
  return maskBodyText(AS_JSON, new TextEncoder().encode(text), text, masking);
}
