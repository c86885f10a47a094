/** An expression over other values than the recorded ones, of the same look where that may be told. */
import type { Random } from "../../base/context.ts";
import { mapAtoms } from "../../correlate/expr_walk.ts";
import type { FoundAtom, FoundExpr } from "../../correlate/finding.ts";
import type { Input } from "../../correlate/flow.ts";
import { mintLike } from "../../replay/mint.ts";
import { RandomSource } from "../../replay/random_source.ts";

export interface Invent {
  readonly random: Random;
  readonly isTyped: (value: string) => boolean;
}

type FoundMade = Extract<FoundExpr, { kind: "made" }>;

/** Every value another one. The texts that the expression itself spells stay. */
export function invented(expr: FoundExpr, { random, isTyped }: Invent): FoundExpr {
  const source = new RandomSource(random);
  const other = new Map<string, string>();
  return mapped(expr, (leaf) => {
    if (leaf.kind === "constant") return leaf.value;
    if (leaf.kind === "typed") return inventedTyped(leaf.as);
    if (leaf.kind === "made") {
      return leaf.recorded === "" ? madeUp(leaf) : mintLike(leaf.recorded, source);
    }
    if (isTyped(leaf.value)) return inventedTyped("identifier");
    const value = other.get(leaf.value) ?? mintLike(leaf.value, source);
    other.set(leaf.value, value);
    return value;
  });
}

/** What the recording does not hold made up, the rest as it was recorded. */
export function withUnknown(expr: FoundExpr): FoundExpr {
  return mapped(expr, (leaf) => {
    if (leaf.kind === "typed") return leaf.recorded === "" ? inventedTyped(leaf.as) : leaf.recorded;
    if (leaf.kind === "made") return leaf.recorded === "" ? madeUp(leaf) : leaf.recorded;
    return leaf.value;
  });
}

function mapped(expr: FoundExpr, valueOf: (leaf: FoundAtom) => string): FoundExpr {
  return mapAtoms<FoundAtom>(expr, (leaf) => ({ kind: "constant", value: valueOf(leaf) }));
}

/** The same for everybody: nothing of what was typed shows, not even how long it is. */
function inventedTyped(as: Input["kind"]): string {
  return as === "one-time-code"
    ? "482913"
    : as === "identifier"
    ? "sample.person"
    : "Sample-Passw0rd";
}

function madeUp({ shape }: FoundMade): string {
  switch (shape.kind) {
    case "uuid":
      return "3f0c8a52-6d1e-4b7a-9c25-8e4d7f1a2b36";
    case "timestamp":
      return { s: "1700000000", ms: "1700000000000", iso: "2023-11-14T22:13:20.000Z" }[shape.unit];
    case "random":
      return shape.alphabet.charAt(0).repeat(shape.length);
    case "random-bytes":
      return btoa("\x01".repeat(shape.length));
    case "pkce-verifier":
      return "a".repeat(shape.length);
  }
}
