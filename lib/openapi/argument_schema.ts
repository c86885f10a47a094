/** What a caller may and must give for an operation: one JSON Schema of all its arguments. */
import { isRecord, type JsonSchema, type JsonValue } from "../base/json.ts";
import { plainText } from "../http/plain_text.ts";
import type { Catalog } from "./catalog.ts";
import { FILE_SCHEMA } from "./file_value.ts";
import type { BodyContent, Operation, Parameter, RequestBody } from "./operation.ts";
import { SchemaWriter } from "./schema.ts";

export interface ArgumentSchemaOptions {
  /** The body's media type, where the operation accepts several; the preferred one by default. */
  readonly contentType?: string | undefined;
}

/**
 * `{ type: object, properties, required, additionalProperties: false, $defs }`.
 *
 * @throws {DocumentProblem} when a schema refers to something that is not there or not allowed.
 */
export function argumentSchema(
  catalog: Catalog,
  operation: Operation,
  options: ArgumentSchemaOptions = {},
): JsonSchema {
  const content = operation.body === null ? null : chooseContent(operation.body, options);
  const writer = new SchemaWriter(catalog.references, catalog.document.version, {
    files: content?.kind === "multipart",
  });
  const properties: Record<string, JsonValue> = {};
  const required: string[] = [];
  for (const parameter of operation.parameters) {
    properties[parameter.argument] = parameterSchema(writer, parameter) as JsonValue;
    if (parameter.required) required.push(parameter.argument);
  }
  if (operation.body !== null && content !== null) {
    properties[operation.body.argument] = bodySchema(writer, operation.body, content) as JsonValue;
    if (operation.body.required) required.push(operation.body.argument);
  }
  const definitions = writer.definitions();
  return {
    type: "object",
    properties,
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
    ...(Object.keys(definitions).length === 0 ? {} : { $defs: definitions as JsonValue }),
  };
}

/** The content a body is written as: the one asked for, else the preferred one. */
export function chooseContent(
  body: RequestBody,
  { contentType }: ArgumentSchemaOptions,
): BodyContent | null {
  if (contentType === undefined) return body.contents[0] ?? null;
  const wanted = contentType.split(";")[0]!.trim().toLowerCase();
  return body.contents.find(({ mediaType }) => mediaType === wanted) ?? null;
}

/**
 * A default the caller may leave to the server is told, not filled in; where the value is required, the
 * default or the only value allowed stands in for it.
 */
function parameterSchema(writer: SchemaWriter, parameter: Parameter): JsonSchema {
  const schema = writer.writeFollowed(parameter.schema);
  const own = isRecord(schema) ? schema as Readonly<Record<string, JsonValue>> : {};
  const { default: fallback, description: schemaDescription, ...rest } = own;
  const only = onlyValue(own);
  const filled = parameter.required ? fallback ?? only : undefined;
  const texts = [
    plainText(parameter.description) || schemaDescription,
    !parameter.required && fallback !== undefined ? `Default: ${JSON.stringify(fallback)}.` : "",
  ];
  const description = texts.filter((text) => typeof text === "string" && text !== "").join(" ");
  return {
    ...(parameter.schema === null ? { type: "string" } : rest),
    ...(description === "" ? {} : { description }),
    ...(filled === undefined ? {} : { default: filled }),
    ...(parameter.deprecated ? { deprecated: true } : {}),
  };
}

function onlyValue(schema: Readonly<Record<string, JsonValue>>): JsonValue | undefined {
  if (schema.const !== undefined) return schema.const;
  return Array.isArray(schema.enum) && schema.enum.length === 1 ? schema.enum[0] : undefined;
}

function bodySchema(writer: SchemaWriter, body: RequestBody, content: BodyContent): JsonSchema {
  const schema = contentSchema(writer, content);
  if (typeof schema === "boolean" || body.description === "") return schema;
  return { ...schema, description: plainText(body.description) };
}

function contentSchema(writer: SchemaWriter, content: BodyContent): JsonSchema {
  switch (content.kind) {
    case "binary":
      return FILE_SCHEMA;
    case "text":
      return { type: "string", description: `A text of type ${content.mediaType}` };
    default:
      return writer.writeFollowed(content.schema);
  }
}
