/** Evaluation of a login flow's expressions and extractions. */
import { AnswerView } from "../codec/answer_view.ts";
import { joinValues, type Value } from "../codec/bytes.ts";
import { takeFrom } from "../codec/place.ts";
import { transformed } from "../codec/transforms.ts";
import { base64DecodeBytes } from "../http/base64.ts";
import type { HttpResponse } from "../http/exchange.ts";
import type { Expr, Extraction } from "./flow.ts";

/** What the names inside an expression stand for. */
export interface ExprEnv {
  /** By `Input.name`. */
  readonly inputs: ReadonlyMap<string, string>;
  /** By `Extraction.id`. */
  readonly extracted: ReadonlyMap<string, string>;
  /** By `Generated.id`. */
  readonly generated: ReadonlyMap<string, string>;
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
    case "input":
      return known(env.inputs.get(expr.input), expr.kind, expr.input);
    case "extracted":
      return known(env.extracted.get(expr.extraction), expr.kind, expr.extraction);
    case "generated":
      return known(env.generated.get(expr.generated), expr.kind, expr.generated);
    case "refresh-token":
      return known(env.refreshToken ?? undefined, expr.kind, "refresh token");
    case "concat":
      return joinValues(expr.parts.map((part) => valueOf(part, env)));
    case "transform":
      return transformed(expr.op, expr.args.map((arg) => valueOf(arg, env)));
    case "call":
      return yieldedBy(expr, env);
  }
}

/** A function of a model's own runs in the sandbox alone. */
function yieldedBy(call: Expr & { kind: "call" }, { isRecorded }: ExprEnv): Value {
  const { yields, recorded } = call;
  const text = known(isRecorded ? recorded ?? undefined : undefined, call.kind, call.function);
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

function known(value: string | undefined, kind: Expr["kind"], id: string): string {
  if (value === undefined) throw new UnknownName(kind, id);
  return value;
}
