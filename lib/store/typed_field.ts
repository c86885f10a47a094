/**
 * What somebody typed, or had filled in, into a field of a login while a browser of Keysmith's own recorded.
 * Recordings of other tools hold none.
 */
export interface TypedField {
  readonly kind: "identifier" | "password" | "one-time-code";
  /** Its `name`, else its `id`; may be empty. */
  readonly name: string;
  readonly value: string;
  /** `browser` when the browser's password manager filled it. */
  readonly filledBy: "person" | "browser";
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
}
