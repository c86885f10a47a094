/** A whole recording in memory, in time order: what the import reads entry by entry. */
import { createHash } from "node:crypto";
import type { Exchange } from "../../lib/http/exchange.ts";
import { exchangesOf, type ScanSummary } from "../../lib/capture/capture_format.ts";
import {
  captureBytes,
  captureFile,
  type CaptureSource,
  nothingRecorded,
} from "../../lib/capture/capture_source.ts";

export interface CaptureReading extends ScanSummary {
  /** Base name. */
  readonly file: string;
  /** SHA-256 of the file, lower-case hex. */
  readonly sha256: string;
  /** In time order, never empty. */
  readonly exchanges: readonly Exchange[];
}

/**
 * @throws {AppError} `NOT_FOUND` when there is no such file; `BAD_INPUT` naming the file when it is not
 *   a recording or holds no exchange.
 */
export function readCapture(path: string): CaptureReading {
  return readSource(captureFile(path));
}

/**
 * As `readCapture`, for what comes from stdin; `file` is the name it goes by.
 *
 * @throws {AppError} `BAD_INPUT` naming the file.
 */
export function readCaptureBytes(bytes: Uint8Array, file: string): CaptureReading {
  return readSource(captureBytes(bytes, file));
}

function readSource(source: CaptureSource): CaptureReading {
  const hash = createHash("sha256");
  for (const chunk of source.chunks()) hash.update(chunk);
  const reading = exchangesOf(source.scan());
  if (reading.exchanges.length === 0) throw nothingRecorded(source.file, reading);
  return { ...reading, file: source.file, sha256: hash.digest("hex") };
}
