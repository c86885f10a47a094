/** JSON Schema from examples: types and structure, never a value. */
import { isRecord, type JsonObject, type JsonSchema, type JsonValue } from "../../base/json.ts";
import { segmentKind } from "./segment_kind.ts";

const MAX_DEPTH = 6;
/** Elements of one array that are looked at. */
const MAX_ITEMS = 50;
/** An object with more members is a table, keyed by data. */
const MAX_MEMBERS = 60;

/** A schema every one of the values satisfies. */
export function inferSchema(values: readonly JsonValue[], depth = MAX_DEPTH): JsonSchema {
  const types = [...new Set(values.map(typeOf))];
  if (types.includes("integer") && types.includes("number")) {
    types.splice(types.indexOf("integer"), 1);
  }
  if (types.length === 0) return {};
  const schema: Record<string, JsonValue> = { type: types.length === 1 ? types[0]! : types };
  if (depth > 0 && types.includes("array")) {
    const items = values.filter(Array.isArray).flatMap((list) => list.slice(0, MAX_ITEMS));
    if (items.length > 0) schema["items"] = inferSchema(items, depth - 1) as JsonValue;
  }
  if (depth > 0 && types.includes("object")) {
    Object.assign(schema, inferMembers(values.filter(isRecord) as JsonObject[], depth));
  }
  return schema;
}

function typeOf(value: JsonValue): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

function inferMembers(objects: readonly JsonObject[], depth: number): JsonObject {
  const names = [...new Set(objects.flatMap((object) => Object.keys(object)))];
  const valuesOf = (name: string) =>
    objects.filter((object) => Object.hasOwn(object, name)).map((object) => object[name]!);
  if (isTable(names)) {
    const values = names.flatMap(valuesOf).slice(0, MAX_ITEMS);
    return { additionalProperties: inferSchema(values, depth - 1) as JsonValue };
  }
  const properties = names.map((name) => [name, inferSchema(valuesOf(name), depth - 1)]);
  const required = names.filter((name) => valuesOf(name).length === objects.length);
  return {
    properties: Object.fromEntries(properties),
    ...(required.length === 0 ? {} : { required }),
  };
}

/** Members named by ids, dates or people are data, which has no place in a schema. */
function isTable(names: readonly string[]): boolean {
  return names.length > MAX_MEMBERS ||
    names.some((name) => segmentKind(name) !== null || name.length > 64);
}

/** What every one of the values is when that is nothing: empty text, list or object, `null`. */
export function emptyOf(values: readonly JsonValue[]): JsonValue | undefined {
  const [first] = values;
  const text = JSON.stringify(first);
  return ['""', "[]", "{}", "null"].includes(text) &&
      values.every((value) => JSON.stringify(value) === text)
    ? first
    : undefined;
}

/** Texts of a query, a form or a path, read as what they all can be read as. */
export function inferTextSchema(texts: readonly string[]): JsonSchema {
  const given = texts.filter((text) => text !== "");
  const all = (pattern: RegExp) => given.length > 0 && given.every((text) => pattern.test(text));
  if (all(/^(true|false)$/)) return { type: "boolean" };
  // Fifteen digits always fit a JavaScript number; a leading zero belongs to a code.
  if (all(/^-?(0|[1-9]\d{0,14})$/)) return { type: "integer" };
  if (all(/^-?(0|[1-9]\d{0,14})(\.\d{1,10})?$/)) return { type: "number" };
  return { type: "string" };
}
