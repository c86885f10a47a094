/** What every format of recordings has in common: entries one after another, each an exchange or not. */
import type { Exchange } from "../http/exchange.ts";
import type { ByteSource, Span } from "./byte_source.ts";
import { CredentialWitness, type Sanitising } from "./sanitised.ts";
import { inTimeOrder } from "./time_order.ts";

/** What is known about a recording once every entry was looked at. */
export interface CaptureSummary extends Sanitising {
  /** Name and version of the recorder, `"unknown"` when the file does not say. */
  readonly creator: string;
  readonly skipped: readonly OddEntry[];
  /** Entries that were read although something in them could not be used. */
  readonly repaired: readonly OddEntry[];
}

/** An entry with something about it that the reader tells. */
export interface OddEntry {
  /** Counted from 1. */
  readonly entry: number;
  readonly reason: string;
}

export type EntryReading =
  | {
    readonly kind: "exchange";
    /** `null` where the recorder wrote no time that can be read; `exchange` has 0 then. */
    readonly startedAtMs: number | null;
    readonly exchange: Exchange;
    /** What could not be used. */
    readonly repairs: readonly string[];
  }
  | { readonly kind: "skipped"; readonly reason: string };

export interface CaptureFormat {
  /**
   * Finds the entries without reading them, in the order of the file.
   *
   * @throws {InputProblem} when the file has not the outline of the format.
   */
  outline(source: ByteSource): Generator<Span, { readonly creator: string }>;
  readEntry(source: ByteSource, span: Span): EntryReading;
}

/** One exchange of a recording, its time if the recorder wrote one, and how far into the source it ends. */
export interface FoundExchange {
  readonly exchange: Exchange;
  readonly startedAtMs: number | null;
  /** In bytes. */
  readonly endOffset: number;
}

/** What reading any source of exchanges yields, and what it knows in the end. */
export type CaptureScan = Generator<FoundExchange, ScanSummary>;

export interface ScanSummary extends CaptureSummary {
  /** What the source does not hold, most by its kind: `answers`, `the order of requests`. */
  readonly lacks: readonly string[];
}

/** Counts answers that may have a body, and those of which the recorder kept it. */
class BodyWitness {
  #answers = 0;
  #bodies = 0;

  observe({ request, response }: Exchange): void {
    const status = response?.status ?? 0;
    // RFC 9110 section 6.4.1; recorders keep none of redirects.
    if (status < 200 || status === 204 || status >= 300 && status < 400) return;
    if (request.method === "HEAD") return;
    this.#answers++;
    if (response!.body !== null) this.#bodies++;
  }

  /** Nothing where some are there: caches and pages that move on lose single ones. */
  lacks(): string[] {
    return this.#answers > 0 && this.#bodies === 0 ? ["bodies of answers"] : [];
  }
}

/**
 * Yields every exchange of a recording in the order of the file. Memory holds one of them at a time, and a few
 * numbers per origin.
 *
 * @throws {InputProblem} when the file has not the outline of the format.
 */
export function* scanCapture(
  format: CaptureFormat,
  source: ByteSource,
): CaptureScan {
  const skipped: OddEntry[] = [];
  const repaired: OddEntry[] = [];
  const witness = new CredentialWitness();
  const bodies = new BodyWitness();
  const outline = format.outline(source);
  let next = outline.next();
  for (let entry = 1; !next.done; entry++, next = outline.next()) {
    const reading = format.readEntry(source, next.value);
    if (reading.kind === "skipped") {
      skipped.push({ entry, reason: reading.reason });
      continue;
    }
    repaired.push(...reading.repairs.map((reason) => ({ entry, reason })));
    witness.observe(reading.exchange);
    bodies.observe(reading.exchange);
    const { exchange, startedAtMs } = reading;
    yield { exchange, startedAtMs, endOffset: next.value.end };
  }
  const { creator } = next.value;
  return { creator, skipped, repaired, lacks: bodies.lacks(), ...witness.verdict(creator) };
}

/**
 * Reads a recording into memory, in time order.
 *
 * @throws {InputProblem} when the file has not the outline of the format.
 */
export function readExchanges(
  format: CaptureFormat,
  source: ByteSource,
): CaptureSummary & { exchanges: Exchange[] } {
  return exchangesOf(scanCapture(format, source));
}

/** What a scan yields, in time order, and what it returns. */
export function exchangesOf<Summary>(
  scan: Generator<FoundExchange, Summary>,
): Summary & { exchanges: Exchange[] } {
  const found: FoundExchange[] = [];
  let next = scan.next();
  for (; !next.done; next = scan.next()) found.push(next.value);
  const exchanges = inTimeOrder(found)
    .map(({ exchange, startedAtMs }) => ({ ...exchange, startedAtMs }));
  return { ...next.value, exchanges };
}
