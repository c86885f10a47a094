/** The first place where arguments do not fit their schema, and what to say of it. */
import { isRecord, type JsonObject, type JsonValue } from "../base/json.ts";
import { isSecretName } from "../http/vocabulary.ts";
import { exampleFor, fitWords } from "./schema_words.ts";
import { listOf, type SchemaView, typeOf } from "./schema_view.ts";

export interface Misfit {
  /** Names and indexes from the arguments down. */
  readonly path: readonly string[];
  /** What came and what fits: `it is the text "five", and a whole number fits`. */
  readonly problem: string;
  /** A value that fits in this place. */
  readonly example: JsonValue | undefined;
}

const MAX_DEPTH = 64;
/** Longer texts are not quoted. In UTF-16 units. */
const MAX_QUOTED = 40;

/** Where `value` does not fit; `null` when it does. @throws {TypeError} for a schema that cannot be used. */
export function misfitIn(
  view: SchemaView,
  schema: JsonValue | undefined,
  value: JsonValue,
  path: readonly string[] = [],
): Misfit | null {
  if (schema === undefined || view.fits(schema, value)) return null;
  return (path.length > MAX_DEPTH ? null : inside(view, schema, value, path)) ??
    whole(view, schema, value, path);
}

function inside(
  view: SchemaView,
  schema: JsonValue,
  value: JsonValue,
  path: readonly string[],
): Misfit | null {
  const below = (part: JsonValue | undefined, member: JsonValue, name: string) =>
    misfitIn(view, part, member, [...path, name]);
  if (Array.isArray(value)) {
    const { items, prefixItems } = view.keywords(schema);
    const first = listOf(prefixItems);
    return firstOf(value, (item: JsonValue, at) => below(first[at] ?? items, item, `${at}`));
  }
  if (typeOf(value) !== "object") return null;
  const object = value as JsonObject;
  const members = view.members(schema);
  const absent = view.required(schema).find((name) => !Object.hasOwn(object, name));
  if (absent !== undefined) return missing(view, members[absent], [...path, absent]);
  const { additionalProperties: others } = view.keywords(schema);
  return firstOf(Object.keys(object), (name) => {
    if (Object.hasOwn(members, name)) return below(members[name], object[name]!, name);
    return others === false
      ? unknown(Object.keys(members), [...path, name])
      : below(others, object[name]!, name);
  }) ?? firstOf(candidates(view, schema, value), (part) => misfitIn(view, part, value, path));
}

/** Parts of a schema that the value has to fit: of alternatives the only one of its type. */
function candidates(view: SchemaView, schema: JsonValue, value: JsonValue): JsonValue[] {
  const alike = view.alternativeFor(schema, value);
  return [...listOf(view.keywords(schema)["allOf"]), ...(alike === undefined ? [] : [alike])];
}

function firstOf<T>(
  items: readonly T[],
  find: (item: T, at: number) => Misfit | null,
): Misfit | null {
  for (const [at, item] of items.entries()) {
    const found = find(item, at);
    if (found !== null) return found;
  }
  return null;
}

function whole(
  view: SchemaView,
  schema: JsonValue,
  value: JsonValue,
  path: readonly string[],
): Misfit {
  const words = fitWords(view, schema);
  return {
    path,
    problem: `it is ${cameWords(value, path)}, and ${words} fits`,
    example: exampleFor(view, schema),
  };
}

function missing(
  view: SchemaView,
  schema: JsonValue | undefined,
  path: readonly string[],
): Misfit {
  return {
    path,
    problem: `it is missing, and ${fitWords(view, schema)} fits`,
    example: exampleFor(view, schema),
  };
}

function unknown(names: readonly string[], path: readonly string[]): Misfit {
  const known = names.length === 0 ? "" : `; there are: ${names.join(", ")}`;
  return { path, problem: `no member has this name${known}`, example: undefined };
}

/** `the text "five"`, `the number 7`; a text that may be a secret by its size alone. */
function cameWords(value: JsonValue, path: readonly string[]): string {
  switch (typeOf(value)) {
    case "null":
      return "null";
    case "integer":
    case "number":
      return `the number ${JSON.stringify(value)}`;
    case "boolean":
      return JSON.stringify(value);
    case "array":
      return "a list";
    case "object":
      return isRecord(value) ? `an object of ${Object.keys(value).join(", ")}`.slice(0, 120) : "";
    default:
      return textWords(String(value), path);
  }
}

function textWords(text: string, path: readonly string[]): string {
  if (text === "") return "an empty text";
  const mixes = text.split(/[^A-Za-z0-9]+/).some((part) =>
    /[A-Za-z]/.test(part) && /\d/.test(part)
  );
  const isShown = text.length <= MAX_QUOTED && !mixes && !path.some(isSecretName);
  return isShown ? `the text ${JSON.stringify(text)}` : `a text of ${text.length} characters`;
}
