/**
 * Turns the network events of all targets into exchanges, each told as soon as it is whole. Requests are known
 * by their id over all targets: a navigation may begin in one process and end in another.
 *
 * Answers of documents and scripts are read before the page gets them (Fetch domain, response stage): a page
 * that closes or moves on at once after the login takes its answers with it. Streams and downloads are let
 * through unread, and everything else is read when it has arrived.
 */
import { isRecord } from "../base/json.ts";
import { readEntry } from "../capture/har_entry.ts";
import type { Devtools, DevtoolsEvent, DevtoolsParams } from "./devtools.ts";
import { NetworkRecord, type RecordedBody } from "./network_records.ts";
import type { RecordedExchange } from "./recorded_exchange.ts";
import { SocketRecords } from "./socket_records.ts";

/** Largest answer that is kept, in bytes; of a larger one all but the body is. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;
/** Bodies the browser keeps until they are asked for, in bytes. */
const MAX_BUFFER_BYTES = 256 * 1024 * 1024;
/** Types that a page reads while they arrive, or that nobody reads. */
const UNREAD_TYPE =
  /^(?:text\/event-stream|multipart\/x-mixed-replace|application\/(?:x-ndjson|stream\+json|json-seq|grpc\S*|octet-stream|zip|pdf)|(?:video|audio|image|font)\/.*)\b/i;

export const NETWORK_OPTIONS = {
  maxTotalBufferSize: MAX_BUFFER_BYTES,
  maxResourceBufferSize: MAX_BODY_BYTES,
  maxPostDataSize: MAX_BODY_BYTES,
};

export const FETCH_OPTIONS = {
  patterns: ["Document", "XHR", "Fetch"].map((resourceType) => ({
    urlPattern: "*",
    resourceType,
    requestStage: "Response",
  })),
};

export class NetworkRecorder {
  readonly #devtools: Devtools;
  readonly #tell: (recorded: RecordedExchange) => void;
  readonly #records = new Map<string, NetworkRecord>();
  readonly #sockets: SocketRecords;
  /** Ids whose last event has come, with their body. */
  readonly #finished = new Map<string, RecordedBody | null>();
  readonly #early = new Map<string, RecordedBody>();
  /** The target that each request under way is of. */
  readonly #sessions = new Map<string, string>();
  readonly #reading = new Set<Promise<void>>();
  /** When something last happened, by the clock of this process, in milliseconds. */
  #busyAtMs: number;
  readonly #nowMs: () => number;

  constructor(
    devtools: Devtools,
    options: { tell: (recorded: RecordedExchange) => void; nowMs: () => number },
  ) {
    this.#devtools = devtools;
    this.#tell = options.tell;
    this.#nowMs = options.nowMs;
    this.#busyAtMs = options.nowMs();
    this.#sockets = new SocketRecords((recorded) => this.#tell(recorded));
  }

  handle(event: DevtoolsEvent): void {
    if (event.method === "Fetch.requestPaused") return this.#track(this.#readPaused(event));
    if (!event.method.startsWith("Network.")) return;
    if (event.method.startsWith("Network.webSocket")) return this.#sockets.handle(event);
    const id = event.params["requestId"];
    if (typeof id === "string") this.#handleRequest(id, event);
  }

  /** How long nothing was under way, in milliseconds; 0 while something is. Streams do not count. */
  get quietMs(): number {
    const isBusy = this.#reading.size > 0 ||
      this.#records.values().some((record) => record.eventStream === "" && !isStream(record));
    return isBusy ? 0 : this.#nowMs() - this.#busyAtMs;
  }

  /** A target is gone: nothing more comes of its requests, and what came of them is told. */
  async forget(sessionId: string): Promise<void> {
    await Promise.allSettled(this.#reading);
    for (const record of this.#records.values()) {
      if (this.#sessions.get(record.id) === sessionId) this.#emit(record);
    }
  }

  /** Waits for bodies that are being read, then tells what never ended. */
  async finish(): Promise<void> {
    await Promise.all(this.#reading);
    for (const record of this.#records.values()) this.#emit(record);
    this.#sockets.flush();
  }

  #handleRequest(id: string, { method, params, sessionId }: DevtoolsEvent): void {
    const record = this.#records.get(id) ?? new NetworkRecord(id);
    switch (method) {
      case "Network.requestWillBeSent":
        if (!isRecorded(params)) return;
        record.sent(params);
        this.#fetchPost(record, sessionId);
        break;
      case "Network.requestWillBeSentExtraInfo":
        record.sentExtra(params);
        break;
      case "Network.responseReceived":
        record.received(params);
        break;
      case "Network.responseReceivedExtraInfo":
        record.receivedExtra(params);
        break;
      case "Network.eventSourceMessageReceived":
        record.eventStream += eventText(params);
        break;
      case "Network.loadingFinished":
      case "Network.loadingFailed":
        if (this.#records.has(id)) this.#track(this.#finish(record, method, sessionId));
        return;
      default:
        return;
    }
    this.#busyAtMs = this.#nowMs();
    this.#records.set(id, record);
    if (sessionId !== undefined) this.#sessions.set(id, sessionId);
    this.#emitIfWhole(record);
  }

  /** The body of a request that was too large for its event. */
  #fetchPost(record: NetworkRecord, sessionId: string | undefined): void {
    const hop = record.last;
    const { request } = hop ?? {};
    if (hop === undefined || request?.["hasPostData"] !== true) return;
    if (request["postData"] !== undefined || request["postDataEntries"] !== undefined) return;
    const reading = this.#devtools.attempt(
      "Network.getRequestPostData",
      { requestId: record.id },
      sessionId,
    ).then((result) => {
      if (typeof result?.["postData"] === "string") hop.laterPost = result["postData"];
    });
    this.#track(reading);
  }

  async #finish(
    record: NetworkRecord,
    method: string,
    sessionId: string | undefined,
  ): Promise<void> {
    const early = this.#early.get(record.id);
    this.#early.delete(record.id);
    const body = early ??
      (method === "Network.loadingFinished" && !isStream(record)
        ? await this.#bodyOf("Network", record.id, sessionId)
        : null);
    this.#busyAtMs = this.#nowMs();
    this.#finished.set(record.id, body);
    this.#emitIfWhole(record);
  }

  /** Reads an answer that waits for it, then lets it go on to the page. */
  async #readPaused({ params, sessionId }: DevtoolsEvent): Promise<void> {
    const { requestId, networkId } = params;
    if (typeof networkId === "string" && isReadBeforehand(params)) {
      const body = await this.#bodyOf("Fetch", String(requestId), sessionId);
      if (body !== null) this.#early.set(networkId, body);
    }
    await this.#devtools.attempt("Fetch.continueRequest", { requestId }, sessionId);
  }

  async #bodyOf(
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

  #emitIfWhole(record: NetworkRecord): void {
    if (this.#finished.has(record.id) && record.isWhole) this.#emit(record);
  }

  #emit(record: NetworkRecord): void {
    // The page may go between the body and the event that says that it was whole.
    const body = this.#finished.get(record.id) ?? this.#early.get(record.id) ?? null;
    this.#finished.delete(record.id);
    this.#early.delete(record.id);
    this.#sessions.delete(record.id);
    this.#records.delete(record.id);
    if (isRelayed(record)) return;
    const stream = record.eventStream === "" ? null : { text: record.eventStream, isBase64: false };
    for (const entry of record.entries(body ?? stream)) {
      const reading = readEntry(entry);
      if (reading.kind === "exchange") this.#tell({ exchange: reading.exchange, frames: [] });
    }
  }

  #track(work: Promise<void>): void {
    this.#reading.add(work);
    work.finally(() => this.#reading.delete(work));
  }
}

/** Only what goes over HTTP: `data:` and `blob:` do not leave the page. */
function isRecorded({ request }: DevtoolsParams): boolean {
  return isRecord(request) && /^https?:/.test(String(request["url"]));
}

/** A service worker asked the network in the page's place, and its own request is recorded. */
function isRelayed({ last }: NetworkRecord): boolean {
  return last?.response?.["fromServiceWorker"] === true &&
    last.response["serviceWorkerResponseSource"] === "network";
}

function isStream({ last }: NetworkRecord): boolean {
  return /^text\/event-stream/i.test(String(last?.response?.["mimeType"] ?? ""));
}

/** Redirects have no body; a page reads a stream while it arrives; a download is the user's. */
function isReadBeforehand(params: DevtoolsParams): boolean {
  const status = Number(params["responseStatusCode"]);
  if (!(status >= 200) || status >= 300 && status < 400 || status === 204) return false;
  const lines = Array.isArray(params["responseHeaders"]) ? params["responseHeaders"] : [];
  const headers = new Map(
    lines.filter(isRecord).map(({ name, value }) => [String(name).toLowerCase(), String(value)]),
  );
  if (Number(headers.get("content-length") ?? 0) > MAX_BODY_BYTES) return false;
  if (/^\s*attachment/i.test(headers.get("content-disposition") ?? "")) return false;
  return !UNREAD_TYPE.test(headers.get("content-type") ?? "");
}

function eventText({ eventName, eventId, data }: DevtoolsParams): string {
  const lines = String(data).split("\n").map((line) => `data: ${line}\n`).join("");
  const name = eventName === "message" || !eventName ? "" : `event: ${String(eventName)}\n`;
  return `${name}${eventId ? `id: ${String(eventId)}\n` : ""}${lines}\n`;
}
