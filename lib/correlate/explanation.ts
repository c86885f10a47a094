/** What is said of a value, and what those who explain parts of one ask each other. */
import type { ClientConstants } from "./client_constants.ts";
import { constant } from "./expr.ts";
import type { Expr } from "./flow.ts";
import type { InputPlaces } from "./input_places.ts";
import type { KnownValues } from "./known_values.ts";
import type { Leaf } from "./leaves.ts";
import type { Occurrences, Source } from "./occurrences.ts";
import type { Message, Recording } from "./recording.ts";

export interface Explanation {
  readonly expr: Expr;
  /** Set when the value could not be explained and stands as a constant for want of better. */
  readonly unexplained: boolean;
  /** What says so, for people; absent where the expression says it all. */
  readonly why?: string;
}

/** The explainer as its parts see it. */
export interface ValueExplainer {
  readonly recording: Recording;
  readonly provenance: Occurrences;
  readonly known: KnownValues;
  readonly places: InputPlaces;
  readonly constants: ClientConstants;
  explain(message: Message, leaf: Leaf): Explanation;
  explainValue(value: string, message: Message, leaf: Leaf, depth: number): Explanation;
  /** Made before, typed elsewhere, or taken from an earlier answer. */
  asKnown(value: string, message: Message, leaf: Leaf): Explanation | null;
  /** A value that the client makes anew in each run. */
  generated(value: string, message: Message, leaf: Leaf): Explanation | null;
  /** A digest of known values, found by trial. */
  digest(value: string, message: Message): Explanation | null;
  fromSource(source: Source, value: string, hint: string): Explanation;
}

export function explained(expr: Expr): Explanation {
  return { expr, unexplained: false };
}

export function unexplained(value: string): Explanation {
  return { expr: constant(value), unexplained: true };
}
