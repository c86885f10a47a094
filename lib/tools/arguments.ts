/** The arguments of a call, held against the tool's parameter schema. */
import { AppError, messageOf } from "../base/error.ts";
import {
  isRecord,
  type JsonObject,
  type JsonSchema,
  type JsonValue,
  parseJson,
} from "../base/json.ts";
import { schemaProblems } from "../base/json_schema.ts";

export type Arguments = { readonly [name: string]: JsonValue };

/**
 * The arguments as the schema wants them: texts read as the declared number, boolean, array or object
 * (the command line and many models write `"5"`), defaults filled in, everything checked.
 *
 * @throws {AppError} `USAGE` naming the argument; `BAD_INPUT` for a schema that cannot be used.
 */
export function checkArguments(
  schema: JsonSchema,
  given: Readonly<Record<string, unknown>>,
): Arguments {
  const properties = propertiesOf(schema);
  refuseUnknown(schema, properties, given);
  const args: Record<string, JsonValue> = Object.create(null);
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    args[name] = coerce(own(properties, name), value as JsonValue);
  }
  for (const [name, property] of Object.entries(properties)) {
    if (!(name in args) && isRecord(property) && property["default"] !== undefined) {
      args[name] = property["default"] as JsonValue;
    }
  }
  refuseMissing(schema, args);
  refuseInvalid(schema, args);
  return args;
}

/** The properties of an object schema, by name. */
export function propertiesOf(schema: JsonSchema): JsonObject {
  const properties = isRecord(schema) ? schema["properties"] : undefined;
  return isRecord(properties) ? properties as JsonObject : {};
}

/** The names an object schema requires. */
export function requiredOf(schema: JsonSchema): string[] {
  const required = isRecord(schema) ? schema["required"] : undefined;
  return Array.isArray(required) ? required.filter((name) => typeof name === "string") : [];
}

function own(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function refuseUnknown(schema: JsonSchema, properties: JsonObject, given: object): void {
  if (!isRecord(schema) || schema["additionalProperties"] !== false) return;
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(properties, name));
  if (unknown === undefined) return;
  const names = Object.keys(properties);
  throw new AppError("USAGE", `There is no argument "${unknown}"`, {
    hint: names.length === 0 ? "The tool takes no arguments" : `It takes: ${names.join(", ")}`,
    details: { argument: unknown },
  });
}

function refuseMissing(schema: JsonSchema, args: Arguments): void {
  const missing = requiredOf(schema).find((name) => !(name in args));
  if (missing === undefined) return;
  const property = own(propertiesOf(schema), missing);
  const description = isRecord(property) ? property["description"] : undefined;
  throw new AppError("USAGE", `The argument "${missing}" is missing`, {
    ...(typeof description === "string" ? { hint: `${missing}: ${description}` } : {}),
    details: { argument: missing },
  });
}

function refuseInvalid(schema: JsonSchema, args: Arguments): void {
  let problems;
  try {
    problems = schemaProblems(schema, { ...args });
  } catch (error) {
    throw new AppError("BAD_INPUT", `The arguments cannot be checked: ${messageOf(error)}`, {
      hint: "Derive the tools again, or correct the tool's file",
    });
  }
  const problem = problems.find(({ path }) => path.length > 0) ?? problems[0];
  if (problem === undefined) return;
  const [argument = "", ...inner] = problem.path;
  const place = inner.length === 0 ? "" : ` at ${inner.join(".")}`;
  throw new AppError(
    "USAGE",
    `The argument "${argument}" is not valid${place}: ${problem.message}`,
    {
      details: { argument, path: problem.path },
    },
  );
}

/** A text read as what the schema declares; anything else, and a text that does not fit, stays as it is. */
function coerce(property: JsonValue | undefined, value: JsonValue): JsonValue {
  const types = declaredTypes(property);
  const items = isRecord(property) ? property["items"] as JsonValue | undefined : undefined;
  if (Array.isArray(value)) return value.map((item: JsonValue) => coerce(items, item));
  if (typeof value !== "string" || types.length === 0 || types.includes("string")) return value;
  const parsed = parseJson(value.trim());
  if (parsed !== undefined && types.some((type) => isOfType(parsed, type))) return parsed;
  return types.includes("array") ? [coerce(items, value)] : value;
}

function declaredTypes(property: JsonValue | undefined): string[] {
  const type = isRecord(property) ? property["type"] : undefined;
  if (typeof type === "string") return [type];
  return Array.isArray(type) ? type.filter((name) => typeof name === "string") : [];
}

function isOfType(value: JsonValue, type: string): boolean {
  switch (type) {
    case "integer":
      return Number.isInteger(value);
    case "array":
      return Array.isArray(value);
    case "object":
      return isRecord(value);
    case "null":
      return value === null;
    case "number":
      return Number.isFinite(value);
    default:
      return type === "boolean" && typeof value === "boolean";
  }
}
