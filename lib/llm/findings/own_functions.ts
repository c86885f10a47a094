/**
 * Functions that a model writes: checked, kept, and called on the recorded values in the sandbox. What a call
 * yields is never told, nor what it throws or prints: a function could spell a recorded value in any of them. Told is
 * what the same call does with invented values.
 */
import { AppError } from "../../base/error.ts";
import type { Value } from "../../codec/bytes.ts";
import { EncodedText } from "../../codec/encoded_text.ts";
import { innerOf, madeOf, partsOf } from "../../correlate/expr_walk.ts";
import type { FoundExpr } from "../../correlate/finding.ts";
import type { FoundFunction } from "../../correlate/found_function.ts";
import { isReservedName } from "../../correlate/reserved_names.ts";
import { base64EncodeBytes } from "../../http/base64.ts";
import { Evidence } from "../../judge/evidence.ts";
import { textObjections } from "../../judge/judge_text.ts";
import { textOf } from "../../judge/script_case.ts";
import type { FunctionOutcome } from "../../replay/run_function.ts";
import { checkOwnFunction } from "../../script/own_function.ts";
import { writtenValues } from "../../script/written_values.ts";
import { hasSnippet } from "../../script/snippets.ts";
import type { Redaction } from "../redaction.ts";
import { isUnknown, valueOf } from "./evaluate_found.ts";
import type { FindingTask } from "./finding_task.ts";
import { isFunctionName } from "./expression.ts";
import { ExpressionError } from "./expression_error.ts";
import { type Invent, invented, withUnknown } from "./invented_values.ts";

/** A call with recorded values tells at least whether it is right, so that it does not serve for guessing them. */
const MAX_CALLS = 60;
const MAX_FUNCTIONS = 16;
/** Shorter values stand in code by chance. In UTF-16 units. */
const MIN_WRITTEN = 6;
const MAX_PRINTED = 10;

/** A call that came to nothing, and what the invented one did. */
export class CallFailed extends Error {
  override readonly name = "CallFailed";
}

export class OwnFunctions {
  readonly #task: FindingTask;
  readonly #redaction: Redaction;
  #known: readonly FoundFunction[];
  #calls = 0;

  constructor(task: FindingTask, redaction: Redaction) {
    this.#task = task;
    this.#redaction = redaction;
    this.#known = task.known.functions;
  }

  get all(): readonly FoundFunction[] {
    return this.#known;
  }

  has(name: string): boolean {
    return this.#known.some((one) => one.name === name);
  }

  /**
   * Keeps a function, in place of the one of the same name.
   *
   * @param gaps what stands in no code as it was recorded
   * @throws {ExpressionError}
   */
  write(name: string, code: string, gaps: readonly string[]): void {
    if (isReservedName(name) || hasSnippet(name) || isFunctionName(name)) {
      throw new ExpressionError(`the name "${name}" is taken: choose another`);
    }
    const filled = this.#redaction.placeholders.fill(code);
    const [refused] = filled.refused;
    if (refused !== undefined) {
      throw new ExpressionError(`‹${refused}› is not a constant: hand it over as an argument`);
    }
    const checked = { name, code: this.#checked(name, filled.source) };
    this.#refuseRecorded(checked.code, gaps);
    const others = this.#known.filter((one) => one.name !== name);
    if (others.length >= MAX_FUNCTIONS) throw new ExpressionError("there are too many functions");
    this.#known = [...others, checked];
  }

  #checked(name: string, code: string): string {
    try {
      return checkOwnFunction(name, code);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "SCRIPT_REFUSED") throw error;
      throw new ExpressionError(
        `it is not kept: ${error.message.replace("Cannot run script ", "")}`,
      );
    }
  }

  #refuseRecorded(code: string, gaps: readonly string[]): void {
    const { traces, typed } = this.#task;
    const [found] = textObjections(textOf({
      source: code,
      written: writtenValues(code, "function"),
      evidence: new Evidence(traces),
      hints: typed.map(({ value }) => value),
      personal: typed.map(({ kind, value }) => ({ name: kind, value })),
    }));
    if (found !== undefined) {
      throw new ExpressionError(
        `it is not kept: ${found.where.replace("script ", "")} ${found.problem}`,
      );
    }
    const isIn = (value: string) =>
      value.length >= MIN_WRITTEN && new EncodedText(value).isIn(code);
    if (gaps.some(isIn)) {
      throw new ExpressionError(
        "it is not kept: what is to be explained stands in it as it was recorded",
      );
    }
  }

  /**
   * The expression with what its calls yield of the recorded values; what rests on something unknown is called with
   * an invented text in its place, to learn whether it yields text or bytes.
   *
   * @throws {ExpressionError}, {CallFailed}
   */
  async called(expr: FoundExpr): Promise<FoundExpr> {
    if (!partsOf(expr).some(({ kind }) => kind === "call")) return expr;
    const done = await this.#run(withUnknown(expr), () => {
      if (++this.#calls > MAX_CALLS) throw new ExpressionError("no more calls are made");
    });
    if (!("failed" in done)) return yieldsOf(expr, done.expr);
    throw new CallFailed(await this.#toldOf(expr, done.failed));
  }

  /** What the expression yields of invented values; `null` where that cannot be had. */
  async invented(expr: FoundExpr): Promise<{ readonly value: Value } | null> {
    const done = await this.#runInvented(expr);
    return done === null || "failed" in done ? null : { value: valueOf(done.expr) };
  }

  async #runInvented(expr: FoundExpr): Promise<Ran | null> {
    try {
      return await this.#run(invented(expr, this.#invent()), () => {});
    } catch (error) {
      // An invented key is none: a transform does not take it.
      if (error instanceof ExpressionError) return null;
      throw error;
    }
  }

  /** What is typed is invented without any look of its own. */
  #invent(): Invent {
    const typed = this.#task.typed.map(({ value }) => value);
    return { random: this.#task.random, isTyped: (value) => typed.includes(value) };
  }

  async #toldOf(expr: FoundExpr, name: string): Promise<string> {
    const done = await this.#runInvented(expr);
    if (done === null || !("failed" in done)) {
      return `${name}() throws with the recorded values; what it throws is not told, for it may hold them`;
    }
    const { outcome } = done;
    const line = outcome.line === null ? "" : ` in line ${outcome.line}`;
    const printed = outcome.debug.slice(0, MAX_PRINTED).map((text) => `\n- ${text}`).join("");
    return `${done.failed}() throws${line}: ${outcome.name}: ${outcome.message} (with invented values)` +
      (printed === "" ? "" : `\ndebug() printed:${printed}`);
  }

  /** Calls from the inside out; every value in `expr` is known. */
  async #run(expr: FoundExpr, count: () => void): Promise<Ran> {
    const inner: FoundExpr[] = [];
    for (const part of innerOf(expr) ?? []) {
      const done = await this.#run(part, count);
      if ("failed" in done) return done;
      inner.push(done.expr);
    }
    if (innerOf(expr) === null) return { expr };
    if (expr.kind !== "call") return { expr: madeOf(expr, inner) };
    count();
    const call = { functions: this.#known, name: expr.function, args: inner.map(valueOf) };
    const outcome = await this.#task.run(call);
    if (outcome.kind === "failed") return { failed: expr.function, outcome };
    return { expr: { ...expr, args: inner, ...yielded(outcome.value) } };
  }
}

type FoundCall = FoundExpr & { readonly kind: "call" };

type Ran =
  | { readonly expr: FoundExpr }
  | { readonly failed: string; readonly outcome: FunctionOutcome & { readonly kind: "failed" } };

function yielded(value: Value): Pick<FoundCall, "yields" | "recorded"> {
  return typeof value === "string"
    ? { yields: "text", recorded: value }
    : { yields: "bytes", recorded: base64EncodeBytes(value) };
}

/** The calls of one expression with what those of another, of the same form, yielded. */
function yieldsOf(expr: FoundExpr, ran: FoundExpr): FoundExpr {
  const [inner, others] = [innerOf(expr), innerOf(ran)];
  if (inner === null || others === null) return expr;
  const parts = inner.map((part, index) => yieldsOf(part, others[index]!));
  const made = madeOf(expr, parts);
  if (made.kind !== "call") return made;
  const { yields, recorded } = ran as FoundCall;
  const rests = parts.flatMap((part) => partsOf(part)).some(isUnknown);
  return { ...made, yields, recorded: rests ? null : recorded };
}
