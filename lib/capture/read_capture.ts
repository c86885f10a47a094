/** One way in for recordings of any size. */
import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { basename } from "node:path";
import { AppError, messageOf } from "../base/error.ts";
import type { Exchange } from "../http/exchange.ts";
import { memorySource } from "./byte_source.ts";
import { openCaptureFile } from "./capture_file.ts";
import { type CaptureFormat, type CaptureSummary, readExchanges } from "./capture_format.ts";
import { HAR_FORMAT } from "./har.ts";
import { naming } from "./input_error.ts";
import { readForeign } from "./sources/read_foreign.ts";
import { MITM_FORMAT } from "./mitm_flows.ts";
import { asUtf8, requireUtf8 } from "./text_encoding.ts";

/** Above this size a file is read entry by entry from the disk, in bytes. */
const STREAM_ABOVE_BYTES = 256 * 1024 * 1024;
const HASH_CHUNK_BYTES = 4 * 1024 * 1024;

export interface CaptureReading extends CaptureSummary {
  /** Base name. */
  readonly file: string;
  /** SHA-256 of the file, lower-case hex. */
  readonly sha256: string;
  /** Number of exchanges, never 0. */
  readonly count: number;
  /** What a source of this kind never holds: `answers`, `the order of requests`. Empty for a recording. */
  readonly lacks: readonly string[];
  /** The exchanges in time order; read from the file again at each call when the file is large. */
  exchanges(): Iterable<Exchange>;
}

/**
 * Reads a recording.
 *
 * @throws {AppError} `NOT_FOUND` when there is no such file; `BAD_INPUT` naming the file when it is not
 *   a recording or holds no exchange.
 */
export function readCapture(
  path: string,
  options: { streamAboveBytes?: number } = {},
): CaptureReading {
  const size = sizeOf(path);
  const file = basename(path);
  const reading = size > (options.streamAboveBytes ?? STREAM_ABOVE_BYTES)
    ? readLarge(path, size, file)
    : readWhole(path, file);
  if (reading.count === 0) throw nothingRecorded(file, reading);
  return reading;
}

function readWhole(path: string, file: string): CaptureReading {
  return readCaptureBytes(readFileSync(path), file);
}

/**
 * As `readCapture`, for what comes from stdin; `file` is the name it goes by.
 *
 * @throws {AppError} `BAD_INPUT` naming the file.
 */
export function readCaptureBytes(bytes: Uint8Array, file: string): CaptureReading {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const { exchanges, lacks = [], ...summary } = naming(file, (): WholeReading => {
    const foreign = readForeign(bytes);
    if (foreign !== null) return foreign;
    const format = formatOf(bytes);
    return readExchanges(format, memorySource(format === HAR_FORMAT ? asUtf8(bytes) : bytes));
  });
  const reading = {
    ...summary,
    file,
    sha256,
    lacks,
    count: exchanges.length,
    exchanges: () => exchanges,
  };
  if (reading.count === 0) throw nothingRecorded(file, reading);
  return reading;
}

type WholeReading = CaptureSummary & {
  readonly exchanges: Exchange[];
  readonly lacks?: readonly string[];
};

function readLarge(path: string, size: number, file: string): CaptureReading {
  const head = new Uint8Array(4);
  const descriptor = openSync(path, "r");
  readSync(descriptor, head);
  closeSync(descriptor);
  const format = formatOf(head);
  if (format === HAR_FORMAT) naming(file, () => requireUtf8(head));
  return { ...openCaptureFile(format, path, size, file), lacks: [], file, sha256: hashFile(path) };
}

/** A flow file starts with the length of its first flow; everything else is read, or refused, as HAR. */
function formatOf(head: Uint8Array): CaptureFormat {
  const first = head[0] ?? 0;
  return first >= 0x30 && first <= 0x39 ? MITM_FORMAT : HAR_FORMAT;
}

function hashFile(path: string): string {
  const hash = createHash("sha256");
  const chunk = new Uint8Array(HASH_CHUNK_BYTES);
  const descriptor = openSync(path, "r");
  try {
    for (let count; (count = readSync(descriptor, chunk)) > 0;) {
      hash.update(chunk.subarray(0, count));
    }
  } finally {
    closeSync(descriptor);
  }
  return hash.digest("hex");
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    const problem = isMissing
      ? `Cannot find "${path}"`
      : `Cannot open "${path}": ${messageOf(error)}`;
    throw new AppError("NOT_FOUND", problem, {
      hint: "Give the path of a HAR file or of a folder that holds some",
      details: { file: path },
      cause: error,
    });
  }
}

function nothingRecorded(file: string, summary: CaptureSummary): AppError {
  const reasons = [...new Set(summary.skipped.map(({ reason }) => reason))].join(", ");
  const skipped = summary.skipped.length;
  const rest = skipped === 0 ? "" : `; entries skipped: ${skipped} (${reasons})`;
  return new AppError(
    "BAD_INPUT",
    `Cannot read capture "${file}": it holds no HTTP exchange${rest}`,
    {
      hint:
        "Open the network panel, reload the page, log in, use the application, then export again",
      details: { file, place: "log.entries" },
    },
  );
}
