/** How files and parts with a name and a type of their own stand in the schema of arguments. */
import { isRecord, type JsonSchema, type JsonValue } from "../base/json.ts";
import { plainText } from "../http/plain_text.ts";

type Keywords = Readonly<Record<string, JsonValue>>;

/** A file with its name and type. */
export const PART_SCHEMA: JsonSchema = {
  type: "object",
  properties: {
    base64: { type: "string", description: "The bytes in base64" },
    file: { description: "The content as text, or as JSON; in place of base64" },
    filename: { type: "string" },
    type: { type: "string", description: "Media type, such as image/png" },
    content_type: { type: "string", description: "The same as type" },
  },
  additionalProperties: false,
};

/** What a caller may give where a file is wanted. */
export const FILE_SCHEMA: JsonSchema = {
  description: "A file: its text, or an object of base64 (or file, a text), filename and type",
  anyOf: [{ type: "string" }, PART_SCHEMA],
};

/** Texts that OpenAPI means as files: 3.0 `format: binary`, 3.1 `contentMediaType` and `contentEncoding`. */
export function isFileSchema(schema: Readonly<Record<string, unknown>>): boolean {
  if (schema.type === "file") return true;
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  return types.includes("string") &&
    (schema.format === "binary" || typeof schema.contentMediaType === "string" ||
      typeof schema.contentEncoding === "string");
}

/** A file in place of a text; the document's own words stay. */
export function fileSchema(source: Keywords): JsonSchema {
  const { description, title } = source;
  const isNullable = Array.isArray(source.type) && source.type.includes("null") ||
    source.nullable === true;
  const { anyOf, ...rest } = FILE_SCHEMA as Keywords;
  return {
    ...rest,
    anyOf: [...anyOf as readonly JsonValue[], ...(isNullable ? [{ type: "null" }] : [])],
    ...(typeof title === "string" ? { title } : {}),
    ...(typeof description === "string"
      ? { description: `${plainText(description)} (${rest.description})` }
      : {}),
  };
}

/** The schema of a multipart body with each part as a file of its own, too: with a name and a type. */
export function withParts(schema: JsonSchema): JsonSchema {
  if (!isRecord(schema) || !isRecord(schema.properties)) return schema;
  const properties = Object.fromEntries(
    Object.entries(schema.properties as Keywords).map(([name, part]) => [
      name,
      { anyOf: [part, PART_SCHEMA as JsonValue] },
    ]),
  );
  return { ...schema as Keywords, properties };
}
