/**
 * HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/) as browsers, proxies and test drivers write it.
 * Entries are parsed one at a time, so a recording may be larger than the longest string or than memory.
 */
import { isRecord, parseJson } from "../base/json.ts";
import type { Exchange } from "../http/exchange.ts";
import { type ByteSource, memorySource, type Span } from "./byte_source.ts";
import { type CaptureFormat, type CaptureSummary, readExchanges } from "./capture_format.ts";
import { readEntry } from "./har_entry.ts";
import { InputProblem, naming } from "./input_error.ts";
import { JsonCursor } from "./json_cursor.ts";
import { asUtf8 } from "./text_encoding.ts";

export interface HarReading extends CaptureSummary {
  /** In time order; entries of the same time in the order of the file. */
  readonly exchanges: readonly Exchange[];
}

export const HAR_FORMAT: CaptureFormat = {
  outline: walkOutline,
  readEntry(source, span) {
    const value = parseJson(textOf(source, span));
    return value === undefined ? { kind: "skipped", reason: "not JSON" } : readEntry(value);
  },
};

/**
 * Reads a whole recording.
 *
 * @throws {AppError} `BAD_INPUT` naming the file, when it is not a HAR at all.
 */
export function readHar(bytes: Uint8Array, fileName: string): HarReading {
  return naming(fileName, () => {
    return readExchanges(HAR_FORMAT, memorySource(asUtf8(bytes)));
  });
}

/** Finds `log.creator` and the elements of `log.entries`, wherever they stand. */
function* walkOutline(source: ByteSource): Generator<Span, { creator: string }> {
  const cursor = new JsonCursor(source);
  let creator = "unknown";
  let hasLog = false;
  let hasEntries = false;
  for (const key of cursor.members("")) {
    if (key !== "log") continue;
    hasLog = true;
    for (const inner of cursor.members("log")) {
      if (inner === "creator") creator = creatorOf(source, cursor.skipValue()) ?? creator;
      if (inner !== "entries") continue;
      hasEntries = true;
      yield* cursor.elements("log.entries");
    }
  }
  cursor.expectEnd();
  if (!hasLog) throw new InputProblem("log", 'it is not a HAR: "log" is missing');
  if (!hasEntries) throw new InputProblem("log.entries", '"log.entries" is missing');
  return { creator };
}

function creatorOf(source: ByteSource, span: Span): string | null {
  const creator = parseJson(textOf(source, span));
  if (!isRecord(creator) || typeof creator["name"] !== "string") return null;
  return [creator["name"], creator["version"]].filter((part) => typeof part === "string").join(" ");
}

const UTF8 = new TextDecoder();

function textOf(source: ByteSource, span: Span): string {
  return UTF8.decode(source.read(span.start, span.end - span.start));
}
