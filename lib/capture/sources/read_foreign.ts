/** Tells what a file is that is neither HAR nor flows of mitmproxy, and reads it. */
import type { CaptureScan, EntryReading, OddEntry } from "../capture_format.ts";
import { readEntry } from "../har_entry.ts";
import { readBurp } from "./burp.ts";
import { readCurl } from "./curl.ts";
import type { ForeignSource } from "./foreign_source.ts";
import { readJsonSource } from "./json_sources.ts";
import { isZip } from "./zip.ts";
import { readZip } from "./zip_source.ts";

/** Requests without a time of their own are one second apart, in the order of the file. */
const STEP_MS = 1_000;

/**
 * `null` for HAR, flows and everything that is not known.
 *
 * @throws {InputProblem} for a zip that cannot be read.
 */
export function scanForeign(bytes: Uint8Array): CaptureScan | null {
  const source = sourceOf(bytes);
  return source === null ? null : scanEntries(source, bytes.length);
}

function* scanEntries(source: ForeignSource, size: number): CaptureScan {
  const readings = source.entries.map(readEntry);
  const odd = (wanted: (reading: EntryReading) => readonly string[]): OddEntry[] =>
    readings.flatMap((reading, index) =>
      wanted(reading).map((reason) => ({ entry: index + 1, reason }))
    );
  const found = readings.filter((reading) => reading.kind === "exchange");
  const isTimed = found.some(({ startedAtMs }) => startedAtMs !== null);
  for (const [index, { exchange, startedAtMs }] of found.entries()) {
    const ms = isTimed ? startedAtMs : index * STEP_MS;
    yield { exchange, startedAtMs: ms, endOffset: size * (index + 1) / found.length };
  }
  return {
    creator: source.creator,
    lacks: source.lacks,
    skipped: odd((reading) => reading.kind === "skipped" ? [reading.reason] : []),
    // That these have no time is said of the source as a whole.
    repaired: odd((reading) =>
      reading.kind === "exchange"
        ? reading.repairs.filter((repair) => isTimed || repair !== "without a time")
        : []
    ),
    sanitised: false,
    sanitisedOrigins: [],
  };
}

function sourceOf(bytes: Uint8Array): ForeignSource | null {
  if (isZip(bytes)) return readZip(bytes);
  const first = firstSign(bytes);
  if (first === "<") return readBurp(decoded(bytes));
  if (first === "c" || first === "$" || first === "I" || first === "i") {
    return readCurl(decoded(bytes));
  }
  return first === "[" || first === "{" ? readJsonSource(decoded(bytes)) : null;
}

/** A HAR begins with its log, and may be large: it is not parsed to see that it is one. */
export function startsLikeHar(head: Uint8Array): boolean {
  return /^\s*\{\s*"log"/.test(decoded(head));
}

function firstSign(bytes: Uint8Array): string {
  return /\S/.exec(decoded(bytes.subarray(0, 200)))?.[0] ?? "";
}

function decoded(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
