/**
 * The bodies of answers. A page that closes or moves on at once after the login takes its answers with it, so those of
 * documents and scripts are had before the page has them:
 *
 * - one of a known length, and a document, is read while it waits (Fetch domain, response stage);
 * - any other is told piece by piece as it arrives (`Network.streamResourceContent`): it may never end, and a page
 *   that waited for its end would stand still;
 * - downloads, pictures and films are let through, and read when they have arrived.
 */
import { concatBytes } from "../base/bytes.ts";
import { isRecord } from "../base/json.ts";
import type { Devtools, DevtoolsEvent, DevtoolsParams } from "./devtools.ts";
import type { NetworkRecord, RecordedBody } from "./network_records.ts";

/** Largest answer that is kept, in bytes; of a larger one all but the body is. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;
/** What nobody reads, or a player does. */
const UNREAD_TYPE =
  /^(?:multipart\/x-mixed-replace|application\/(?:octet-stream|zip|pdf)|(?:video|audio|image|font)\/.*)\b/i;
/** What is read while it arrives, whatever its length. */
const STREAM_TYPE =
  /^(?:text\/event-stream|application\/(?:x-ndjson|ndjson|jsonl|stream\+json|json-seq|grpc\S*))\b/i;

interface Stream {
  readonly pieces: Uint8Array[];
  bytes: number;
  /** False where the browser does not tell of the pieces: an old one, or an answer that was there already. */
  readonly begun: Promise<boolean>;
}

export class AnswerBodies {
  readonly #devtools: Devtools;
  readonly #early = new Map<string, RecordedBody>();
  readonly #streams = new Map<string, Stream>();

  constructor(devtools: Devtools) {
    this.#devtools = devtools;
  }

  /** Reads an answer that waits, or has it told as it arrives, and lets it go on to the page. `Fetch.requestPaused` */
  async readPaused(
    { params, sessionId }: DevtoolsEvent,
    /** The target that sent the request; that which tells of the pause may be the page around a worker. */
    sender: string | undefined,
  ): Promise<void> {
    const { requestId, networkId } = params;
    const way = typeof networkId === "string" ? wayOf(params) : "later";
    if (way === "now") {
      const body = await this.#read("Fetch", String(requestId), sessionId);
      if (body !== null) this.#early.set(String(networkId), body);
    } else if (way === "stream") this.#stream(String(networkId), sender ?? sessionId);
    await this.#devtools.attempt("Fetch.continueRequest", { requestId }, sessionId);
  }

  /** `Network.dataReceived` */
  take(id: string, { data }: DevtoolsParams): void {
    const stream = this.#streams.get(id);
    if (stream === undefined || typeof data !== "string") return;
    const piece = Uint8Array.fromBase64(data);
    stream.bytes += piece.length;
    if (stream.bytes <= MAX_BODY_BYTES) stream.pieces.push(piece);
    else stream.pieces.length = 0;
  }

  /** True for an answer that is told as it arrives. */
  isStreamed(id: string): boolean {
    return this.#streams.has(id);
  }

  /** When the last of it has come, and the browser has it. */
  async arrived(
    record: NetworkRecord,
    sessionId: string | undefined,
  ): Promise<RecordedBody | null> {
    return await this.known(record) ?? await this.#read("Network", record.id, sessionId);
  }

  /** What came so far. */
  async known({ id, eventStream }: NetworkRecord): Promise<RecordedBody | null> {
    const early = this.#early.get(id);
    if (early !== undefined) return early;
    const stream = this.#streams.get(id);
    if (stream !== undefined && await stream.begun) {
      if (stream.bytes > MAX_BODY_BYTES) return null;
      if (stream.bytes > 0) {
        return { text: concatBytes(stream.pieces).toBase64(), isBase64: true };
      }
    }
    return eventStream === "" ? null : { text: eventStream, isBase64: false };
  }

  forget(id: string): void {
    this.#early.delete(id);
    this.#streams.delete(id);
  }

  /** Not waited for: a page that asks synchronously (XMLHttpRequest) answers nobody before it has its answer. */
  #stream(id: string, sessionId: string | undefined): void {
    const asked = this.#devtools.attempt(
      "Network.streamResourceContent",
      { requestId: id },
      sessionId,
    );
    const pieces: Uint8Array[] = [];
    const begun = asked.then((result) => {
      const before = result?.["bufferedData"];
      if (typeof before !== "string") return false;
      const piece = Uint8Array.fromBase64(before);
      pieces.unshift(piece);
      stream.bytes += piece.length;
      return true;
    });
    const stream: Stream = { pieces, bytes: 0, begun };
    this.#streams.set(id, stream);
  }

  async #read(
    domain: "Fetch" | "Network",
    requestId: string,
    sessionId: string | undefined,
  ): Promise<RecordedBody | null> {
    const result = await this.#devtools.attempt(
      `${domain}.getResponseBody`,
      { requestId },
      sessionId,
    );
    const text = result?.["body"];
    if (typeof text !== "string" || text.length > MAX_BODY_BYTES * 4 / 3) return null;
    return { text, isBase64: result?.["base64Encoded"] === true };
  }
}

/** Redirects have no body, and a download is the user's. */
function wayOf(params: DevtoolsParams): "now" | "stream" | "later" {
  const status = Number(params["responseStatusCode"]);
  if (!(status >= 200) || status >= 300 && status < 400 || status === 204) return "later";
  const lines = Array.isArray(params["responseHeaders"]) ? params["responseHeaders"] : [];
  const headers = new Map(
    lines.filter(isRecord).map(({ name, value }) => [String(name).toLowerCase(), String(value)]),
  );
  const type = headers.get("content-type") ?? "";
  const length = headers.get("content-length");
  if (Number(length ?? 0) > MAX_BODY_BYTES || UNREAD_TYPE.test(type)) return "later";
  if (/^\s*attachment/i.test(headers.get("content-disposition") ?? "")) return "later";
  if (params["resourceType"] === "Document") return STREAM_TYPE.test(type) ? "later" : "now";
  return length === undefined || STREAM_TYPE.test(type) ? "stream" : "now";
}
