/**
 * HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/) as browsers, proxies and test drivers write it.
 * Entries are parsed one at a time, so a recording may be larger than the longest string or than memory.
 */
import { isRecord, parseJson } from "../base/json.ts";
import type { Exchange } from "../http/exchange.ts";
import { type ByteSource, memorySource } from "./byte_source.ts";
import { readEntry } from "./har_entry.ts";
import { entryPlace, InputProblem, naming } from "./input_error.ts";
import { JsonCursor, type Span } from "./json_cursor.ts";
import { CredentialWitness } from "./sanitised.ts";
import { asUtf8 } from "./text_encoding.ts";

/** What is known about a recording once every entry was looked at. */
export interface HarSummary {
  /** Name and version of the recorder, `"unknown"` when the file does not say. */
  readonly creator: string;
  readonly skipped: readonly SkippedEntry[];
  /** True when the recorder left the credentials out. */
  readonly sanitised: boolean;
}

export interface HarReading extends HarSummary {
  /** In time order; entries of the same time in the order of the file. */
  readonly exchanges: readonly Exchange[];
}

/** An entry that is no HTTP exchange. */
export interface SkippedEntry {
  /** Counted from 1. */
  readonly entry: number;
  readonly reason: string;
}

/**
 * Reads a whole recording.
 *
 * @throws {AppError} `BAD_INPUT` naming file, entry and field.
 */
export function readHar(bytes: Uint8Array, fileName: string): HarReading {
  return naming(fileName, () => {
    const exchanges: Exchange[] = [];
    const summary = scanHar(memorySource(asUtf8(bytes)), (exchange) => exchanges.push(exchange));
    exchanges.sort((a, b) => a.startedAtMs - b.startedAtMs);
    return { ...summary, exchanges };
  });
}

/**
 * Visits every exchange of a recording in the order of the file.
 *
 * @throws {InputProblem} naming entry and field.
 */
export function scanHar(
  source: ByteSource,
  visit: (exchange: Exchange, span: Span, index: number) => void,
): HarSummary {
  const skipped: SkippedEntry[] = [];
  const witness = new CredentialWitness();
  const outline = walkOutline(source, (span, index) => {
    const reading = readEntry(parseEntry(source, span, index), index);
    if (reading.kind === "skipped") {
      skipped.push({ entry: index + 1, reason: reading.reason });
      return;
    }
    witness.observe(reading.exchange);
    visit(reading.exchange, span, index);
  });
  return { creator: outline.creator, skipped, sanitised: witness.isSanitised(outline.creator) };
}

/** @throws {InputProblem} when the span is no JSON. */
export function parseEntry(source: ByteSource, span: Span, index: number): unknown {
  const text = new TextDecoder().decode(source.read(span.start, span.end - span.start));
  const value = parseJson(text);
  if (value !== undefined) return value;
  throw new InputProblem(entryPlace(index), `entry ${index + 1} is not JSON`);
}

/** Finds `log.creator` and the elements of `log.entries`, wherever they stand. */
function walkOutline(
  source: ByteSource,
  onEntry: (span: Span, index: number) => void,
): { creator: string } {
  const cursor = new JsonCursor(source);
  let creator = "unknown";
  let hasLog = false;
  let hasEntries = false;
  const inLog = (key: string): boolean => {
    if (key === "creator") creator = creatorOf(source, cursor.skipValue()) ?? creator;
    else if (key === "entries") {
      hasEntries = true;
      let index = 0;
      for (const span of cursor.elements("log.entries")) onEntry(span, index++);
    } else return false;
    return true;
  };
  cursor.members("", (key) => {
    if (key !== "log") return false;
    hasLog = true;
    cursor.members("log", inLog);
    return true;
  });
  cursor.expectEnd();
  if (!hasLog) throw new InputProblem("log", 'it is no HAR: "log" is missing');
  if (!hasEntries) throw new InputProblem("log.entries", '"log.entries" is missing');
  return { creator };
}

function creatorOf(source: ByteSource, span: Span): string | null {
  const text = new TextDecoder().decode(source.read(span.start, span.end - span.start));
  const creator = parseJson(text);
  if (!isRecord(creator) || typeof creator["name"] !== "string") return null;
  return [creator["name"], creator["version"]].filter((part) => typeof part === "string").join(" ");
}
