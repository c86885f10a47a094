/** What a caller may and must give for an operation: one JSON Schema of all its arguments. */
import { isRecord, type JsonSchema, type JsonValue } from "../base/json.ts";
import { plainText } from "../http/plain_text.ts";
import type { Catalog } from "./catalog.ts";
import { FILE_SCHEMA, withParts } from "./file_schema.ts";
import type { BodyContent, Operation, Parameter, RequestBody } from "./operation.ts";
import { ofType } from "./request_body.ts";
import { SchemaWriter } from "./schema.ts";

export interface ArgumentSchemaOptions {
  /** The body's media type, where the operation accepts several; all of them by default. */
  readonly contentType?: string | undefined;
  /** Parts of multipart bodies may be files with a name and a type, whatever the document says of them. */
  readonly namedParts?: boolean;
}

/**
 * `{ type: object, properties, required, additionalProperties: false, $defs }`.
 *
 * @throws {DocumentProblem} when a schema refers to something that is not there or not allowed.
 */
export function argumentSchema(
  catalog: Catalog,
  { parameters, body }: Operation,
  options: ArgumentSchemaOptions = {},
): JsonSchema {
  const contents = body === null ? [] : contentsFor(body, options);
  const writer = new SchemaWriter(catalog.references, catalog.document.version, {
    files: contents.some(({ kind }) => kind === "multipart"),
  });
  const properties: Record<string, JsonValue> = {};
  const required: string[] = [];
  for (const parameter of parameters) {
    properties[parameter.argument] = parameterSchema(writer, parameter) as JsonValue;
    if (parameter.required) required.push(parameter.argument);
  }
  if (body !== null && contents.length > 0) {
    properties[body.argument] = bodySchema(writer, body, contents, options) as JsonValue;
    if (body.required) required.push(body.argument);
    if (body.typeArgument !== null) properties[body.typeArgument] = typeSchema(body) as JsonValue;
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

function contentsFor(body: RequestBody, options: ArgumentSchemaOptions): readonly BodyContent[] {
  if (options.contentType === undefined) return body.contents;
  const chosen = chooseContent(body, options);
  return chosen === null ? [] : [chosen];
}

/** The media types that the body may be sent as; a range may be any type of it. */
function typeSchema({ contents }: RequestBody): JsonSchema {
  const types = contents.map(({ mediaType }) => mediaType);
  if (types.length === 1) {
    return { type: "string", description: `Media type of the body, one of ${types[0]}` };
  }
  const description = `Media type of the body; ${types[0]} where it fits`;
  return types.some((type) => type.includes("*"))
    ? { type: "string", description: `${description}. One of: ${types.join(", ")}` }
    : { type: "string", enum: types, description };
}

/** The content a body is written as: the one asked for, else the preferred one. */
export function chooseContent(
  body: RequestBody,
  { contentType }: ArgumentSchemaOptions,
): BodyContent | null {
  if (contentType === undefined) return body.contents[0] ?? null;
  const wanted = contentType.split(";")[0]!.trim().toLowerCase();
  const found = body.contents.find(({ mediaType }) => mediaType === wanted);
  if (found !== undefined) return found;
  const range = body.contents.find(({ mediaType }) => isInRange(wanted, mediaType));
  return range === undefined ? null : ofType(range, wanted);
}

/** `image/png` is in `image/*` and in a range of any type. */
function isInRange(type: string, range: string): boolean {
  if (range === "*/*") return /^[\w.+-]+\/[\w.+-]+$/.test(type);
  return range.endsWith("/*") && type.startsWith(range.slice(0, -1)) && !type.includes("*");
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

/** The schemas of all contents, each once: documents list types that differ in spelling alone. */
function bodySchema(
  writer: SchemaWriter,
  body: RequestBody,
  contents: readonly BodyContent[],
  { namedParts = false }: ArgumentSchemaOptions,
): JsonSchema {
  const written = contents.map((content) => {
    const schema = contentSchema(writer, content);
    return namedParts && content.kind === "multipart" ? withParts(schema) : schema;
  });
  const distinct = [...new Map(written.map((schema) => [JSON.stringify(schema), schema])).values()];
  const schema: JsonSchema = distinct.length === 1 || distinct.includes(true)
    ? distinct[0]!
    : { anyOf: distinct as JsonValue[] };
  if (typeof schema === "boolean" || body.description === "") return schema;
  return { ...schema, description: plainText(body.description) };
}

function contentSchema(writer: SchemaWriter, content: BodyContent): JsonSchema {
  switch (content.kind) {
    case "binary":
      return FILE_SCHEMA;
    case "text":
      return { type: "string", description: `A text of type ${content.mediaType}` };
    case "xml":
      return {
        anyOf: [
          writer.writeFollowed(content.schema) as JsonValue,
          { type: "string", description: "The XML itself" },
        ],
      };
    default:
      return writer.writeFollowed(content.schema);
  }
}
