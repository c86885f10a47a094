/**
 * Holding one observed text against the expression that says how it comes to be.
 *
 * What is known is evaluated and compared. What the script makes up itself (state, nonce, verifier)
 * is learnt where it is first seen, if it has the right shape, and must be the same from then on.
 * Where only a digest of it is seen, as with PKCE, the comparison waits until the value itself comes
 * by.
 */
import type { ExprEnv } from "../correlate/evaluate.ts";
import { evaluateExpr, UnknownName } from "../correlate/evaluate.ts";
import { transformCodec } from "../codec/transforms.ts";
import type { Expr, Generated } from "../correlate/flow.ts";
import { percentDecode } from "../http/url.ts";
import { shapeProblem } from "./generated_shape.ts";

/** What comparisons need to know. */
export interface Expectations {
  /** The values of this replay so far. */
  readonly env: ExprEnv;
  /** The values of the recording. */
  readonly recorded: ExprEnv;
  /** By `Generated.id`. */
  readonly generated: ReadonlyMap<string, Generated>;
  /** Comparisons that wait for a value the script has not sent yet. */
  readonly waiting: readonly WaitingComparison[];
  readonly nowMs: number;
  /** Everything is as it was recorded, also what the client makes. */
  readonly isReenacted?: boolean;
}

export interface WaitingComparison {
  readonly expr: Expr;
  readonly observed: string;
  /** Where the digest was seen, for the message. */
  readonly where: string;
}

/** The observations of one request; they count only when the whole request is accepted. */
export class Observations {
  readonly bound = new Map<string, string>();
  readonly waiting: WaitingComparison[] = [];
  /** Every text that fitted a computed expression. */
  readonly computed: { readonly expr: Expr; readonly observed: string }[] = [];
}

/** `null` when the text fits; else what is wrong with it, without any value. */
export function matchExpr(
  expr: Expr,
  observed: string,
  where: string,
  expectations: Expectations,
  observations: Observations,
): string | null {
  const matcher = new Matcher(expectations, observations, where);
  const problem = matcher.match(expr, observed);
  if (problem === null && (expr.kind === "concat" || expr.kind === "transform")) {
    observations.computed.push({ expr, observed });
  }
  return problem;
}

/** The value of an expression, or the name that has none yet. */
export function tryEvaluate(
  expr: Expr,
  env: ExprEnv,
): { readonly value: string } | { readonly missing: UnknownName | null } {
  try {
    return { value: evaluateExpr(expr, env) };
  } catch (thrown) {
    return { missing: thrown instanceof UnknownName ? thrown : null };
  }
}

/** The names inside an expression as a message says them: `username and password`. */
export function describeExpr(expr: Expr): string {
  return [...new Set(namesIn(expr))].join(" and ") || "the recorded constant";
}

class Matcher {
  readonly #expectations: Expectations;
  readonly #observations: Observations;
  readonly #where: string;

  constructor(expectations: Expectations, observations: Observations, where: string) {
    this.#expectations = expectations;
    this.#observations = observations;
    this.#where = where;
  }

  match(expr: Expr, observed: string): string | null {
    const result = tryEvaluate(expr, this.#env());
    if ("value" in result) {
      return result.value === observed ? null : this.#explain(expr, observed, result.value);
    }
    if (result.missing?.kind === "generated") return this.#matchUnknown(expr, observed);
    const name = result.missing?.id ?? describeExpr(expr);
    return this.#staleName(expr, observed) ?? `${name} is not known at this point of the flow`;
  }

  #env(): ExprEnv {
    const { env } = this.#expectations;
    return { ...env, generated: new Map([...env.generated, ...this.#observations.bound]) };
  }

  /** An expression with a value in it that the script has not shown before. */
  #matchUnknown(expr: Expr, observed: string): string | null {
    if (expr.kind === "generated") return this.#bind(expr.generated, observed);
    if (expr.kind === "concat") return this.#matchConcat(expr.parts, observed);
    if (expr.kind !== "transform") return null;
    const { undo } = transformCodec(expr.op);
    if (undo === undefined) return this.#wait(expr, observed);
    const opened = undo(observed);
    return typeof opened === "string"
      ? this.match(expr.args[0]!, opened)
      : `is not encoded as ${describeExpr(expr.args[0]!)} was in the recording`;
  }

  #bind(id: string, observed: string): string | null {
    const generated = this.#expectations.generated.get(id);
    if (generated === undefined) return `${id} is not described by the flow`;
    const { nowMs, isReenacted } = this.#expectations;
    const problem = shapeProblem(generated, observed, nowMs, isReenacted);
    if (problem !== null) return problem;
    this.#observations.bound.set(id, observed);
    return this.#checkWaiting(id);
  }

  #matchConcat(parts: readonly Expr[], observed: string): string | null {
    const sources = parts.map((part) => {
      const result = tryEvaluate(part, this.#env());
      return "value" in result ? literal(result.value) : "([^]+?)";
    });
    const found = observed.length > MAX_TAKEN_APART
      ? null
      : new RegExp(`^${sources.join("")}$`).exec(observed);
    if (found === null) return `does not hold ${describeExpr({ kind: "concat", parts })}`;
    let group = 1;
    for (const [index, part] of parts.entries()) {
      if (sources[index] !== "([^]+?)") continue;
      const problem = this.match(part, found[group++] ?? "");
      if (problem !== null) return problem;
    }
    return null;
  }

  /** A digest of an unknown value: only its form can be judged now. */
  #wait(expr: Expr, observed: string): string | null {
    const recorded = tryEvaluate(expr, this.#expectations.recorded);
    if ("value" in recorded) {
      if (recorded.value === observed && !this.#expectations.isReenacted) {
        return captured(describeExpr(expr));
      }
      if (recorded.value.length !== observed.length) {
        return `has not the form of a digest of ${describeExpr(expr)}`;
      }
    }
    this.#observations.waiting.push({ expr, observed, where: this.#where });
    return null;
  }

  #checkWaiting(id: string): string | null {
    const waiting = [...this.#expectations.waiting, ...this.#observations.waiting];
    for (const comparison of waiting) {
      if (!namesIn(comparison.expr).includes(id)) continue;
      const result = tryEvaluate(comparison.expr, this.#env());
      if ("value" in result && result.value !== comparison.observed) {
        return `${id} does not fit what was sent as ${comparison.where}`;
      }
    }
    return null;
  }

  #explain(expr: Expr, observed: string, expected: string): string {
    if (observed === "") return `is empty where ${describeExpr(expr)} belongs`;
    const stale = this.#staleName(expr, observed);
    if (stale !== null) return stale;
    if (isOtherEncoding(observed, expected)) {
      return `${describeExpr(expr)} is sent in a wrong encoding`;
    }
    return namesIn(expr).length === 0
      ? "is not the recorded constant"
      : `is not ${describeExpr(expr)}`;
  }

  /** Says so when the recording's value was sent, as a whole or as a part. */
  #staleName(expr: Expr, observed: string): string | null {
    const { recorded } = this.#expectations;
    const whole = tryEvaluate(expr, recorded);
    if ("value" in whole && whole.value === observed && namesIn(expr).length > 0) {
      return captured(describeExpr(expr));
    }
    const part = leavesOf(expr).find((leaf) => {
      const result = tryEvaluate(leaf, recorded);
      return "value" in result && result.value.length >= 4 && observed.includes(result.value);
    });
    return part === undefined ? null : captured(describeExpr(part));
  }
}

/** Text longer than this is not searched for the values in it: the search is quadratic. UTF-16 units. */
const MAX_TAKEN_APART = 8192;

export function captured(name: string): string {
  return `the captured value of ${name} was sent instead of the fresh one`;
}

function namesIn(expr: Expr): string[] {
  return leavesOf(expr).map(nameOf);
}

function leavesOf(expr: Expr): Expr[] {
  switch (expr.kind) {
    case "constant":
      return [];
    case "concat":
      return expr.parts.flatMap(leavesOf);
    case "transform":
      return expr.args.flatMap(leavesOf);
    default:
      return [expr];
  }
}

function nameOf(leaf: Expr): string {
  switch (leaf.kind) {
    case "input":
      return leaf.input;
    case "extracted":
      return leaf.extraction;
    case "generated":
      return leaf.generated;
    default:
      return "the refresh token";
  }
}

function isOtherEncoding(observed: string, expected: string): boolean {
  const forms = [
    percentDecode(expected),
    encodeURIComponent(expected),
    new URLSearchParams([["", expected]]).toString().slice(1),
    JSON.stringify(expected).slice(1, -1),
    expected.replaceAll("+", " "),
    expected.trim(),
  ];
  return forms.includes(observed) || percentDecode(observed) === expected ||
    observed.toLowerCase() === expected.toLowerCase() || observed.trim() === expected;
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}
