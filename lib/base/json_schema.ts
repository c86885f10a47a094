/** Validation of data against a JSON Schema (draft 2020-12). */
import { type Schema, Validator } from "@cfworker/json-schema";
import { messageOf } from "./error.ts";
import type { JsonSchema } from "./json.ts";

export interface SchemaProblem {
  /** Where in the data: keys and array indexes from the root. */
  readonly path: readonly string[];
  /** What is wrong with it, in terms of the schema: never the value itself. Without full stop. */
  readonly message: string;
}

/**
 * What is wrong with the value, most specific first; empty when nothing is. Formats are asserted.
 *
 * @throws {TypeError} for a schema that cannot be used: a malformed pattern, an unknown `$ref`.
 */
export function schemaProblems(schema: JsonSchema, value: unknown): SchemaProblem[] {
  let errors;
  try {
    errors = new Validator(schema as Schema | boolean, "2020-12", false).validate(value).errors;
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

/** `#/a/b~1c` is `["a", "b/c"]` (RFC 6901, as a URI fragment). */
function pointerPath(pointer: string): string[] {
  return pointer.split("/").slice(1).map((part) =>
    decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~")
  );
}
