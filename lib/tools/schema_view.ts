/** A schema of arguments, looked at through its references, and held against values. */
import { rawNumber } from "../base/exact_json.ts";
import { isRecord, type JsonObject, type JsonSchema, type JsonValue } from "../base/json.ts";
import { schemaProblems } from "../base/json_schema.ts";

/** References that lead to references. */
const MAX_CHAIN = 32;
/** Of `allOf` inside `allOf`. */
const MAX_DEPTH = 16;

export type SchemaKeywords = { readonly [keyword: string]: JsonValue };

/** By the root: schemas do not change, and each call of a tool looks at the same. */
const views = new WeakMap<object, SchemaView>();

/** A view that may be somebody else's, too. */
export function viewOf(root: JsonSchema): SchemaView {
  if (!isRecord(root)) return new SchemaView(root);
  const view = views.get(root) ?? new SchemaView(root);
  views.set(root, view);
  return view;
}

export class SchemaView {
  readonly #definitions: JsonObject;
  /** Whether a schema refers to definitions; those of large documents cost milliseconds to prepare. */
  readonly #refers = new WeakMap<object, boolean>();

  /** `root`: the schema whose `$defs` references point to. */
  constructor(root: JsonSchema) {
    const definitions = isRecord(root) ? root["$defs"] : undefined;
    this.#definitions = isRecord(definitions) ? definitions as JsonObject : {};
  }

  /** The keywords of a schema, a reference at its top followed; `true` has none. */
  keywords(schema: JsonValue | undefined): SchemaKeywords {
    let current = schema;
    for (let steps = 0; steps < MAX_CHAIN; steps++) {
      if (!isRecord(current)) return current === false ? { not: {} } : {};
      const { $ref, ...beside } = current as SchemaKeywords;
      const name = typeof $ref === "string" ? /^#\/\$defs\/(.+)$/s.exec($ref)?.[1] : undefined;
      if (name === undefined) return beside;
      const target = Object.hasOwn(this.#definitions, name) ? this.#definitions[name] : undefined;
      const hasMore = Object.keys(beside).some((key) => key !== "description" && key !== "title");
      current = hasMore
        ? { ...beside, allOf: [...listOf(beside["allOf"]), target ?? true] }
        : target;
    }
    return {};
  }

  /** The types that a value may have; none when any will do. Alternatives are not looked at. */
  types(schema: JsonValue | undefined, depth = MAX_DEPTH): string[] {
    const { type, allOf, enum: listed, const: only } = this.keywords(schema);
    if (typeof type === "string") return [type];
    if (Array.isArray(type)) return type.filter((name) => typeof name === "string");
    const values = only !== undefined ? [only] : Array.isArray(listed) ? listed : [];
    if (values.length > 0) return [...new Set(values.map(typeOf))];
    if (depth === 0) return [];
    return listOf(allOf).map((part) => this.types(part, depth - 1))
      .find((types) => types.length > 0) ?? [];
  }

  /** The schemas of an object's members, `allOf` included. */
  members(schema: JsonValue | undefined, depth = MAX_DEPTH): JsonObject {
    const { properties, allOf } = this.keywords(schema);
    const parts = depth === 0 ? [] : listOf(allOf);
    return Object.assign(
      Object.create(null),
      ...parts.map((part) => this.members(part, depth - 1)),
      isRecord(properties) ? properties : {},
    );
  }

  /** The names that an object must have, `allOf` included. */
  required(schema: JsonValue | undefined, depth = MAX_DEPTH): string[] {
    const { required, allOf } = this.keywords(schema);
    const parts = depth === 0 ? [] : listOf(allOf);
    const own = listOf(required).filter((name) => typeof name === "string");
    return [...own, ...parts.flatMap((part) => this.required(part, depth - 1))];
  }

  /** `anyOf` and `oneOf`. */
  alternatives(schema: JsonValue | undefined): readonly JsonValue[] {
    const { anyOf, oneOf } = this.keywords(schema);
    return [...listOf(anyOf), ...listOf(oneOf)];
  }

  /** Of the alternatives the only one of the value's type; `undefined` where none or several are. */
  alternativeFor(schema: JsonValue | undefined, value: JsonValue): JsonValue | undefined {
    const alike = this.alternatives(schema).filter((one) =>
      this.types(one).includes(typeOf(value))
    );
    return alike.length === 1 ? alike[0] : undefined;
  }

  /** @throws {TypeError} for a schema that cannot be used. */
  fits(schema: JsonValue | undefined, value: JsonValue): boolean {
    if (schema === undefined) return true;
    const whole = isRecord(schema) && this.#hasReference(schema)
      ? { ...schema, $defs: this.#definitions }
      : schema;
    return schemaProblems(whole as JsonSchema, withNumbers(value)).length === 0;
  }

  #hasReference(schema: Readonly<Record<string, unknown>>): boolean {
    const known = this.#refers.get(schema);
    if (known !== undefined) return known;
    const { $defs: _, ...own } = schema;
    const refers = JSON.stringify(own).includes('"$ref"');
    this.#refers.set(schema, refers);
    return refers;
  }
}

export function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** As JSON Schema names it; a whole number is an `integer`. */
export function typeOf(value: JsonValue): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (rawNumber(value) !== undefined) return "integer";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

/** For a validator: numbers that keep their digits become such as JavaScript has. */
function withNumbers(value: JsonValue): JsonValue {
  const digits = rawNumber(value);
  if (digits !== undefined) return Number(digits);
  if (typeof value !== "object" || value === null || !holdsRaw(value)) return value;
  if (Array.isArray(value)) return value.map(withNumbers);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, withNumbers(member)]),
  );
}

function holdsRaw(value: JsonValue): boolean {
  if (typeof value !== "object" || value === null) return false;
  return rawNumber(value) !== undefined || Object.values(value).some(holdsRaw);
}
