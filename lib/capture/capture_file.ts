/**
 * Recordings too large for memory: a first pass finds every entry and its time, a second one reads the
 * entries in time order. Memory holds one entry and a few numbers per entry.
 */
import { closeSync, openSync } from "node:fs";
import type { Exchange } from "../http/exchange.ts";
import { type ByteSource, fileSource, type Span } from "./byte_source.ts";
import { type CaptureFormat, type CaptureSummary, scanCapture } from "./capture_format.ts";
import { naming } from "./input_error.ts";
import { inTimeOrder } from "./time_order.ts";

interface EntryPosition {
  readonly span: Span;
  readonly startedAtMs: number;
}

export interface CaptureFile extends CaptureSummary {
  /** Number of exchanges. */
  readonly count: number;
  /** Reads the exchanges from the file, in time order. */
  exchanges(): Iterable<Exchange>;
}

/**
 * Looks at every entry of a file of `size` bytes once, and reads it again on demand.
 *
 * @throws {AppError} `BAD_INPUT` naming the file, when it is not a recording.
 */
export function openCaptureFile(
  format: CaptureFormat,
  path: string,
  size: number,
  fileName: string,
): CaptureFile {
  const found: { span: Span; startedAtMs: number | null }[] = [];
  const summary = withSource(path, size, (source) =>
    naming(
      fileName,
      () =>
        scanCapture(format, source, ({ span, startedAtMs }) => {
          found.push({ span, startedAtMs });
        }),
    ));
  const positions = inTimeOrder(found);
  return {
    ...summary,
    count: positions.length,
    exchanges: () => readPositions(format, path, size, positions),
  };
}

function* readPositions(
  format: CaptureFormat,
  path: string,
  size: number,
  positions: readonly EntryPosition[],
): Generator<Exchange> {
  const descriptor = openSync(path, "r");
  try {
    const source = fileSource(descriptor, size);
    for (const { span, startedAtMs } of positions) {
      const reading = format.readEntry(source, span);
      if (reading.kind === "exchange") yield { ...reading.exchange, startedAtMs };
    }
  } finally {
    closeSync(descriptor);
  }
}

function withSource<T>(path: string, size: number, work: (source: ByteSource) => T): T {
  const descriptor = openSync(path, "r");
  try {
    return work(fileSource(descriptor, size));
  } finally {
    closeSync(descriptor);
  }
}
