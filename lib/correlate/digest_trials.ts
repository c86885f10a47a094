/**
 * Digests a client computes before it sends: found by trying the usual compositions of values that
 * are known at that moment and comparing with what was recorded. Nothing is assumed: a composition
 * counts only when it yields exactly the recorded value.
 */
import { applyTransform, type TransformOp } from "../codec/transforms.ts";
import type { Expr } from "./flow.ts";

/** A value a digest may be made of. */
export interface Ingredient {
  readonly expr: Expr;
  readonly value: string;
}

/** `pkce-s256` is SHA-256 in unpadded base64url, which others use as well. */
const PLAIN: readonly TransformOp[] = [
  "md5-hex",
  "sha1-hex",
  "sha256-hex",
  "sha512-hex",
  "md5-base64",
  "sha1-base64",
  "sha256-base64",
  "sha512-base64",
  "pkce-s256",
];
const KEYED: readonly TransformOp[] = [
  "hmac-sha1-hex",
  "hmac-sha256-hex",
  "hmac-sha512-hex",
  "hmac-sha1-base64",
  "hmac-sha256-base64",
  "hmac-sha512-base64",
];
/** Text between joined ingredients, in the order of how often it is seen. */
const SEPARATORS = ["", ":", "|", ".", "\n", "&", "-", ","];

/** Ingredients tried beyond this would cost cubic time. */
const MAX_INGREDIENTS = 24;

/** Length in characters of a digest per encoding: 16, 20, 32 and 64 bytes. */
const DIGEST_SHAPES: readonly (readonly [RegExp, string])[] = [
  [/^[0-9a-f]{32}$/i, "md5-hex"],
  [/^[0-9a-f]{40}$/i, "sha1-hex"],
  [/^[0-9a-f]{64}$/i, "sha256-hex"],
  [/^[0-9a-f]{128}$/i, "sha512-hex"],
  [/^[A-Za-z0-9+/_-]{22}(==)?$/, "md5-base64"],
  [/^[A-Za-z0-9+/_-]{27}=?$/, "sha1-base64"],
  [/^[A-Za-z0-9+/_-]{43}=?$/, "sha256-base64"],
  [/^[A-Za-z0-9+/_-]{86}(==)?$/, "sha512-base64"],
];

/** The digest and encoding a value has the look of: `sha256-hex`; `null` when it has none. */
export function digestShape(value: string): string | null {
  return DIGEST_SHAPES.find(([shape]) => shape.test(value))?.[1] ?? null;
}

/** The composition that yields `value`; `null` when none of the tried ones does. */
export function explainDigest(value: string, known: readonly Ingredient[]): Expr | null {
  const shape = digestShape(value);
  if (shape === null) return null;
  const wanted = comparable(value);
  const ingredients = known.slice(0, MAX_INGREDIENTS);
  const plain = PLAIN.filter((op) =>
    op === shape || op === "pkce-s256" && shape === "sha256-base64"
  );
  const keyed = KEYED.filter((op) => op.endsWith(shape));
  for (const candidate of compositions(ingredients, plain)) {
    for (const op of plain) {
      if (comparable(applyTransform(op, [candidate.value])) === wanted) {
        return cased(value, { kind: "transform", op, args: [candidate.expr] });
      }
    }
  }
  for (const key of ingredients) {
    for (const message of joins(ingredients.filter((other) => other !== key), 3)) {
      for (const op of keyed) {
        if (comparable(applyTransform(op, [key.value, message.value])) === wanted) {
          return cased(value, { kind: "transform", op, args: [key.expr, message.expr] });
        }
      }
    }
  }
  return null;
}

/** Hex digests are compared without case; base64 to the letter. */
function comparable(digest: string): string {
  const isHex = /^[0-9a-f]+$/i.test(digest) && [32, 40, 64, 128].includes(digest.length);
  return isHex ? digest.toLowerCase() : digest;
}

function cased(value: string, expr: Expr): Expr {
  return /[A-F]/.test(value) && /^[0-9A-F]+$/.test(value)
    ? { kind: "transform", op: "upper", args: [expr] }
    : expr;
}

/** Single values, joined values, and values of which one is itself a digest (`H(salt + H(password))`). */
function* compositions(
  ingredients: readonly Ingredient[],
  ops: readonly TransformOp[],
): Generator<Ingredient> {
  yield* joins(ingredients, 3);
  const inner = ops.some((op) => op.endsWith("hex")) ? ops : [];
  const hexOps = PLAIN.filter((op) => op.endsWith("-hex") && op !== "sha512-hex");
  for (const first of ingredients) {
    for (const op of new Set([...inner, ...hexOps])) {
      const digest: Ingredient = {
        expr: { kind: "transform", op, args: [first.expr] },
        value: applyTransform(op, [first.value]),
      };
      yield digest;
      for (const other of ingredients) {
        for (const separator of SEPARATORS.slice(0, 3)) {
          yield join([digest, other], separator);
          yield join([other, digest], separator);
        }
      }
    }
  }
}

function* joins(ingredients: readonly Ingredient[], most: number): Generator<Ingredient> {
  yield* ingredients;
  for (const first of ingredients) {
    for (const second of ingredients) {
      if (first === second) continue;
      for (const separator of SEPARATORS) yield join([first, second], separator);
      if (most < 3 || ingredients.length > 12) continue;
      for (const third of ingredients) {
        if (third === first || third === second) continue;
        for (const separator of SEPARATORS) yield join([first, second, third], separator);
      }
    }
  }
}

function join(parts: readonly Ingredient[], separator: string): Ingredient {
  const exprs: Expr[] = [];
  for (const [index, part] of parts.entries()) {
    if (index > 0 && separator !== "") exprs.push({ kind: "constant", value: separator });
    exprs.push(part.expr);
  }
  return {
    expr: { kind: "concat", parts: exprs },
    value: parts.map(({ value }) => value).join(separator),
  };
}
