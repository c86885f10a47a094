/**
 * Imports recordings into an app, all of them or none. Files are read and checked first; only then is
 * the app created and one transaction opened.
 */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import type { OddEntry } from "../capture/capture_format.ts";
import { authMarks } from "../capture/marks.ts";
import { noiseReason } from "../capture/noise.ts";
import { type CaptureReading, readCapture, readCaptureBytes } from "../capture/read_capture.ts";
import { isChrome } from "../capture/sanitised.ts";
import type { Exchange } from "../http/exchange.ts";
import { openHome } from "../store/home.ts";
import { type CaptureInfo, type NewTrace, TraceStore } from "../store/trace_store.ts";
import { describeApp } from "./describe_app.ts";

const CHROME_HINT =
  'In DevTools, switch on Settings > Preferences > Network > "Allow to generate HAR with sensitive ' +
  'data", then hold the export button of the Network panel and choose "Export HAR (with sensitive data)"';
const OTHER_HINT = "Import the recording itself rather than a copy with its values replaced";

export interface ImportCaptureInput {
  readonly app: string;
  /** Recordings, or folders of them; `-` for `stdin`. */
  readonly files: readonly string[];
  /** What stands for `-`. */
  readonly stdin?: Uint8Array;
  /** Import recordings whose credentials were left out. Default: false. */
  readonly allowSanitised?: boolean;
}

export interface ImportCaptureOutput {
  readonly app: string;
  /** True when the app was not known before. */
  readonly created: boolean;
  /** One per file, in the order given. */
  readonly captures: readonly ImportedFile[];
}

export interface ImportedFile {
  readonly file: string;
  /** A duplicate has the same SHA-256 as a capture of the app; `capture` is that one. */
  readonly status: "imported" | "duplicate";
  readonly capture: CaptureInfo;
  /** Reasons for which entries were skipped, with their number. */
  readonly skipped: Readonly<Record<string, number>>;
  /** What could not be used in entries that were read all the same, with their number. */
  readonly repaired: Readonly<Record<string, number>>;
  /** Origins whose credentials the recorder left out. */
  readonly sanitisedOrigins: readonly string[];
  /** What a source of this kind never holds: `answers`, `the order of requests`. */
  readonly lacks: readonly string[];
}

/**
 * @throws {AppError} `BAD_INPUT` naming the file that is not a recording, or for a recording without credentials;
 *   `NOT_FOUND` for a file that is not there; `USAGE` for a malformed app name.
 */
export async function importCapture(
  ctx: Context,
  input: ImportCaptureInput,
): Promise<ImportCaptureOutput> {
  const home = openHome(ctx);
  const storePath = home.appFile(input.app, "captures.db");
  const readings = input.files.flatMap(expandFolder).map((path) =>
    path === "-" ? readCaptureBytes(input.stdin ?? new Uint8Array(), "stdin") : readCapture(path)
  );
  if (!input.allowSanitised) readings.forEach(refuseSanitised);
  using store = TraceStore.open(storePath);
  const captures = addAll(store, readings, new Date(ctx.clock.nowMs()).toISOString());
  const created = await describeApp(ctx, home, input.app, store);
  return { app: input.app, created, captures };
}

/** Endings of recordings, and those that recordings share with other files: read where there is nothing else. */
const RECORDING = /\.(?:har|chlsj|flows|mitm|curl)$/i;
const SHARED = /\.(?:zip|sh|json|xml)$/i;

/** A folder stands for the recordings in it, in the order of their names. */
function expandFolder(path: string): string[] {
  if (path === "-") return [path];
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path];
  const all = readdirSync(path).sort();
  const recordings = all.filter((name) => RECORDING.test(name));
  const names = recordings.length > 0 ? recordings : all.filter((name) => SHARED.test(name));
  if (names.length > 0) return names.map((name) => join(path, name));
  throw new AppError("NOT_FOUND", `The folder "${path}" holds no recording`, {
    hint: "Give the path of a HAR file or of a folder that holds some",
    details: { file: path },
  });
}

function refuseSanitised({ file, sanitised, sanitisedOrigins, creator }: CaptureReading): void {
  if (!sanitised) return;
  throw new AppError(
    "BAD_INPUT",
    `"${file}" was exported without credentials (${sanitisedOrigins.join(", ")}): ` +
      "there is no login to learn from",
    {
      hint: `${isChrome(creator) ? CHROME_HINT : OTHER_HINT}. ` +
        "To import the file as it is: --allow-sanitised",
      details: { file, creator, origins: sanitisedOrigins },
    },
  );
}

function addAll(
  store: TraceStore,
  readings: readonly CaptureReading[],
  importedAt: string,
): ImportedFile[] {
  const results = store.addCaptures(readings.map((reading) => ({
    meta: {
      file: reading.file,
      sha256: reading.sha256,
      importedAt,
      creator: reading.creator,
      skipped: reading.skipped.length,
      sanitised: reading.sanitised,
    },
    exchanges: marked(reading.exchanges()),
  })));
  return results.map(({ capture, added }, index) => ({
    file: readings[index]!.file,
    status: added ? "imported" : "duplicate",
    capture,
    skipped: countReasons(readings[index]!.skipped),
    repaired: countReasons(readings[index]!.repaired),
    sanitisedOrigins: readings[index]!.sanitisedOrigins,
    lacks: readings[index]!.lacks,
  }));
}

function* marked(exchanges: Iterable<Exchange>): Generator<NewTrace> {
  for (const exchange of exchanges) {
    yield { ...exchange, marks: authMarks(exchange), noise: noiseReason(exchange) };
  }
}

function countReasons(entries: readonly OddEntry[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { reason } of entries) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
