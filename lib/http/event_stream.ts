/**
 * Answers whose items come one by one: server-sent events (HTML standard section 9.2), JSON lines, and text
 * sequences of JSON (RFC 7464). Pure: bytes in, items out, whatever way the bytes are cut.
 */
import { type JsonValue, parseJson } from "../base/json.ts";

export interface StreamItem {
  /** The type of an event; `null` where the server named none, and for JSON lines. */
  readonly event: string | null;
  readonly id: string | null;
  readonly text: string;
  /** `undefined` for a text that is not JSON. */
  readonly json: JsonValue | undefined;
}

/** Of one item, in UTF-16 units: a stream has no end, its items have. */
const MAX_ITEM_LENGTH = 16 * 1024 * 1024;

export function isStreamType(mediaType: string): boolean {
  return mediaType === "text/event-stream" ||
    /^application\/(x-ndjson|ndjson|jsonl|x-jsonlines|jsonlines|stream\+json|json-seq)$|\+json-seq$/
      .test(mediaType);
}

/** Reads a stream of one media type. @throws {RangeError} for an item that does not come to an end. */
export class StreamReader {
  readonly #decoder = new TextDecoder();
  readonly #isEvents: boolean;
  readonly #separator: RegExp | string;
  #rest = "";
  #isBehindCr = false;
  #data: string[] = [];
  #event = "";
  #id: string | null = null;

  constructor(mediaType: string) {
    this.#isEvents = mediaType === "text/event-stream";
    this.#separator = /json-seq$/.test(mediaType) ? "\x1e" : /\r\n|\r|\n/;
  }

  /** The items that are whole with these bytes. */
  push(bytes: Uint8Array): StreamItem[] {
    return this.#read(this.#decoder.decode(bytes, { stream: true }), false);
  }

  /** What is left when the stream ends. An event without its blank line was cut off, and is none. */
  end(): StreamItem[] {
    return this.#read(this.#decoder.decode(), true);
  }

  #read(text: string, isEnd: boolean): StreamItem[] {
    // A CR ends its line at once: what follows may take long to come, and a LF then belongs to it.
    const all = this.#rest + (this.#isBehindCr && text.startsWith("\n") ? text.slice(1) : text);
    if (text !== "") this.#isBehindCr = text.endsWith("\r");
    const lines = all.split(this.#separator);
    this.#rest = isEnd ? "" : lines.pop() ?? "";
    const held = this.#data.reduce((sum, data) => sum + data.length, this.#rest.length);
    if (held > MAX_ITEM_LENGTH) throw new RangeError("An item of the stream is too long");
    return lines.flatMap((line) => this.#isEvents ? this.#line(line) : plainItem(line));
  }

  #line(line: string): StreamItem[] {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "data") this.#data.push(value);
    if (name === "event") this.#event = value;
    if (name === "id" && !value.includes("\0")) this.#id = value;
    return [];
  }

  #dispatch(): StreamItem[] {
    const [data, event] = [this.#data, this.#event];
    this.#data = [];
    this.#event = "";
    if (data.length === 0) return [];
    const text = data.join("\n");
    return [{ event: event === "" ? null : event, id: this.#id, text, json: parseJson(text) }];
  }
}

function plainItem(line: string): StreamItem[] {
  const text = line.trim();
  return text === "" ? [] : [{ event: null, id: null, text, json: parseJson(text) }];
}
