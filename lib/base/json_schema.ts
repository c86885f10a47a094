/** Validation of data against a JSON Schema (draft 2020-12). */
import vm from "node:vm";
import { type Schema, Validator } from "@cfworker/json-schema";
import { messageOf } from "./error.ts";
import type { JsonSchema } from "./json.ts";

export interface SchemaProblem {
  /** Where in the data: keys and array indexes from the root. */
  readonly path: readonly string[];
  /** What is wrong with it, in terms of the schema: never the value itself. Without full stop. */
  readonly message: string;
}

/** Honest schemas take milliseconds; a pattern that backtracks takes years, and hears no Ctrl-C. */
const MAX_CHECK_MS = 2_000;

/**
 * What is wrong with the value, most specific first; empty when nothing is. Formats are asserted.
 *
 * @throws {TypeError} for a schema that cannot be used: a malformed pattern, an unknown `$ref`, a pattern that
 * does not come to an end.
 */
export function schemaProblems(schema: JsonSchema, value: unknown): SchemaProblem[] {
  let errors;
  try {
    errors = validated(schema, value).errors;
  } catch (error) {
    throw new TypeError(`the schema cannot be used: ${messageOf(error)}`, { cause: error });
  }
  return errors
    .map(({ instanceLocation, error }) => ({
      path: pointerPath(instanceLocation),
      message: error.replace(/\.$/, ""),
    }))
    .sort((a, b) => b.path.length - a.path.length);
}

/** Keywords that test texts with regular expressions. */
const USES_EXPRESSIONS = /"(?:pattern|patternProperties|format)":/;

/** Alternatives that lead back to themselves: each level of the value may double the work. */
function branches(text: string): boolean {
  return /"(?:anyOf|oneOf|allOf)":/.test(text) && text.includes('"$ref":');
}

interface Prepared {
  readonly validator: Validator;
  readonly mayLast: boolean;
}

/** Schemas do not change: one that is used again is not prepared again. */
const prepared = new WeakMap<object, Prepared>();

function prepare(schema: JsonSchema): Prepared {
  const known = typeof schema === "object" ? prepared.get(schema) : undefined;
  if (known !== undefined) return known;
  const validator = new Validator(schema as Schema | boolean, "2020-12", false);
  const text = JSON.stringify(schema);
  const made = { validator, mayLast: USES_EXPRESSIONS.test(text) || branches(text) };
  if (typeof schema === "object") prepared.set(schema, made);
  return made;
}

function validated(schema: JsonSchema, value: unknown) {
  const { validator, mayLast } = prepare(schema);
  const validate = () => validator.validate(value);
  return mayLast ? withinTime(validate) : validate();
}

/** Making one takes a millisecond. */
let timed: { readonly context: vm.Context; readonly script: vm.Script } | null = null;

/** The result of synchronous work that the engine breaks off after `MAX_CHECK_MS`. */
function withinTime<T>(work: () => T): T {
  timed ??= { context: vm.createContext({}), script: new vm.Script("work()") };
  timed.context.work = work;
  try {
    return timed.script.runInContext(timed.context, { timeout: MAX_CHECK_MS }) as T;
  } catch (error) {
    if (!/timed out/.test(messageOf(error))) throw error;
    throw new TypeError("checking it does not come to an end");
  } finally {
    timed.context.work = undefined;
  }
}

/** `#/a/b~1c` is `["a", "b/c"]` (RFC 6901, as a URI fragment). */
function pointerPath(pointer: string): string[] {
  return pointer.split("/").slice(1).map((part) =>
    decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~")
  );
}
