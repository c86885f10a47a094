/** What fits a schema, in words and as an example. */
import type { JsonObject, JsonValue } from "../base/json.ts";
import { listOf, type SchemaKeywords, type SchemaView } from "./schema_view.ts";

const MAX_CHOICES = 12;
const MAX_MEMBERS = 12;
/** Schemas inside schemas that an example fills. */
const MAX_DEPTH = 4;

/** `a whole number from 1 to 100`, `one of "open", "closed"`. */
export function fitWords(view: SchemaView, schema: JsonValue | undefined): string {
  return [...new Set(waysToFit(view, schema))].join(", or ");
}

function waysToFit(view: SchemaView, schema: JsonValue | undefined): string[] {
  const keywords = view.keywords(schema);
  const choices = choicesOf(keywords);
  if (choices.length > 0) {
    const shown = choices.slice(0, MAX_CHOICES).map((choice) => JSON.stringify(choice)).join(", ");
    const more = choices.length > MAX_CHOICES ? ", …" : "";
    return [choices.length === 1 ? shown : `one of ${shown}${more}`];
  }
  const alternatives = view.alternatives(schema);
  if (alternatives.length > 0) return alternatives.flatMap((one) => waysToFit(view, one));
  const types = view.types(schema);
  return types.length === 0
    ? ["another value"]
    : types.map((type) => typeWords(view, schema, type));
}

function typeWords(view: SchemaView, schema: JsonValue | undefined, type: string): string {
  const keywords = view.keywords(schema);
  switch (type) {
    case "integer":
      return `a whole number${rangeWords(keywords)}`;
    case "number":
      return `a number${rangeWords(keywords)}`;
    case "boolean":
      return "true or false";
    case "null":
      return "null";
    case "array":
      return `a list of which each item is ${fitWords(view, keywords["items"])}` +
        countWords(keywords, "minItems", "maxItems", "items");
    case "object": {
      const names = Object.keys(view.members(schema));
      const more = names.length > MAX_MEMBERS ? ", …" : "";
      return names.length === 0
        ? "an object"
        : `an object of ${names.slice(0, MAX_MEMBERS).join(", ")}${more}`;
    }
    default:
      return textWords(keywords);
  }
}

function textWords(keywords: SchemaKeywords): string {
  const { format, pattern } = keywords;
  const length = countWords(keywords, "minLength", "maxLength", "characters");
  if (typeof format === "string") return `a text in the format "${format}"${length}`;
  return typeof pattern === "string"
    ? `a text that matches ${pattern}${length}`
    : `a text${length}`;
}

function rangeWords(keywords: SchemaKeywords): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = keywords;
  return [
    ...(typeof minimum === "number" ? [` from ${minimum}`] : []),
    ...(typeof exclusiveMinimum === "number" ? [` above ${exclusiveMinimum}`] : []),
    ...(typeof maximum === "number" ? [` up to ${maximum}`] : []),
    ...(typeof exclusiveMaximum === "number" ? [` below ${exclusiveMaximum}`] : []),
    ...(typeof multipleOf === "number" ? [` that ${multipleOf} divides`] : []),
  ].join("");
}

function countWords(keywords: SchemaKeywords, least: string, most: string, what: string): string {
  const [from, to] = [keywords[least], keywords[most]];
  if (typeof from === "number" && typeof to === "number") return `, ${from} to ${to} ${what}`;
  if (typeof from === "number" && from > 0) return `, at least ${from} ${what}`;
  return typeof to === "number" ? `, at most ${to} ${what}` : "";
}

function choicesOf({ const: only, enum: listed }: SchemaKeywords): readonly JsonValue[] {
  return only === undefined ? listOf(listed) : [only];
}

/** A value that fits; `undefined` where none can be made up. */
export function exampleFor(
  view: SchemaView,
  schema: JsonValue | undefined,
): JsonValue | undefined {
  const example = candidate(view, schema, MAX_DEPTH);
  return example === undefined || !view.fits(schema, example) ? undefined : example;
}

function candidate(
  view: SchemaView,
  schema: JsonValue | undefined,
  depth: number,
): JsonValue | undefined {
  const keywords = view.keywords(schema);
  const given = [...listOf(keywords["examples"]), ...choicesOf(keywords)];
  if (given.length > 0) return given[0];
  if (keywords["default"] !== undefined) return keywords["default"];
  if (depth === 0) return undefined;
  const [alternative] = view.alternatives(schema);
  const [type] = view.types(schema);
  if (type === undefined && alternative !== undefined) {
    return candidate(view, alternative, depth - 1);
  }
  switch (type) {
    case "integer":
    case "number":
      return numberFor(keywords);
    case "boolean":
      return true;
    case "null":
      return null;
    case "array": {
      const item = candidate(view, keywords["items"], depth - 1);
      return item === undefined ? undefined : [item];
    }
    case "object":
      return objectFor(view, schema, depth);
    case "string":
      return textFor(keywords);
    default:
      return undefined;
  }
}

function objectFor(
  view: SchemaView,
  schema: JsonValue | undefined,
  depth: number,
): JsonObject {
  const members = view.members(schema);
  const names = [...new Set([...view.required(schema), ...Object.keys(members).slice(0, 1)])];
  const entries = names.map((name) => [name, candidate(view, members[name], depth - 1)] as const);
  return Object.fromEntries(
    entries.filter((entry): entry is readonly [string, JsonValue] => entry[1] !== undefined),
  );
}

function numberFor(keywords: SchemaKeywords): number {
  const bound = (name: string) => {
    const value = keywords[name];
    return typeof value === "number" ? value : undefined;
  };
  const step = bound("multipleOf") ?? 1;
  const from = bound("minimum") ?? ((bound("exclusiveMinimum") ?? NaN) + step);
  const to = bound("maximum") ?? ((bound("exclusiveMaximum") ?? NaN) - step);
  if (!Number.isNaN(from)) return Math.ceil(from / step) * step;
  return Number.isNaN(to) || to >= step ? step : Math.floor(to / step) * step;
}

const BY_FORMAT: Readonly<Record<string, string>> = {
  "date": "2026-01-31",
  "date-time": "2026-01-31T12:00:00Z",
  "email": "name@example.com",
  "idn-email": "name@example.com",
  "ipv4": "192.0.2.1",
  "ipv6": "2001:db8::1",
  "uri": "https://example.com/",
  "uri-reference": "/path",
  "url": "https://example.com/",
  "uuid": "123e4567-e89b-42d3-a456-426614174000",
  "json-pointer": "/name",
};

function textFor({ format, minLength }: SchemaKeywords): string {
  const known = typeof format === "string" ? BY_FORMAT[format] : undefined;
  return known ?? "text".padEnd(typeof minLength === "number" ? minLength : 0, "x");
}
