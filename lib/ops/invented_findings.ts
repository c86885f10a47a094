/**
 * What a model found out of a login, told of the invented session in place of the recorded one: every recorded
 * value it names becomes the one that stands for it there. And such findings out of a file of somebody else.
 */
import { type TransformOp, TRANSFORMS } from "../codec/transforms.ts";
import { innerOf, madeOf } from "../correlate/expr_walk.ts";
import type { Finding, Findings, FoundExpr } from "../correlate/finding.ts";
import type { FoundFunction } from "../correlate/found_function.ts";
import type { InventedSession } from "../replay/invented_session.ts";
import {
  choiceField,
  field,
  isBoolean,
  isList,
  isListOf,
  isNullOr,
  isObject,
  isString,
  objectOf,
  textFields,
} from "../token/fields.ts";

type Places = Pick<InventedSession, "valueOf" | "traceIds">;

/** Without those of requests that are not in the session. */
export function inventedFindings(
  { values, steps, functions }: Findings,
  session: Places,
): Findings {
  const trace = (id: string) => session.traceIds.get(id);
  return {
    values: values.flatMap(({ value, at, expr }): Finding[] => {
      const place = at === null ? null : { trace: trace(at.trace), place: at.place };
      if (place !== null && place.trace === undefined) return [];
      return [{
        value: session.valueOf(value),
        at: place as Finding["at"],
        expr: inventedExpr(expr, session),
      }];
    }),
    steps: steps.flatMap((id) => trace(id) ?? []),
    functions,
  };
}

function inventedExpr(expr: FoundExpr, session: Places): FoundExpr {
  const inner = innerOf(expr)?.map((part) => inventedExpr(part, session));
  if (inner !== undefined) {
    const made = madeOf(expr, inner);
    // What it yields of other values is not known before it runs.
    return made.kind === "call" ? { ...made, recorded: null } : made;
  }
  if (expr.kind === "value") {
    const trace = expr.from === null ? undefined : session.traceIds.get(expr.from.trace);
    const from = trace === undefined ? null : { ...expr.from!, trace };
    return { ...expr, value: session.valueOf(expr.value), from };
  }
  const isRecorded = (expr.kind === "typed" || expr.kind === "made") && expr.recorded !== "";
  return isRecorded ? { ...expr, recorded: session.valueOf(expr.recorded) } : expr;
}

/** Deeper expressions are no login's. */
const MAX_DEPTH = 40;

/** @throws {TypeError} naming what is not as it should be. */
export function validateFindings(value: unknown): Findings {
  const fields = objectOf(value, ["values", "steps", "functions"], `"findings"`);
  return {
    values: field(fields, "values", isList, "a list").map(findingOf),
    steps: field(fields, "steps", isListOf(isString), "a list of texts"),
    functions: field(fields, "functions", isList, "a list").map((one): FoundFunction =>
      textFields(objectOf(one, ["name", "code"], "a function"), ["name", "code"])
    ),
  };
}

function findingOf(value: unknown): Finding {
  const fields = objectOf(value, ["value", "at", "expr"], "a finding");
  const at = field(fields, "at", isNullOr(isObject), "a place or null");
  return {
    ...textFields(fields, ["value"]),
    at: at === null
      ? null
      : textFields(objectOf(at, ["trace", "place"], "a place"), ["trace", "place"]),
    expr: exprOf(fields["expr"], 0),
  };
}

type Fields = ReturnType<typeof objectOf>;
type Read = (fields: Fields, name: string, depth: number) => unknown;

const readText: Read = (fields, name) => field(fields, name, isString, "a text");
const readList: Read = (fields, name, depth) =>
  field(fields, name, isList, "a list").map((part) => exprOf(part, depth + 1));
const readNothing: Read = () => null;

/** The members of each kind of expression. */
const MEMBERS: Readonly<Record<FoundExpr["kind"], Readonly<Record<string, Read>>>> = {
  constant: { value: readText },
  value: { value: readText, from: (fields) => answerPlaceOf(fields["from"]) },
  typed: {
    label: readText,
    recorded: readText,
    secret: (fields, name) => field(fields, name, isBoolean, "true or false"),
    as: (fields, name) => field(fields, name, isString, "a kind of prompt"),
  },
  made: {
    name: readText,
    recorded: readText,
    shape: (fields, name) => field(fields, name, isObject, "a shape"),
  },
  concat: { parts: readList },
  transform: {
    op: (fields, name) => choiceField(fields, name, Object.keys(TRANSFORMS) as TransformOp[]),
    args: readList,
  },
  call: {
    function: readText,
    args: readList,
    yields: (fields, name) => choiceField(fields, name, ["text", "bytes"]),
    recorded: readNothing,
  },
};

const KINDS = Object.keys(MEMBERS) as FoundExpr["kind"][];
const NAMES = ["kind", ...Object.values(MEMBERS).flatMap((members) => Object.keys(members))];

function exprOf(value: unknown, depth: number): FoundExpr {
  if (depth > MAX_DEPTH) throw new TypeError("an expression is nested too deeply");
  const fields = objectOf(value, NAMES, "an expression");
  const kind = choiceField(fields, "kind", KINDS);
  const members = Object.entries(MEMBERS[kind]).map((
    [name, read],
  ) => [name, read(fields, name, depth)]);
  return { ...Object.fromEntries(members), kind } as FoundExpr;
}

function answerPlaceOf(value: unknown): (FoundExpr & { kind: "value" })["from"] {
  if (value === null) return null;
  const fields = objectOf(value, ["trace", "path"], "a place of an answer");
  const isStep = (one: unknown): one is string | number =>
    typeof one === "string" || Number.isSafeInteger(one);
  return {
    ...textFields(fields, ["trace"]),
    path: field(fields, "path", isNullOr(isListOf(isStep)), "a path or null"),
  };
}
