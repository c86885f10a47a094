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
   * Finds the entries without reading them; `index` counts from 0.
   *
   * @throws {InputProblem} when the file has not the outline of the format.
   */
  outline(
    source: ByteSource,
    onEntry: (span: Span, index: number) => void,
  ): { readonly creator: string };
  readEntry(source: ByteSource, span: Span): EntryReading;
}

/** One exchange of a recording, where it stands, and its time if the recorder wrote one. */
export interface FoundExchange {
  readonly exchange: Exchange;
  readonly span: Span;
  readonly startedAtMs: number | null;
}

/**
 * Visits every exchange of a recording in the order of the file.
 *
 * @throws {InputProblem} when the file has not the outline of the format.
 */
export function scanCapture(
  format: CaptureFormat,
  source: ByteSource,
  visit: (found: FoundExchange) => void,
): CaptureSummary {
  const skipped: OddEntry[] = [];
  const repaired: OddEntry[] = [];
  const witness = new CredentialWitness();
  const { creator } = format.outline(source, (span, index) => {
    const reading = format.readEntry(source, span);
    const entry = index + 1;
    if (reading.kind === "skipped") {
      skipped.push({ entry, reason: reading.reason });
      return;
    }
    repaired.push(...reading.repairs.map((reason) => ({ entry, reason })));
    witness.observe(reading.exchange);
    visit({ exchange: reading.exchange, span, startedAtMs: reading.startedAtMs });
  });
  return { creator, skipped, repaired, ...witness.verdict(creator) };
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
  const found: FoundExchange[] = [];
  const summary = scanCapture(format, source, (one) => found.push(one));
  const exchanges = inTimeOrder(found)
    .map(({ exchange, startedAtMs }) => ({ ...exchange, startedAtMs }));
  return { ...summary, exchanges };
}
