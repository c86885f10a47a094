/**
 * What an operation answers, as one JSON Schema. Servers keep their own descriptions loosely: whatever an answer
 * in daily life breaks (formats, patterns, bounds, members that came later) is left out, types and names stay.
 */
import { isRecord, type JsonSchema, type JsonValue } from "../base/json.ts";
import type { Catalog } from "./catalog.ts";
import type { Operation } from "./operation.ts";
import { DocumentProblem } from "./reference.ts";
import { SchemaWriter } from "./schema.ts";

/** Schema objects of one answer; what lies beyond may be anything. */
const MAX_SCHEMAS = 150;
/** Of the schema as JSON, in UTF-16 units. Larger ones cost a reader more than they tell. */
const MAX_ANSWER_SCHEMA = 6_000;

/** Keywords that hold one schema, a list of schemas, and schemas by name. */
const ONE = ["items", "additionalProperties"];
const LIST = ["anyOf", "allOf", "prefixItems"];
const NAMED = ["properties", "$defs"];
/** Keywords whose value stays as it is. */
const PLAIN = ["type", "required", "enum", "const", "$ref"];

type Keywords = Readonly<Record<string, JsonValue>>;

/** `null` where the document says nothing of use, or too much. */
export function answerSchema(catalog: Catalog, { answers }: Operation): JsonSchema | null {
  if (answers.length === 0) return null;
  const { references, document: { version } } = catalog;
  const writer = new SchemaWriter(references, version, {
    files: false,
    of: "answer",
    maxSchemas: MAX_SCHEMAS,
  });
  try {
    const written = answers.map((node) => writer.writeFollowed(node));
    const distinct = new Map(written.map((schema) => [JSON.stringify(schema), schema]));
    const [only, ...more] = distinct.values();
    const root = more.length === 0 ? only! : { anyOf: [...distinct.values()] as JsonValue[] };
    return worthwhile(loosened(root), writer.definitions());
  } catch (error) {
    if (error instanceof DocumentProblem) return null;
    throw error;
  }
}

function worthwhile(root: JsonSchema, definitions: Record<string, JsonSchema>): JsonSchema | null {
  if (typeof root === "boolean") return null;
  const $defs = definedIn(root, definitions);
  const schema = Object.keys($defs).length === 0 ? root : { ...root, $defs };
  const text = JSON.stringify(schema);
  return text.includes('"properties":') && text.length <= MAX_ANSWER_SCHEMA ? schema : null;
}

/** Those of the definitions that what is left refers to. */
function definedIn(root: JsonSchema, definitions: Record<string, JsonSchema>) {
  const found: Record<string, JsonValue> = {};
  const look = (schema: JsonSchema) => {
    for (const [, name] of JSON.stringify(schema).matchAll(/"\$ref":"#\/\$defs\/([^"]+)"/g)) {
      if (Object.hasOwn(found, name!)) continue;
      found[name!] = loosened(definitions[name!]!) as JsonValue;
      look(found[name!] as JsonSchema);
    }
  };
  look(root);
  return found;
}

function loosened(schema: JsonSchema): JsonSchema {
  if (typeof schema === "boolean") return {};
  const source = schema as Keywords;
  const result: Record<string, JsonValue> = {};
  for (const key of PLAIN) if (Object.hasOwn(source, key)) result[key] = source[key]!;
  if (isLargeInteger(source)) result.type = withText(source.type!);
  for (const key of ONE) {
    if (isRecord(source[key])) result[key] = loosened(source[key] as JsonSchema) as JsonValue;
  }
  for (const key of LIST) {
    const list = source[key];
    if (Array.isArray(list)) result[key] = list.map((one) => loosened(one) as JsonValue);
  }
  for (const key of NAMED) {
    const named = source[key];
    if (!isRecord(named)) continue;
    result[key] = Object.fromEntries(
      Object.entries(named).map(([name, one]) => [name, loosened(one as JsonSchema) as JsonValue]),
    );
  }
  return result;
}

/** Whole numbers beyond 2^53 reach readers of JSON as texts: see `digitsAsText`. */
function isLargeInteger({ type, format, maximum, enum: values }: Keywords): boolean {
  const isWhole = type === "integer" || Array.isArray(type) && type.includes("integer");
  const isSmall = format === "int32" || values !== undefined ||
    typeof maximum === "number" && maximum <= Number.MAX_SAFE_INTEGER;
  return isWhole && !isSmall;
}

function withText(type: JsonValue): JsonValue {
  return [...new Set([...(Array.isArray(type) ? type : [type]), "string"])];
}
