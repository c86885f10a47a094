/** Expressions of a flow as text and names. */
import { tellingOf } from "../correlate/expr.ts";
import { nameOf } from "../correlate/expr_walk.ts";
import type { Expr } from "../correlate/flow.ts";
import type { Piece, SentValue } from "./flow_explanation.ts";
import { HIDDEN } from "./recorded_mask.ts";

export function isName(piece: Piece): piece is { readonly value: string } {
  return typeof piece !== "string";
}

/** `{user_id}`: the values a path segment is made of. */
export function bracedName(expr: Expr): string {
  const names = exprPieces(expr, "refresh_token").filter(isName).map(({ value }) => value);
  return `{${names.join("+")}}`;
}

const KINDS: Readonly<Record<Expr["kind"], SentValue["kind"]>> = {
  "constant": "constant",
  "input": "typed",
  "generated": "made",
  "extracted": "taken",
  "refresh-token": "taken",
  "concat": "computed",
  "transform": "computed",
  "call": "computed",
};

export function kindOf(expr: Expr): SentValue["kind"] {
  return KINDS[tellingOf(expr).kind];
}

/** The expression as text and names; `refreshToken` names the value a refresh starts from. */
export function exprPieces(expr: Expr, refreshToken: string): Piece[] {
  switch (expr.kind) {
    case "constant":
      return ["a constant of the client"];
    case "input":
    case "generated":
    case "extracted":
      return [{ value: nameOf(expr)! }];
    case "refresh-token":
      return [{ value: refreshToken }];
    case "concat":
      return joined(
        expr.parts.flatMap((part) =>
          part.kind === "constant" ? [joint(part.value)] : exprPieces(part, refreshToken)
        ),
      );
    case "transform":
    case "call":
      return joined([
        `${expr.kind === "call" ? expr.function : expr.op}(`,
        ...expr.args.flatMap((arg, index) => [
          ...(index === 0 ? [] : [", "]),
          ...exprPieces(arg, refreshToken),
        ]),
        ")",
      ]);
  }
}

/** Between values, punctuation and the name of an authentication scheme are shown; other text is not. */
function joint(text: string): string {
  return /^[^\p{L}\p{N}]{1,3}$|^[A-Za-z][A-Za-z-]{2,11} $/u.test(text) ? text : HIDDEN;
}

function joined(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (typeof piece === "string" && typeof last === "string") {
      result[result.length - 1] = last + piece;
    } else result.push(piece);
  }
  return result;
}
