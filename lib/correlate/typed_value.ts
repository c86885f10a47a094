import type { Input } from "./flow.ts";
import type { Leaf, Place } from "./leaves.ts";

/** A value a person typed. `place` is the leaf it is, or the leaf it is inside. */
export interface TypedValue {
  readonly kind: Input["kind"];
  readonly name: string;
  readonly value: string;
  readonly place: Place;
}

export function typedAs(kind: Input["kind"]): (leaf: Leaf) => TypedValue {
  return (leaf) => ({ kind, name: leaf.name, value: leaf.value, place: leaf.place });
}
