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

function validated(schema: JsonSchema, value: unknown) {
  const validator = new Validator(schema as Schema | boolean, "2020-12", false);
  const validate = () => validator.validate(value);
  return USES_EXPRESSIONS.test(JSON.stringify(schema)) ? withinTime(validate) : validate();
}

/** The result of synchronous work that the engine breaks off after `MAX_CHECK_MS`. */
function withinTime<T>(work: () => T): T {
  const context = vm.createContext({ work });
  try {
    return vm.runInContext("work()", context, { timeout: MAX_CHECK_MS }) as T;
  } catch (error) {
    if (!/timed out/.test(messageOf(error))) throw error;
    throw new TypeError("a pattern in it does not come to an end");
  }
}

/** `#/a/b~1c` is `["a", "b/c"]` (RFC 6901, as a URI fragment). */
function pointerPath(pointer: string): string[] {
  return pointer.split("/").slice(1).map((part) =>
    decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~")
  );
}
