/** Tells what a file is that is neither HAR nor flows of mitmproxy, and reads it. */
import { NO_TIME } from "../time_order.ts";
import type { CaptureScan, EntryReading, OddEntry } from "../capture_format.ts";
import { readEntry } from "../har_entry.ts";
import { InputProblem } from "../input_error.ts";
import { asUtf8 } from "../text_encoding.ts";
import { readBurp } from "./burp.ts";
import { readCurl } from "./curl.ts";
import type { ForeignSource } from "./foreign_source.ts";
import { readBundle } from "./bundle.ts";
import { readJsonSource, readYamlSource } from "./json_sources.ts";
import { filesInZip, isZip } from "./zip.ts";

/** Requests without a time of their own are one second apart, in the order of the file. */
const STEP_MS = 1_000;

export function* scanForeign(source: ForeignSource, size: number): CaptureScan {
  const readings = source.entries.map(readEntry);
  const odd = (wanted: (reading: EntryReading) => readonly string[]): OddEntry[] =>
    readings.flatMap((reading, index) =>
      wanted(reading).map((reason) => ({ entry: index + 1, reason }))
    );
  const found = readings.filter((reading) => reading.kind === "exchange");
  if (found.length === 0 && source.hint !== undefined) {
    throw new InputProblem("", "it holds no request that can be read", source.hint);
  }
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
        ? reading.repairs.filter((repair) => isTimed || repair !== NO_TIME)
        : []
    ),
    sanitised: false,
    sanitisedOrigins: [],
  };
}

/**
 * `null` for HAR, flows and everything that is not known.
 *
 * @throws {InputProblem} for a file that cannot be read: a damaged zip, another archive.
 */
export function readForeign(bytes: Uint8Array): ForeignSource | null {
  if (isZip(bytes)) return readBundle(filesInZip(bytes), "zip");
  const text = decoded(asUtf8(bytes));
  switch (/\S/.exec(text)?.[0]) {
    case "<":
      return readBurp(text);
    case "[":
    case "{":
      return readJsonSource(text);
    default:
      return readYamlSource(text) ?? readCurl(text);
  }
}

/** True for a command line or one exchange: many such files are one recording. */
export function isPiece({ creator, entries }: ForeignSource): boolean {
  return entries.length === 1 || / command lines$/.test(creator);
}

/** True for what is read together where one of the files is an environment: it, and the collections it is for. */
export function usesValues({ values, withValues }: ForeignSource): boolean {
  return values !== undefined || withValues !== undefined;
}

/** A HAR begins with its log, and may be large: it is not parsed to see that it is one. */
export function startsLikeHar(head: Uint8Array): boolean {
  return /^\s*\{\s*"log"/.test(decoded(head));
}

function decoded(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
