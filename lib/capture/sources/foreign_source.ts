/**
 * Recordings and collections of other tools, turned into HAR entries and read as those are. None of them is
 * large: unlike a HAR they are read whole.
 */
/** What a source holds, as entries of HAR 1.2 (`request`, `response`, `startedDateTime`). */
export interface ForeignSource {
  /** The tool, for people. */
  readonly creator: string;
  readonly entries: readonly unknown[];
  /** What such a file never says: `answers`, `the order of requests`. */
  readonly lacks: readonly string[];
}

export interface NamedValue {
  readonly name: string;
  readonly value: string;
}
