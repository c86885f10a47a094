/**
 * Turns the network events of all targets into exchanges, each told as soon as it is whole. Requests are known
 * by their id over all targets: a navigation may begin in one process and end in another.
 */
import { isRecord } from "../base/json.ts";
import { readEntry } from "../capture/har_entry.ts";
import { AnswerBodies, MAX_BODY_BYTES } from "./answer_bodies.ts";
import type { Devtools, DevtoolsEvent, DevtoolsParams } from "./devtools.ts";
import { isEventStream, NetworkRecord, type RecordedBody } from "./network_records.ts";
import type { RecordedExchange } from "./recorded_exchange.ts";
import { SocketRecords } from "./socket_records.ts";

/** Bodies the browser keeps until they are asked for, in bytes. */
const MAX_BUFFER_BYTES = 256 * 1024 * 1024;
/**
 * How long a request, and an answer that is told as it arrives, count as something that a page waits for, in
 * milliseconds: pages hold requests open until there is news, and streams without end.
 */
const MAX_PENDING_MS = 5_000;
const MAX_STREAMING_MS = 2_000;
/** How long the end waits for what is being read: a document may arrive without end. */
const MAX_LAST_READ_MS = 3_000;
const MAX_LAST_ANSWER_MS = 1_500;
const LOOK_EVERY_MS = 50;

export const NETWORK_OPTIONS = {
  maxTotalBufferSize: MAX_BUFFER_BYTES,
  maxResourceBufferSize: MAX_BODY_BYTES,
  maxPostDataSize: MAX_BODY_BYTES,
};

/**
 * Answers that wait until they are read. The question for a password that follows a synchronous XMLHttpRequest comes
 * to whoever holds the request itself, and else to nobody: the page stands still.
 */
export function fetchOptions({ unattended }: { readonly unattended: boolean }): DevtoolsParams {
  const answers = ["Document", "XHR", "Fetch"].map((type) => pausedAt("Response", type));
  return unattended
    ? { patterns: [...answers, pausedAt("Request", "XHR")], handleAuthRequests: true }
    : { patterns: answers };
}

/** https://chromedevtools.github.io/devtools-protocol/tot/Fetch/#type-RequestPattern */
function pausedAt(requestStage: "Request" | "Response", resourceType: string): DevtoolsParams {
  return { urlPattern: "*", resourceType, requestStage };
}

export class NetworkRecorder {
  readonly #devtools: Devtools;
  readonly #tell: (recorded: RecordedExchange) => void;
  readonly #records = new Map<string, NetworkRecord>();
  readonly #sockets: SocketRecords;
  readonly #bodies: AnswerBodies;
  /** Ids whose last event has come, with their body. */
  readonly #finished = new Map<string, RecordedBody | null>();
  /** The target that each request under way is of. */
  readonly #sessions = new Map<string, string>();
  readonly #reading = new Set<Promise<void>>();
  /** Ids of what was told: a second session of the same worker may still tell of it. */
  readonly #told = new Set<string>();
  /** Bodies of requests that are being asked for, by the request. */
  readonly #posts = new Map<string, Promise<void>>();
  /** When something last happened, by the clock of this process, in milliseconds. */
  #busyAtMs: number;
  readonly #nowMs: () => number;

  constructor(
    devtools: Devtools,
    options: { tell: (recorded: RecordedExchange) => void; nowMs: () => number },
  ) {
    this.#devtools = devtools;
    this.#bodies = new AnswerBodies(devtools);
    this.#tell = options.tell;
    this.#nowMs = options.nowMs;
    this.#busyAtMs = options.nowMs();
    this.#sockets = new SocketRecords((recorded) => this.#tell(recorded));
  }

  handle(event: DevtoolsEvent): void {
    const { method, params } = event;
    if (method === "Fetch.requestPaused") {
      const sender = this.#sessions.get(String(params["networkId"]));
      return this.#track(this.#bodies.readPaused(event, sender));
    }
    if (!method.startsWith("Network.")) return;
    if (method.startsWith("Network.webSocket")) return this.#sockets.handle(event);
    const id = params["requestId"];
    if (typeof id === "string" && !this.#told.has(id)) this.#handleRequest(id, event);
  }

  /** How long nothing was under way that ends soon, in milliseconds; 0 while something is. */
  get quietMs(): number {
    const now = this.#nowMs();
    return this.#records.values().some((record) => this.#isBusy(record, now))
      ? 0
      : now - this.#busyAtMs;
  }

  /** A target is gone: nothing more comes of its requests, and what came of them is told. */
  async forget(sessionId: string): Promise<void> {
    await within(MAX_LAST_READ_MS, Promise.allSettled(this.#reading));
    const left = this.#records.values().filter(({ id }) => this.#sessions.get(id) === sessionId);
    await Promise.all(left.map((record) => this.#emitUnfinished(record)));
  }

  /** Waits for answers that are on their way and for bodies that are being read, then tells what never ended. */
  async finish(): Promise<void> {
    for (let waited = 0; this.#devtools.isOpen && this.quietMs === 0; waited += LOOK_EVERY_MS) {
      if (waited >= MAX_LAST_ANSWER_MS) break;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    await within(MAX_LAST_READ_MS, Promise.allSettled(this.#reading));
    await Promise.all(this.#records.values().map((record) => this.#emitUnfinished(record)));
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
        if (record.eventStream.length < MAX_BODY_BYTES) record.eventStream += eventText(params);
        return;
      case "Network.dataReceived":
        record.answerBytes += Number(params["dataLength"]);
        this.#bodies.take(id, params);
        return;
      case "Network.loadingFinished":
      case "Network.loadingFailed":
        if (this.#records.has(id)) this.#track(this.#finish(record, method, sessionId));
        return;
      default:
        return;
    }
    record.heardAtMs = this.#busyAtMs = this.#nowMs();
    this.#records.set(id, record);
    if (sessionId !== undefined) this.#sessions.set(id, sessionId);
    this.#emitIfWhole(record);
  }

  #isBusy(record: NetworkRecord, now: number): boolean {
    if (isEventStream(record)) return false;
    const isStreaming = this.#bodies.isStreamed(record.id) && record.last?.response != null;
    return now - record.heardAtMs < (isStreaming ? MAX_STREAMING_MS : MAX_PENDING_MS);
  }

  /** The body of a request that is not in its event. */
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
      const text = result?.["postData"];
      if (typeof text !== "string") return;
      hop.laterPost = { text, isBase64: result?.["base64Encoded"] === true };
    });
    this.#posts.set(record.id, reading);
    this.#track(reading);
  }

  async #finish(
    record: NetworkRecord,
    method: string,
    sessionId: string | undefined,
  ): Promise<void> {
    const body = method === "Network.loadingFinished"
      ? await this.#bodies.arrived(record, sessionId)
      : await this.#bodies.known(record);
    await this.#posts.get(record.id);
    // Both sessions of a worker tell of the end.
    if (this.#told.has(record.id)) return;
    this.#busyAtMs = this.#nowMs();
    this.#finished.set(record.id, body);
    this.#emitIfWhole(record);
  }

  #emitIfWhole(record: NetworkRecord): void {
    const body = this.#finished.get(record.id);
    if (body !== undefined && record.isWhole) this.#emit(record, body);
  }

  /** The page may go between the body and the event that says that it was whole. */
  async #emitUnfinished(record: NetworkRecord): Promise<void> {
    const body = this.#finished.get(record.id) ?? await this.#bodies.known(record);
    if (this.#records.has(record.id)) this.#emit(record, body);
  }

  #emit(record: NetworkRecord, body: RecordedBody | null): void {
    for (const known of [this.#finished, this.#sessions, this.#records, this.#posts]) {
      known.delete(record.id);
    }
    this.#bodies.forget(record.id);
    if (record.last === undefined) return;
    this.#told.add(record.id);
    if (isRelayed(record)) return;
    const isTooLarge = body === null && record.answerBytes > MAX_BODY_BYTES;
    for (const entry of record.entries(body)) {
      const reading = readEntry(entry);
      if (reading.kind === "exchange") {
        this.#tell({ exchange: reading.exchange, frames: [], isTooLarge });
      }
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

function eventText({ eventName, eventId, data }: DevtoolsParams): string {
  const lines = String(data).split("\n").map((line) => `data: ${line}\n`).join("");
  const name = eventName === "message" || !eventName ? "" : `event: ${String(eventName)}\n`;
  return `${name}${eventId ? `id: ${String(eventId)}\n` : ""}${lines}\n`;
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, ms);
  await Promise.race([work, late.promise]);
  clearTimeout(timer);
}
