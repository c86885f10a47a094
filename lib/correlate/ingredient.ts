import type { Expr } from "./flow.ts";

/** A value a digest may be made of. */
export interface Ingredient {
  readonly expr: Expr;
  readonly value: string;
  /** What the message calls it: a number called `iterations` says how often a password is stretched. */
  readonly name?: string;
}
