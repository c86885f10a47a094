/**
 * HAR files too large for memory: a first pass finds every entry and its time, a second one reads the
 * entries in time order. Memory holds one entry and a few numbers per entry.
 */
import { closeSync, openSync } from "node:fs";
import type { Exchange } from "../http/exchange.ts";
import { type ByteSource, fileSource } from "./byte_source.ts";
import { type HarSummary, parseEntry, scanHar } from "./har.ts";
import { readEntry } from "./har_entry.ts";
import { naming } from "./input_error.ts";
import type { Span } from "./json_cursor.ts";
import { requireUtf8 } from "./text_encoding.ts";

interface EntryPosition {
  readonly span: Span;
  readonly index: number;
  readonly startedAtMs: number;
}

export interface HarFile extends HarSummary {
  /** Number of exchanges. */
  readonly count: number;
  /** Reads the exchanges from the file, in time order. */
  exchanges(): Iterable<Exchange>;
}

/**
 * Looks at every entry of a file of `size` bytes once, and reads it again on demand.
 *
 * @throws {AppError} `BAD_INPUT` naming file, entry and field.
 */
export function openHarFile(path: string, size: number, fileName: string): HarFile {
  const positions: EntryPosition[] = [];
  const summary = withSource(path, size, (source) =>
    naming(fileName, () => {
      requireUtf8(source.read(0, 4));
      return scanHar(source, ({ startedAtMs }, span, index) => {
        positions.push({ span, index, startedAtMs });
      });
    }));
  positions.sort((a, b) => a.startedAtMs - b.startedAtMs);
  return {
    ...summary,
    count: positions.length,
    exchanges: () => readPositions(path, size, fileName, positions),
  };
}

function* readPositions(
  path: string,
  size: number,
  fileName: string,
  positions: readonly EntryPosition[],
): Generator<Exchange> {
  const descriptor = openSync(path, "r");
  try {
    const source = fileSource(descriptor, size);
    for (const { span, index } of positions) {
      const reading = naming(
        fileName,
        () => readEntry(parseEntry(source, span, index), index),
      );
      if (reading.kind === "exchange") yield reading.exchange;
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
