/**
 * Schemas of a document as JSON Schema 2020-12, for the arguments of a tool. References become `$defs`,
 * so that cycles stay cycles. What OpenAPI adds and a validator would misread is left out; what real
 * documents get wrong is read as leniently as the server they describe would.
 */
import { isRecord, type JsonSchema, type JsonValue } from "../base/json.ts";
import type { SpecVersion } from "./document.ts";
import { plainText } from "../http/plain_text.ts";
import { fileSchema, isFileSchema } from "./file_schema.ts";
import { type Node, rawChild, referenceOf, type References } from "./reference.ts";

/** Schema objects written per tool; what lies beyond accepts anything. Some documents reach thousands from one operation. */
const MAX_SCHEMAS = 1500;
/** Schemas nested without a reference. */
const MAX_DEPTH = 60;

const TYPES = ["array", "boolean", "integer", "null", "number", "object", "string"];

/** Keywords whose value is taken as it is. */
const PLAIN_KEYWORDS = [
  "title",
  "default",
  "const",
  "multipleOf",
  "maximum",
  "minimum",
  "maxLength",
  "minLength",
  "maxItems",
  "minItems",
  "uniqueItems",
  "maxProperties",
  "minProperties",
  "deprecated",
  "contentEncoding",
  "contentMediaType",
] as const;

/** Keywords that hold one schema. */
const SCHEMA_KEYWORDS = [
  "additionalProperties",
  "unevaluatedProperties",
  "propertyNames",
  "contains",
  "not",
  "if",
  "then",
  "else",
] as const;

/** Keywords that hold schemas by name. */
const MAP_KEYWORDS = ["properties", "patternProperties", "dependentSchemas"] as const;

/** Formats that servers read more loosely than the standards a validator goes by. */
const LOOSE_FORMATS = new Set(["time", "duration", "hostname", "regex", "uri-template", "uri"]);

type Writable = Record<string, JsonValue>;

export interface SchemaWriterOptions {
  /** Binary strings are files, as in multipart forms. */
  readonly files: boolean;
  /** Of what; default `request`. Of answers nothing is described in words or held to patterns. */
  readonly of?: "request" | "answer";
  /** Schema objects that are written; what lies beyond accepts anything. */
  readonly maxSchemas?: number;
}

export class SchemaWriter {
  readonly #references: References;
  readonly #version: SpecVersion;
  readonly #files: boolean;
  readonly #isRequest: boolean;
  readonly #maxSchemas: number;
  readonly #names = new Map<unknown, string>();
  readonly #pending: [string, Node][] = [];
  #written = 0;

  constructor(references: References, version: SpecVersion, options: SchemaWriterOptions) {
    const { files, of = "request", maxSchemas = MAX_SCHEMAS } = options;
    this.#references = references;
    this.#version = version;
    this.#files = files;
    this.#isRequest = of === "request";
    this.#maxSchemas = maxSchemas;
  }

  /** The schema, its references replaced by `#/$defs/…`. */
  write(node: Node | null): JsonSchema {
    return node === null ? true : this.#schema(node, 0);
  }

  /** As `write`, but a reference at the top is followed, so that its type can be seen. */
  writeFollowed(node: Node | null): JsonSchema {
    return node === null ? true : this.#schema(this.#references.follow(node), 0);
  }

  /** The definitions that everything written so far refers to. */
  definitions(): Record<string, JsonSchema> {
    const definitions: Writable = {};
    for (let next = this.#pending.shift(); next !== undefined; next = this.#pending.shift()) {
      define(definitions, next[0], this.#schema(next[1], 0) as JsonValue);
    }
    return definitions as Record<string, JsonSchema>;
  }

  #schema(node: Node, depth: number): JsonSchema {
    if (typeof node.value === "boolean") return node.value;
    if (!isRecord(node.value)) return true;
    if (++this.#written > this.#maxSchemas || depth > MAX_DEPTH) return true;
    const ref = referenceOf(node.value);
    if (ref === null) return this.#object(node, depth);
    const target = this.#definitionOf(node, ref);
    const hasSiblings = this.#version === "3.1" || this.#version === "3.2";
    return hasSiblings
      ? { ...this.#object(node, depth) as Writable, $ref: target }
      : orNull(node.value, { $ref: target });
  }

  #definitionOf(node: Node, ref: string): string {
    const target = this.#references.follow(node);
    let name = this.#names.get(target.value);
    if (name === undefined) {
      name = this.#newName(ref);
      this.#names.set(target.value, name);
      this.#pending.push([name, target]);
    }
    return `#/$defs/${name}`;
  }

  #newName(ref: string): string {
    const base = (ref.split("/").at(-1) ?? "").replace(/[^A-Za-z0-9_.-]+/g, "_") || "schema";
    const taken = new Set(this.#names.values());
    let name = base;
    for (let n = 2; taken.has(name); n++) name = `${base}_${n}`;
    return name;
  }

  #object(node: Node, depth: number): JsonSchema {
    const source = node.value as Readonly<Record<string, JsonValue>>;
    if (source.type === "file" || this.#files && isFileSchema(source)) return fileSchema(source);
    const schema: Writable = {};
    for (const key of PLAIN_KEYWORDS) {
      if (Object.hasOwn(source, key)) schema[key] = source[key]!;
    }
    this.#copyType(source, schema);
    copyBounds(source, schema);
    if (this.#isRequest) copyTexts(source, schema);
    else if (source.format === "int32") schema.format = "int32";
    this.#copyRequired(node, schema);
    for (const key of SCHEMA_KEYWORDS) {
      const child = rawChild(node, key);
      if (child !== null) schema[key] = this.#schema(child, depth + 1) as JsonValue;
    }
    for (const key of MAP_KEYWORDS) this.#copyMap(node, key, schema, depth);
    this.#copyItems(node, schema, depth);
    this.#copyUnions(node, schema, depth);
    return Object.hasOwn(schema, "type") ? schema : orNull(source, schema);
  }

  /** 3.0 `nullable` becomes a type; a type that JSON Schema does not know says nothing. */
  #copyType(source: Readonly<Record<string, JsonValue>>, schema: Writable): void {
    const declared = Array.isArray(source.type) ? source.type : [source.type];
    const types = declared.filter((type): type is string =>
      typeof type === "string" && TYPES.includes(type)
    );
    const nullable = source.nullable === true || source["x-nullable"] === true;
    if (types.length > 0) {
      const all = nullable && !types.includes("null") ? [...types, "null"] : types;
      schema.type = all.length === 1 ? all[0]! : all;
    }
    if (Array.isArray(source.enum) && source.enum.length > 0) {
      schema.enum = nullable && !source.enum.includes(null) ? [...source.enum, null] : source.enum;
    }
  }

  /** What only the server may write is not required of the caller, and the other way round. */
  #copyRequired(node: Node, schema: Writable): void {
    const required = rawChild(node, "required")?.value;
    if (!Array.isArray(required)) return;
    const properties = rawChild(node, "properties");
    const unsent = this.#isRequest ? "readOnly" : "writeOnly";
    const names = required.filter((name): name is string => typeof name === "string")
      .filter((name) => rawChild(rawChild(properties, name), unsent)?.value !== true);
    if (names.length > 0) schema.required = [...new Set(names)];
  }

  #copyMap(node: Node, key: string, schema: Writable, depth: number): void {
    const members = this.#references.members(rawChild(node, key));
    if (members.length === 0) return;
    const map: Writable = {};
    for (const [name, child] of members) {
      if (key === "patternProperties" && !isPattern(name)) continue;
      define(map, name, this.#schema(child, depth + 1) as JsonValue);
    }
    schema[key] = map;
  }

  #copyItems(node: Node, schema: Writable, depth: number): void {
    const items = rawChild(node, "items");
    const list = Array.isArray(items?.value) ? items : rawChild(node, "prefixItems");
    if (Array.isArray(list?.value)) {
      schema.prefixItems = list.value.map((value) =>
        this.#schema({ value, location: list.location }, depth + 1) as JsonValue
      );
    }
    if (items !== null && !Array.isArray(items.value)) {
      schema.items = this.#schema(items, depth + 1) as JsonValue;
    }
  }

  /**
   * `oneOf` is read as `anyOf`: documents list overlapping alternatives (integer and number), and a value
   * that fits two of them is not a mistake of the caller.
   */
  #copyUnions(node: Node, schema: Writable, depth: number): void {
    const all = this.#list(node, "allOf", depth);
    const unions = ["anyOf", "oneOf"].map((key) => this.#list(node, key, depth))
      .filter((union) => union.length > 0).map(withoutNullAlternative);
    const [only, ...more] = unions;
    if (only !== undefined && more.length === 0 && all.length === 0) {
      Object.assign(schema, merged(schema, only));
    } else if (unions.length > 0) all.push(...unions);
    if (all.length > 0) schema.allOf = all;
  }

  #list(node: Node, key: string, depth: number): Writable[] {
    const list = rawChild(node, key);
    if (!Array.isArray(list?.value)) return [];
    return list.value.map((value) => {
      const schema = this.#schema({ value, location: list.location }, depth + 1);
      return typeof schema === "boolean" ? (schema ? {} : { not: {} }) : { ...schema };
    });
  }
}

/**
 * 3.0 gives `nullable` a meaning beside a type alone; documents write it beside `allOf`, unions and references, and
 * mean the same.
 */
function orNull(source: Readonly<Record<string, unknown>>, schema: Writable): Writable {
  const isNullable = source.nullable === true || source["x-nullable"] === true;
  const says = ["$ref", "allOf", "anyOf"].some((key) => Object.hasOwn(schema, key));
  return isNullable && says ? { anyOf: [schema, { type: "null" }] } : schema;
}

/** `[{type: integer}, {type: "null"}]` is one schema with two types; anything else stays a union. */
function withoutNullAlternative(union: readonly Writable[]): Writable {
  const others = union.filter((schema) => schema.type !== "null");
  const [only] = others;
  const isNullable = others.length === 1 && union.length === 2 && typeof only?.type === "string" &&
    !Object.hasOwn(only, "enum") && !Object.hasOwn(only, "const");
  return isNullable ? { ...only, type: [only!.type!, "null"] } : { anyOf: [...union] };
}

/** Keywords of the schema itself win over those of its only alternative. */
function merged(schema: Writable, union: Writable): Writable {
  const clashes = Object.keys(union).some((key) =>
    Object.hasOwn(schema, key) && key !== "title" && key !== "description" && key !== "default"
  );
  return clashes ? { ...schema, allOf: [union] } : { ...union, ...schema };
}

/** 3.0 writes exclusive bounds as a flag beside the bound. */
function copyBounds(source: Readonly<Record<string, JsonValue>>, schema: Writable): void {
  const bounds = [["exclusiveMaximum", "maximum"], ["exclusiveMinimum", "minimum"]] as const;
  for (const [exclusive, inclusive] of bounds) {
    const value = source[exclusive];
    if (typeof value === "number") schema[exclusive] = value;
    if (value !== true || typeof source[inclusive] !== "number") continue;
    schema[exclusive] = source[inclusive];
    delete schema[inclusive];
  }
}

function copyTexts(source: Readonly<Record<string, JsonValue>>, schema: Writable): void {
  const { description, pattern, format } = source;
  if (typeof description === "string") schema.description = plainText(description);
  if (typeof pattern === "string" && isPattern(pattern)) schema.pattern = pattern;
  if (typeof format === "string" && !LOOSE_FORMATS.has(format)) schema.format = format;
}

/** Documents hold patterns of other regular expression dialects; those cannot be checked. */
function isPattern(pattern: string): boolean {
  try {
    new RegExp(pattern, "u");
    return true;
  } catch {
    return false;
  }
}

/** Sets an own property whatever its name, `__proto__` included. */
function define(target: Writable, name: string, value: JsonValue): void {
  Object.defineProperty(target, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
