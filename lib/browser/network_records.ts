/**
 * Puts the events of the Network domain together into exchanges. A request and its redirects share an id; what
 * really went over the wire, cookies among it, comes in `ExtraInfo` events of its own, in the order of the
 * requests but before or after the event it belongs to.
 */
import { concatBytes } from "../base/bytes.ts";
import { isRecord } from "../base/json.ts";
import type { DevtoolsParams } from "./devtools.ts";

/** A body as DevTools gives it: text, or bytes in base64. */
export interface RecordedBody {
  readonly text: string;
  readonly isBase64: boolean;
}

export interface Hop {
  readonly request: DevtoolsParams;
  /** Of a request whose body is not in its event: it is large, or of a file or a blob. */
  laterPost?: RecordedBody;
  /** Seconds since the Unix epoch. */
  readonly wallTimeSec: number;
  response: DevtoolsParams | null;
  hasExtraInfo: boolean;
}

interface ExtraInfo {
  readonly headers: DevtoolsParams;
  readonly status: number | null;
}

/** One request, from its first event to its last. */
export class NetworkRecord {
  readonly id: string;
  readonly hops: Hop[] = [];
  /** The text of an event stream so far (HTML standard section 9.2.5), as far as it is kept. */
  eventStream = "";
  /** Bytes of the answer so far, without its content coding. */
  answerBytes = 0;
  /** When it was last heard of, the pieces of its answer aside, by the clock of this process, in milliseconds. */
  heardAtMs = 0;
  #requestExtras: ExtraInfo[] = [];
  #responseExtras: ExtraInfo[] = [];

  constructor(id: string) {
    this.id = id;
  }

  get last(): Hop | undefined {
    return this.hops.at(-1);
  }

  /** `Network.requestWillBeSent`: the first request, or the next one of a chain of redirects. */
  sent(params: DevtoolsParams): void {
    const before = this.last;
    if (isRecord(params["redirectResponse"]) && before !== undefined) {
      before.response = params["redirectResponse"];
      before.hasExtraInfo = params["redirectHasExtraInfo"] === true;
    } else if (before !== undefined) {
      // A second session tells of the same request: the parent of a frame, or of a worker.
      return;
    }
    if (!isRecord(params["request"])) return;
    this.hops.push({
      request: params["request"],
      wallTimeSec: Number(params["wallTime"]),
      response: null,
      hasExtraInfo: false,
    });
  }

  received(params: DevtoolsParams): void {
    if (this.last === undefined || !isRecord(params["response"])) return;
    this.last.response = params["response"];
    this.last.hasExtraInfo = params["hasExtraInfo"] === true;
  }

  sentExtra(params: DevtoolsParams): void {
    if (isRecord(params["headers"])) {
      this.#requestExtras.push({ headers: params["headers"], status: null });
    }
  }

  receivedExtra(params: DevtoolsParams): void {
    if (isRecord(params["headers"])) {
      const status = typeof params["statusCode"] === "number" ? params["statusCode"] : null;
      this.#responseExtras.push({ headers: params["headers"], status });
    }
  }

  /** True when no event is missing that was announced. */
  get isWhole(): boolean {
    const announced = this.hops.filter(({ hasExtraInfo }) => hasExtraInfo).length;
    return this.#responseExtras.length >= announced;
  }

  /** HAR entries of the chain, in its order; `body` is that of the last answer. */
  entries(body: RecordedBody | null): DevtoolsParams[] {
    const sent = [...this.#requestExtras];
    const received = [...this.#responseExtras];
    return this.hops.flatMap((hop, index) => {
      const entries: DevtoolsParams[] = [];
      // The network answers a challenge by itself and tells of the second answer alone.
      while (hop.hasExtraInfo && isChallenge(received, hop)) {
        const challenge = received.shift()!;
        entries.push(harEntry(hop, sent.shift(), {
          response: { status: challenge.status, headers: challenge.headers },
          extra: challenge,
          body: null,
        }));
      }
      const isOnWire = hop.hasExtraInfo || hop.response === null;
      entries.push(harEntry(hop, isOnWire ? sent.shift() : undefined, {
        response: hop.response,
        extra: hop.hasExtraInfo ? received.shift() : undefined,
        body: index === this.hops.length - 1 ? body : null,
      }));
      return entries;
    });
  }
}

export function isEventStream({ last }: NetworkRecord): boolean {
  return /^text\/event-stream/i.test(String(last?.response?.["mimeType"] ?? ""));
}

function isChallenge(received: readonly ExtraInfo[], hop: Hop): boolean {
  const status = received[0]?.status;
  return received.length > 1 && (status === 401 || status === 407) &&
    status !== hop.response?.["status"];
}

interface Answer {
  readonly response: DevtoolsParams | null;
  readonly extra: ExtraInfo | undefined;
  readonly body: RecordedBody | null;
}

function harEntry(hop: Hop, sent: ExtraInfo | undefined, answer: Answer): DevtoolsParams {
  const { request } = hop;
  const post = postedBytes(hop);
  return {
    startedDateTime: isoTime(hop.wallTimeSec),
    request: {
      method: request["method"],
      url: request["url"],
      headers: headerLines(sent?.headers ?? request["headers"]),
      ...post === null ? {} : { postData: { text: post.toBase64(), encoding: "base64" } },
    },
    response: answer.response === null ? null : harResponse(answer.response, answer),
  };
}

function harResponse(response: DevtoolsParams, { extra, body }: Answer): DevtoolsParams {
  // A 304 revalidates what the cache holds: status and headers are the cache's, cookies are the answer's.
  const isRevalidated = extra?.status === 304 && response["status"] !== 304;
  const headers = isRevalidated
    ? [...headerLines(response["headers"]), ...headerLines(extra.headers).filter(isSetCookie)]
    : headerLines(extra?.headers ?? response["headers"]);
  return {
    status: response["status"],
    headers,
    content: body === null ? { size: -1 } : {
      size: body.text.length,
      text: body.text,
      ...body.isBase64 ? { encoding: "base64" } : {},
    },
  };
}

function isSetCookie({ name }: { readonly name: string }): boolean {
  return name.toLowerCase() === "set-cookie";
}

/** Repeated headers come joined by a newline. */
function headerLines(headers: unknown): { name: string; value: string }[] {
  if (!isRecord(headers)) return [];
  return Object.entries(headers).flatMap(([name, value]) =>
    String(value).split("\n").map((line) => ({ name, value: line }))
  );
}

/** Sent bytes; a part that is a file has none. */
function postedBytes({ request, laterPost }: Hop): Uint8Array | null {
  const entries = request["postDataEntries"];
  const parts = Array.isArray(entries)
    ? entries.flatMap((entry) =>
      isRecord(entry) && typeof entry["bytes"] === "string"
        ? [Uint8Array.fromBase64(entry["bytes"])]
        : []
    )
    : [];
  if (parts.length > 0) return concatBytes(parts);
  if (laterPost?.isBase64) return Uint8Array.fromBase64(laterPost.text);
  const text = request["postData"] ?? laterPost?.text;
  return typeof text === "string" ? new TextEncoder().encode(text) : null;
}

/** With microseconds: they tell requests of one millisecond apart. */
function isoTime(wallTimeSec: number): string {
  const us = Math.round(wallTimeSec * 1e6);
  const ms = Math.floor(us / 1000);
  return new Date(ms).toISOString().replace("Z", `${String(us % 1000).padStart(3, "0")}Z`);
}
