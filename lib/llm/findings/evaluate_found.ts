/** What an expression yields with the recorded values, and how that compares with what was sent. */
import { hexOf, joinValues, type Value } from "../../codec/bytes.ts";
import { transformCodec, transformed } from "../../codec/transforms.ts";
import { base64EncodeBytes, toBase64Url } from "../../http/base64.ts";
import { yieldedBy } from "../../correlate/evaluate.ts";
import { partsOf } from "../../correlate/expr_walk.ts";
import type { FoundExpr } from "../../correlate/finding.ts";
import { lookOf } from "../look.ts";
import { ExpressionError } from "./expression_error.ts";

export type Evaluated =
  | { readonly kind: "value"; readonly value: Value }
  /** It rests on values that the recording does not hold. */
  | { readonly kind: "unknown"; readonly of: string };

/** @throws {ExpressionError} where a function cannot be applied. */
export function evaluateFound(expr: FoundExpr): Evaluated {
  const unknown = partsOf(expr).find(isUnknown);
  if (unknown !== undefined) return { kind: "unknown", of: nameOf(unknown) };
  return { kind: "value", value: valueOf(expr) };
}

/** True where the recording does not hold it. */
export function isUnknown(expr: FoundExpr): boolean {
  if (expr.kind === "transform") return transformCodec(expr.op).draws === true;
  if (expr.kind === "call") return expr.recorded === null;
  return (expr.kind === "typed" || expr.kind === "made") && expr.recorded === "";
}

function nameOf(expr: FoundExpr): string {
  if (expr.kind === "call") return `all that ${expr.function}() is handed`;
  if (expr.kind === "transform") return `what ${expr.op} draws by chance`;
  return expr.kind === "typed" ? `what is typed as ${JSON.stringify(expr.label)}` : "what is made";
}

/** @throws {ExpressionError} as `evaluateFound`; where something is unknown it stands as no text. */
export function valueOf(expr: FoundExpr): Value {
  switch (expr.kind) {
    case "call":
      return yieldedBy(expr);
    case "constant":
    case "value":
      return expr.value;
    case "typed":
    case "made":
      return expr.recorded;
    case "concat":
      return joinValues(expr.parts.map(valueOf));
    case "transform": {
      const args = expr.args.map(valueOf);
      try {
        return transformed(expr.op, args);
      } catch (error) {
        const looks = expr.args.map((arg, index) => lookOfArgument(arg, args[index]!)).join(", ");
        throw new ExpressionError(`${(error as Error).message}; its arguments are ${looks}`);
      }
    }
  }
}

/** `null` where it is what was recorded; else what is wrong, without any value. */
export function difference(made: Value, recorded: string): string | null {
  if (made === recorded) return null;
  if (typeof made !== "string") {
    const encoding = encodingOf(made, recorded);
    return `it yields ${made.length} bytes, and a request carries text` +
      (encoding === null ? "; encode it with hex(), base64() or base64url()" : `; ${encoding}`);
  }
  if (made.toLowerCase() === recorded.toLowerCase()) return "it differs in upper and lower case";
  const at = firstDifference(made, recorded);
  return `it yields ${lookOf(made)}, recorded are ${
    lookOf(recorded)
  }; the first difference is at ${at}`;
}

/**
 * As `difference()` where a function of the model's own had a part in it. It could spell what it was handed in the
 * look of what it yields, so that the look is that of an example over invented values.
 *
 * @param made `null` where nothing of it may be told any more
 */
export function differenceOfCall({ made, example, recorded }: {
  readonly made: Value | null;
  readonly example: Value | null;
  readonly recorded: string;
}): string {
  const encoding = made === null || typeof made === "string" ? null : encodingOf(made, recorded);
  if (encoding !== null) return encoding;
  const look = example === null
    ? "it differs"
    : typeof example === "string"
    ? `it yields ${lookOf(example)} of invented values`
    : `it yields ${example.length} bytes of invented values, and a request carries text; encode it with ` +
      "hex(), base64() or base64url()";
  const at = typeof made === "string"
    ? `; with the recorded ones the first difference is at ${firstDifference(made, recorded)}`
    : "";
  return `${look}, recorded are ${lookOf(recorded)}${at}`;
}

function encodingOf(bytes: Uint8Array, recorded: string): string | null {
  const encodings = {
    "hex()": hexOf(bytes),
    "upper(hex())": hexOf(bytes).toUpperCase(),
    "base64()": base64EncodeBytes(bytes),
    "base64url()": toBase64Url(base64EncodeBytes(bytes)),
  };
  const found = Object.entries(encodings).find(([, text]) => text === recorded)?.[0];
  return found === undefined ? null : `it is right in ${found}`;
}

function firstDifference(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at++) if (one[at] !== other[at]) return at;
  return length;
}

/** Of what somebody typed nothing is said, not even how long it is. */
function lookOfArgument(expr: FoundExpr, value: Value): string {
  if (partsOf(expr).some(({ kind }) => kind === "typed" || kind === "value")) {
    return typeof value === "string" ? "text" : "bytes";
  }
  return typeof value === "string" ? lookOf(value) : `${value.length} bytes`;
}
