/**
 * Imports recordings into an app, all of them or none: they are read and stored in one go, one exchange in
 * memory at a time, inside a transaction that whatever goes wrong takes back, Ctrl-C included.
 */
import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { Pace } from "../base/pace.ts";
import type { OddEntry, ScanSummary } from "../capture/capture_format.ts";
import { type CaptureSource, nothingRecorded } from "../capture/capture_source.ts";
import { findSources } from "../capture/find_sources.ts";
import { authMarks } from "../capture/marks.ts";
import { noiseReason } from "../capture/noise.ts";
import { isChrome } from "../capture/sanitised.ts";
import type { CaptureWriter } from "../store/capture_writer.ts";
import { openHome } from "../store/home.ts";
import { type CaptureInfo, TraceStore } from "../store/trace_store.ts";
import { describeApp } from "./describe_app.ts";
import { joinImported, type WhyApart } from "./join_imported.ts";

const CHROME_HINT =
  'In DevTools, switch on Settings > Preferences > Network > "Allow to generate HAR with sensitive ' +
  'data", then hold the export button of the Network panel and choose "Export HAR (with sensitive data)"';
const OTHER_HINT = "Import the recording itself rather than a copy with its values replaced";

/** Taking in a chunk of a megabyte takes a few milliseconds. */
const WEIGHT_OF_A_CHUNK = 8;

export interface ImportCaptureInput {
  readonly app: string;
  /** Recordings, or folders of them; `-` for `stdin`. */
  readonly files: readonly string[];
  /** What stands for `-`. */
  readonly stdin?: Uint8Array;
  /** Import recordings whose credentials were left out. Default: false. */
  readonly allowSanitised?: boolean;
  /** Take the bodies out of the store once `auth analyze` has proven the login. Default: false. */
  readonly forgetBodies?: boolean;
  /** Called now and then while a file is read, with the part of it that was, 0 to 1. */
  readonly onProgress?: (file: string, part: number) => void;
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
  /** A duplicate has the same SHA-256 as a file that was imported before; `capture` is that one's. */
  readonly status: "imported" | "duplicate";
  /** The recording that the file is part of: files that were given together are one where they belong together. */
  readonly capture: CaptureInfo;
  /** What the file itself holds. */
  readonly requests: number;
  /** Why it is not part of the recording of the files before it; `null` where it is, or stands alone. */
  readonly apart: WhyApart | null;
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
  const sources = findSources(input.files, input.stdin ?? new Uint8Array());
  const isNew = statSync(storePath, { throwIfNoEntry: false }) === undefined;
  const store = TraceStore.open(storePath);
  try {
    const captures = await addAll(ctx, store, input, sources);
    const created = await describeApp(ctx, home, input.app, store);
    store.close();
    return { app: input.app, created, captures };
  } catch (error) {
    if (isNew) store.discardEmpty();
    else store.close();
    throw error;
  }
}

function refuseSanitised(
  file: string,
  { sanitised, sanitisedOrigins, creator }: ScanSummary,
): void {
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

async function addAll(
  ctx: Context,
  store: TraceStore,
  input: ImportCaptureInput,
  sources: readonly CaptureSource[],
): Promise<ImportedFile[]> {
  const importedAt = new Date(ctx.clock.nowMs()).toISOString();
  const pace = new Pace(ctx.signal);
  return await store.adding(async () => {
    const imported: ImportedFile[] = [];
    for (const source of sources) {
      const sha256 = await sha256Of(source, pace);
      const known = store.captureOf(sha256);
      imported.push(
        known === null
          ? await addOne(store, source, { ...input, pace, head: { sha256, importedAt } })
          : { ...NOTHING_NEW, file: source.file, capture: known, requests: known.traces },
      );
    }
    return together(store, imported);
  });
}

/** The files with the recordings that they are part of now. */
function together(store: TraceStore, files: readonly ImportedFile[]): ImportedFile[] {
  const fresh = files.filter(({ status }) => status === "imported");
  const joined = joinImported(store, fresh.map(({ capture }) => capture));
  const now = new Map(fresh.map(({ capture }, index) => [capture.id, joined[index]!]));
  return files.map((file) => {
    const found = now.get(file.capture.id);
    if (found === undefined) return file;
    const apart = file.status === "imported" ? found.apart : null;
    return { ...file, capture: found.capture, apart };
  });
}

const NOTHING_NEW = {
  status: "duplicate",
  apart: null,
  skipped: {},
  repaired: {},
  sanitisedOrigins: [],
  lacks: [],
} as const;

interface AddOptions extends ImportCaptureInput {
  readonly pace: Pace;
  readonly head: { readonly sha256: string; readonly importedAt: string };
}

async function addOne(
  store: TraceStore,
  source: CaptureSource,
  options: AddOptions,
): Promise<ImportedFile> {
  const { file } = source;
  const forgetsBodies = options.forgetBodies ?? false;
  const writer = store.newCapture({ file, ...options.head, forgetsBodies });
  const summary = await writeAll(source, writer, options);
  if (writer.count === 0) throw nothingRecorded(file, summary);
  if (!options.allowSanitised) refuseSanitised(file, summary);
  const { creator, sanitised, sanitisedOrigins, skipped, repaired, lacks } = summary;
  const seq = writer.finish({ creator, sanitised, skipped: skipped.length });
  return {
    file,
    status: "imported",
    capture: store.capture(seq),
    requests: writer.count,
    apart: null,
    skipped: countReasons(skipped),
    repaired: countReasons(repaired),
    sanitisedOrigins,
    lacks,
  };
}

async function writeAll(
  source: CaptureSource,
  writer: CaptureWriter,
  { pace, onProgress }: AddOptions,
): Promise<ScanSummary> {
  const scan = source.scan();
  try {
    let next = scan.next();
    for (; !next.done; next = scan.next()) {
      const { exchange, startedAtMs, endOffset } = next.value;
      const marks = authMarks(exchange);
      writer.write({ ...exchange, startedAtMs, marks, noise: noiseReason(exchange) });
      if (!pace.isDue()) continue;
      onProgress?.(source.file, endOffset / source.size);
      await pace.rest();
    }
    return next.value;
  } finally {
    // Closes the file where reading it ended early.
    scan.return(undefined as never);
  }
}

/** Lower-case hex. */
async function sha256Of(source: CaptureSource, pace: Pace): Promise<string> {
  const hash = createHash("sha256");
  for (const chunk of source.chunks()) {
    hash.update(chunk);
    if (pace.isDue(WEIGHT_OF_A_CHUNK)) await pace.rest();
  }
  return hash.digest("hex");
}

function countReasons(entries: readonly OddEntry[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { reason } of entries) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
