/**
 * The flow that a script written by somebody else is held to where correlation left a gap. The script
 * claims to compute what correlation could not explain, so nobody is asked for it: in its place stands a
 * value that the script makes.
 */
import { mapStep } from "../correlate/expr_walk.ts";
import { isPasswordName } from "../http/vocabulary.ts";
import type {
  Expr,
  Generated,
  Input,
  LoginFlow,
  RefreshFlow,
  ResultTemplate,
} from "../correlate/flow.ts";
import { alphabetOf } from "../http/opaque.ts";

/** What the user says was typed while recording. */
export type HintedInput = Pick<Input, "kind" | "recorded">;

export interface ClaimedFlow {
  /** With the gaps as values the script makes. */
  readonly flow: LoginFlow;
  readonly gaps: readonly Generated[];
  /** The same with each gap as what the recorded client sent. */
  readonly exact: LoginFlow;
  /** True when all that the recorded user typed is known, so that the gaps can be reproduced exactly. */
  readonly isReproducible: boolean;
}

/** `null` when the flow has no gap. */
export function claimedFlow(flow: LoginFlow, hints: readonly HintedInput[]): ClaimedFlow | null {
  const gapInputs = flow.inputs.filter((input) =>
    input.kind === "other" && hints.every(({ recorded }) => recorded !== input.recorded)
  );
  if (gapInputs.length === 0) return null;
  const names = new Set(gapInputs.map(({ name }) => name));
  const inputs = [
    ...flow.inputs.filter(({ name }) => !names.has(name)),
    ...askedBeside(flow, gapInputs, hints),
  ];
  const recorded = new Map(gapInputs.map((input) => [input.name, input.recorded]));
  const gaps = gapInputs.map(gapOf);
  return {
    gaps,
    flow: {
      ...withGaps(flow, names, (input) => ({ kind: "generated", generated: input })),
      inputs,
      generated: [...flow.generated, ...gaps],
    },
    exact: {
      ...withGaps(flow, names, (input) => ({ kind: "constant", value: recorded.get(input)! })),
      inputs,
    },
    isReproducible: inputs.every((input) => input.recorded !== ""),
  };
}

function gapOf({ name, recorded }: Input): Generated {
  const shape = {
    kind: "random",
    length: recorded.length,
    alphabet: alphabetOf(recorded),
  } as const;
  return { id: name, shape, recorded };
}

/** A password that was never recorded as it was typed is asked for all the same. */
function askedBeside(
  flow: LoginFlow,
  gaps: readonly Input[],
  hints: readonly HintedInput[],
): Input[] {
  const isAsked = flow.inputs.some(({ kind }) => kind === "password" || kind === "api-key");
  if (isAsked || !gaps.some(({ name }) => isPasswordName(name))) return [];
  const recorded = hints.find(({ kind }) => kind === "password")?.recorded ?? "";
  return [{ name: "typed_password", label: "Password", secret: true, kind: "password", recorded }];
}

function withGaps(
  flow: LoginFlow,
  names: ReadonlySet<string>,
  replace: (input: string) => Expr,
): LoginFlow {
  const rewrite = (expr: Expr): Expr => {
    switch (expr.kind) {
      case "input":
        return names.has(expr.input) ? replace(expr.input) : expr;
      case "concat":
        return { ...expr, parts: expr.parts.map(rewrite) };
      case "transform":
        return { ...expr, args: expr.args.map(rewrite) };
      default:
        return expr;
    }
  };
  const part = <T extends LoginFlow | RefreshFlow>(old: T): T => ({
    ...old,
    steps: old.steps.map((step) => mapStep(step, rewrite)),
    result: rewriteResult(old.result, rewrite),
  });
  return { ...part(flow), refresh: flow.refresh === null ? null : part(flow.refresh) };
}

function rewriteResult(result: ResultTemplate, rewrite: (expr: Expr) => Expr): ResultTemplate {
  const pairs = (list: ResultTemplate["headers"]) =>
    list.map(([name, expr]) => [name, rewrite(expr)] as const);
  return {
    ...result,
    headers: pairs(result.headers),
    bodyParams: pairs(result.bodyParams),
    queryParams: pairs(result.queryParams),
    cookies: result.cookies === null
      ? null
      : { ...result.cookies, client: pairs(result.cookies.client) },
  };
}
