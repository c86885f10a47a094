/**
 * Values as a schema means them. The command line has only texts, and models write `"5"`, `null` for what they
 * leave out, and JSON as text inside JSON. A value that fits stays as it is; another is read where exactly one
 * reading fits; anything else stays too, for the check to name it.
 */
import { exactJsonIn, isScalar } from "../base/exact_json.ts";
import { type JsonObject, type JsonValue, scalarText } from "../base/json.ts";
import { toBase64Url, utf8Text } from "../http/base64.ts";
import { fileValue, isFileObject } from "../openapi/file_value.ts";
import { listOf, type SchemaView, typeOf } from "./schema_view.ts";

/** Of a schema that is followed down; recursive schemas end with the value. */
const MAX_DEPTH = 64;

/** @throws {TypeError} for a schema that cannot be used. */
export function readValue(
  view: SchemaView,
  schema: JsonValue | undefined,
  value: JsonValue,
  depth = 0,
): JsonValue {
  if (schema === undefined || depth > MAX_DEPTH || view.fits(schema, value)) return value;
  const readings = distinct(
    readingsOf(view, schema, value, depth).filter((reading) => view.fits(schema, reading)),
  );
  if (readings.length === 1) return readings[0]!;
  return readInside(view, view.alternativeFor(schema, value) ?? schema, value, depth);
}

/** The value read as each of the things it may stand for; whether they fit is not looked at. */
function readingsOf(
  view: SchemaView,
  schema: JsonValue,
  value: JsonValue,
  depth: number,
): JsonValue[] {
  const inside = readInside(view, schema, value, depth);
  const alternatives = view.alternatives(schema)
    .map((alternative) => readValue(view, alternative, inside, depth + 1));
  const types = view.types(schema);
  const file = types.includes("string") ? fileText(view, schema, value) : undefined;
  const scalars = isScalar(value) ? scalarReadings(view, schema, value, types) : [];
  const parsed = typeof value === "string" ? structuresIn(value, types) : [];
  // A text that is a whole list in JSON says so; nobody means a list of that text.
  const isList = parsed.some((reading) => Array.isArray(reading));
  const lists = types.includes("array") && !isList ? listReadings(value) : [];
  return [
    inside,
    ...(file === undefined ? [] : [file]),
    ...alternatives,
    ...scalars,
    ...[...lists, ...parsed].map((reading) => readInside(view, schema, reading, depth + 1)),
  ];
}

/** A file where a text is wanted: in base64 where the text is such, else what it says. */
function fileText(view: SchemaView, schema: JsonValue, value: JsonValue): string | undefined {
  if (!isFileObject(value)) return undefined;
  const { contentEncoding, format } = view.keywords(schema);
  const { bytes } = fileValue(value, "file");
  if (contentEncoding === "base64url") return toBase64Url(bytes.toBase64());
  return contentEncoding === "base64" || format === "byte" ? bytes.toBase64() : utf8Text(bytes);
}

/** The value with its members and items read. Members that say nothing, where that does not fit, are left out. */
function readInside(
  view: SchemaView,
  schema: JsonValue,
  value: JsonValue,
  depth: number,
): JsonValue {
  const { items, prefixItems } = view.keywords(schema);
  if (Array.isArray(value)) {
    const first = listOf(prefixItems);
    return value.map((item: JsonValue, at) =>
      readValue(view, first[at] ?? items ?? itemsOf(view, schema), item, depth + 1)
    );
  }
  if (isScalar(value)) return value;
  const members = view.members(schema);
  const { additionalProperties: others } = view.keywords(schema);
  const required = view.required(schema);
  const read = Object.entries(value as JsonObject).flatMap(([name, member]) => {
    const known = Object.hasOwn(members, name) ? members[name] : others;
    const given = readValue(view, known, member, depth + 1);
    const saysNothing = (member === null || member === "") && !required.includes(name) &&
      Object.hasOwn(members, name) && !view.fits(known, given);
    return saysNothing ? [] : [[name, given] as const];
  });
  return Object.fromEntries(read);
}

function itemsOf(view: SchemaView, schema: JsonValue): JsonValue | undefined {
  return listOf(view.keywords(schema)["allOf"])
    .map((part) => view.keywords(part)["items"]).find((items) => items !== undefined);
}

function scalarReadings(
  view: SchemaView,
  schema: JsonValue,
  value: JsonValue,
  types: readonly string[],
): JsonValue[] {
  const { enum: listed, const: only } = view.keywords(schema);
  const allowed = only === undefined ? listOf(listed) : [only];
  const alike = allowed.filter((one) => isScalar(one) && scalarText(one) === scalarText(value));
  if (typeof value !== "string") {
    return types.includes("string") && value !== null ? [...alike, scalarText(value)] : alike;
  }
  const text = value.trim();
  const number = numberIn(text);
  return [
    ...alike,
    ...(number !== null && (types.includes("number") || types.includes("integer")) ? [number] : []),
    // Python writes `True`.
    ...(types.includes("boolean") && /^(true|false)$/i.test(text) ? [/^t/i.test(text)] : []),
    ...(types.includes("null") && text === "null" ? [null] : []),
  ];
}

/** One value in place of a list of one; a list of plain values written with commas. */
function listReadings(value: JsonValue): JsonValue[] {
  if (value === null || value === "" || Array.isArray(value)) return [];
  const separate = typeof value === "string" && /^[^,\s][^,]*(?:,\s*[^,\s][^,]*)+$/.test(value)
    ? [value.split(",").map((item) => item.trim())]
    : [];
  return [[value], ...separate];
}

/** JSON text of an array or an object where one is wanted. */
function structuresIn(text: string, types: readonly string[]): JsonValue[] {
  if (types.includes("string") || !/^\s*[{[]/.test(text)) return [];
  const parsed = exactJsonIn(text);
  return parsed === undefined ? [] : [parsed];
}

/** A number as JSON writes it, every digit of it kept; `null` for any other text. */
function numberIn(text: string): JsonValue | null {
  if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) return null;
  return exactJsonIn(text) ?? null;
}

function distinct(values: readonly JsonValue[]): JsonValue[] {
  const known = new Map(
    values.map((value) => [`${typeOf(value)} ${JSON.stringify(value)}`, value]),
  );
  return [...known.values()];
}
