/** Making expressions. */
import type { TransformOp } from "../codec/transforms.ts";
import { partsOf } from "./expr_walk.ts";
import type { Expr, Extraction, Generated, Input } from "./flow.ts";

export function constant(value: string): Expr {
  return { kind: "constant", value };
}

export function ofInput({ name }: Pick<Input, "name">): Expr {
  return { kind: "input", input: name };
}

export function ofExtraction({ id }: Pick<Extraction, "id">): Expr {
  return { kind: "extracted", extraction: id };
}

export function ofGenerated({ id }: Pick<Generated, "id">): Expr {
  return { kind: "generated", generated: id };
}

export function applied(op: TransformOp, ...args: readonly Expr[]): Expr {
  return { kind: "transform", op, args };
}

/** A text between delimiters, or what was found in its place. */
export function asExpr(piece: string | Expr): Expr {
  return typeof piece === "string" ? constant(piece) : piece;
}

/** A concatenation without empty, nested or needless parts. */
export function concat(pieces: readonly (string | Expr)[]): Expr {
  const flat: Expr[] = [];
  for (
    const part of pieces.map(asExpr).flatMap((one) => one.kind === "concat" ? one.parts : [one])
  ) {
    const last = flat.at(-1);
    if (part.kind === "constant" && last?.kind === "constant") {
      flat[flat.length - 1] = constant(last.value + part.value);
    } else if (part.kind !== "constant" || part.value !== "") {
      flat.push(part);
    }
  }
  return flat.length === 0
    ? constant("")
    : flat.length === 1
    ? flat[0]!
    : { kind: "concat", parts: flat };
}

/** True when a part of it is taken from an answer. */
export function isOfAnswer(expr: Expr): boolean {
  return partsOf(expr).some(({ kind }) => kind === "extracted");
}

/** True when the expression holds nothing that changes between sessions. */
export function isConstant(expr: Expr): boolean {
  return partsOf(expr).every(({ kind }) =>
    kind === "constant" || kind === "concat" || kind === "transform"
  );
}

/** Without what is the same in every session. */
export function changing(parts: readonly Expr[]): Expr[] {
  return parts.filter(({ kind }) => kind !== "constant");
}

/** What says how the expression comes to be: the one part of it that changes, else the whole. */
export function tellingOf(expr: Expr): Expr {
  const [part, ...more] = expr.kind === "concat" ? changing(expr.parts) : [];
  return part === undefined || more.length > 0 ? expr : tellingOf(part);
}
