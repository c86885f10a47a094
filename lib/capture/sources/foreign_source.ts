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
  /** True where the entries say themselves what is lacking: those of several files are looked at together. */
  readonly isMeasured?: boolean;
  /** What would help where none of the entries can be read. */
  readonly hint?: string;
  /** Of a collection: itself with values of an environment that stands in a file beside it. */
  readonly withValues?: (values: ReadonlyMap<string, string>) => ForeignSource;
  /** Of an environment: values for collections; it holds no request. */
  readonly values?: ReadonlyMap<string, string>;
}

export interface NamedValue {
  readonly name: string;
  readonly value: string;
}
