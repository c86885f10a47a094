/** Evaluation of a login flow's expressions and extractions. */
import { AnswerView } from "../codec/answer_view.ts";
import { joinValues, type Value } from "../codec/bytes.ts";
import { takeFrom } from "../codec/place.ts";
import { transformed } from "../codec/transforms.ts";
import { base64DecodeBytes } from "../http/base64.ts";
import type { HttpResponse } from "../http/exchange.ts";
import { nameOf } from "./expr_walk.ts";
import type { Expr, Extraction } from "./flow.ts";

/** What the names inside an expression stand for. */
export interface ExprEnv {
  /** By `Input.name`, `Extraction.id`, `Generated.id`: no two things of a flow have one name. */
  readonly values: ReadonlyMap<string, string>;
  /** `null` outside a refresh flow. */
  readonly refreshToken: string | null;
  /** True where every name has its recorded value: then calls have what they yielded of those. */
  readonly isRecorded?: boolean;
}

/** A name of an expression that has no value yet. */
export class UnknownName extends Error {
  override readonly name = "UnknownName";

  constructor(readonly kind: Expr["kind"], readonly id: string) {
    super(`There is no value for ${kind} "${id}"`);
  }
}

/**
 * The text an expression stands for.
 *
 * @throws {UnknownName} when the environment lacks a name.
 * @throws {Error} when a transform cannot be applied to its arguments, or the expression yields bytes.
 */
export function evaluateExpr(expr: Expr, env: ExprEnv): string {
  const value = valueOf(expr, env);
  if (typeof value !== "string") throw new Error("A request carries text, not bytes");
  return value;
}

function valueOf(expr: Expr, env: ExprEnv): Value {
  switch (expr.kind) {
    case "constant":
      return expr.value;
    case "refresh-token":
      return known(env.refreshToken, expr.kind, "refresh token");
    case "concat":
      return joinValues(expr.parts.map((part) => valueOf(part, env)));
    case "transform":
      return transformed(expr.op, expr.args.map((arg) => valueOf(arg, env)));
    case "call":
      // A function of a model's own runs in the sandbox alone.
      known(env.isRecorded ? expr.recorded : null, expr.kind, expr.function);
      return yieldedBy(expr);
    default: {
      const name = nameOf(expr)!;
      return known(env.values.get(name), expr.kind, name);
    }
  }
}

/** With the recorded values; nothing where the recording does not hold all of them. */
export function yieldedBy(
  { yields, recorded }: { readonly yields: "text" | "bytes"; readonly recorded: string | null },
): Value {
  const text = recorded ?? "";
  return yields === "text" ? text : base64DecodeBytes(text) ?? new Uint8Array();
}

/** The value an extraction takes from a response; `undefined` when it finds none. */
export function runExtraction(
  extraction: Extraction,
  response: HttpResponse,
  requestUrl: string,
): string | undefined {
  return takeFrom(extraction, new AnswerView(response, requestUrl));
}

function known(value: string | null | undefined, kind: Expr["kind"], id: string): string {
  if (value == null) throw new UnknownName(kind, id);
  return value;
}
