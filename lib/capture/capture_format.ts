/** What every format of recordings has in common: entries one after another, each an exchange or not. */
import type { Exchange } from "../http/exchange.ts";
import type { ByteSource, Span } from "./byte_source.ts";
import { CredentialWitness } from "./sanitised.ts";

/** What is known about a recording once every entry was looked at. */
export interface CaptureSummary {
  /** Name and version of the recorder, `"unknown"` when the file does not say. */
  readonly creator: string;
  readonly skipped: readonly SkippedEntry[];
  /** True when the recorder left the credentials out. */
  readonly sanitised: boolean;
}

/** An entry that is no HTTP exchange. */
export interface SkippedEntry {
  /** Counted from 1. */
  readonly entry: number;
  readonly reason: string;
}

export type EntryReading =
  | { readonly kind: "exchange"; readonly exchange: Exchange }
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
  /** @throws {InputProblem} naming entry and field. */
  readEntry(source: ByteSource, span: Span, index: number): EntryReading;
}

/**
 * Visits every exchange of a recording in the order of the file.
 *
 * @throws {InputProblem} naming entry and field.
 */
export function scanCapture(
  format: CaptureFormat,
  source: ByteSource,
  visit: (exchange: Exchange, span: Span, index: number) => void,
): CaptureSummary {
  const skipped: SkippedEntry[] = [];
  const witness = new CredentialWitness();
  const { creator } = format.outline(source, (span, index) => {
    const reading = format.readEntry(source, span, index);
    if (reading.kind === "skipped") {
      skipped.push({ entry: index + 1, reason: reading.reason });
      return;
    }
    witness.observe(reading.exchange);
    visit(reading.exchange, span, index);
  });
  return { creator, skipped, sanitised: witness.isSanitised(creator) };
}
