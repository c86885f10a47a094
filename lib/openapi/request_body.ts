/** Request bodies: OpenAPI 3 `requestBody`, Swagger 2.0 `body` and `formData` parameters. */
import { isRecord } from "../base/json.ts";
import type { SpecVersion } from "./document.ts";
import type {
  BodyContent,
  BodyKind,
  FieldEncoding,
  ItemEncoding,
  RequestBody,
} from "./operation.ts";
import { explodesByDefault, parameterNodes, swaggerSerialization } from "./parameter.ts";
import { fileFields, propertyNodes } from "./file_fields.ts";
import { isFileSchema } from "./file_schema.ts";
import { describesXml } from "./serialize_xml.ts";
import {
  booleanAt,
  itemsAt,
  type Node,
  rawChild,
  type References,
  textAt,
  textsAt,
} from "./reference.ts";

export type NamelessBody = Omit<RequestBody, "argument" | "typeArgument">;

/** Which kind is preferred where an operation accepts several. */
const PREFERENCE: readonly BodyKind[] = [
  "json",
  "form",
  "multipart",
  "any",
  "xml",
  "jsonLines",
  "text",
  "binary",
];

/** The body of an operation; `null` when it has none. */
export function readBody(
  references: References,
  version: SpecVersion,
  operation: Node,
  path: Node,
): NamelessBody | null {
  if (version === "2.0") return swaggerBody(references, operation, path);
  const node = references.child(operation, "requestBody");
  if (node === null) return null;
  const contents = references.members(rawChild(node, "content"))
    .map(([mediaType, media]) => readContent(references, mediaType, references.follow(media)));
  if (contents.length === 0) return null;
  return {
    required: booleanAt(node, "required") === true,
    description: textAt(node, "description") ?? "",
    contents: byPreference(contents),
  };
}

function byPreference(contents: readonly BodyContent[]): BodyContent[] {
  return contents.toSorted((a, b) => PREFERENCE.indexOf(a.kind) - PREFERENCE.indexOf(b.kind));
}

function readContent(references: References, declared: string, media: Node): BodyContent {
  const mediaType = declared.split(";")[0]!.trim().toLowerCase();
  const itemSchema = rawChild(media, "itemSchema");
  const schema = rawChild(media, "schema") ?? (itemSchema === null ? null : arrayOf(itemSchema));
  const encodings = references.members(rawChild(media, "encoding"));
  const encoding = new Map(
    encodings.map(([name, node]) => [name, readEncoding(references, node)]),
  );
  const others = rawChild(media, "itemEncoding");
  const itemEncoding = {
    first: itemsAt(media, "prefixEncoding").map((node) => readEncoding(references, node)),
    others: others === null ? null : readEncoding(references, others),
  };
  return { encoding, itemEncoding, ...describedContent(references, mediaType, schema, encoding) };
}

const NO_ITEMS: ItemEncoding = { first: [], others: null };

/** The content of a range as one type of it. */
export function ofType(
  { references, schema, encoding, itemEncoding }: BodyContent,
  mediaType: string,
): BodyContent {
  return { encoding, itemEncoding, ...describedContent(references, mediaType, schema, encoding) };
}

/** What media type and schema say together. */
function describedContent(
  references: References,
  mediaType: string,
  schema: Node | null,
  encoding: BodyContent["encoding"],
): Omit<BodyContent, "encoding" | "itemEncoding"> {
  const kind = bodyKind(references, mediaType, schema);
  const isMultipart = kind === "multipart";
  return {
    mediaType,
    kind,
    schema,
    fields: isMultipart ? [...propertyNodes(references, schema).keys()] : [],
    files: isMultipart ? fileFields(references, schema, encoding) : new Map(),
    references,
  };
}

/** OpenAPI 3.2 `itemSchema` describes one item of a sequence; the body is the sequence. */
function arrayOf(items: Node): Node {
  return { value: { type: "array", items: items.value }, location: items.location };
}

/** What a media type asks of the one who writes it. Unknown types take any bytes. */
function bodyKind(references: References, mediaType: string, schema: Node | null): BodyKind {
  if (isSequenceType(mediaType)) return "jsonLines";
  if (/[/+]json$/.test(mediaType)) return "json";
  if (mediaType === "application/x-www-form-urlencoded") return "form";
  if (mediaType.startsWith("multipart/")) return "multipart";
  if (/^(\*|application)\/\*$/.test(mediaType)) {
    return isPlainText(references, schema) ? "text" : "any";
  }
  if (/[/+]xml$/.test(mediaType)) return describesXml(references, schema) ? "xml" : "text";
  const isText = mediaType.startsWith("text/") ||
    /[/+](yaml|graphql|javascript|sparql-query|x-yaml|sql)$/.test(mediaType);
  return isText ? "text" : "binary";
}

/** Media types of items that come one by one (OpenAPI 3.2 section 4.14.2, "Sequential Media Types"). */
function isSequenceType(mediaType: string): boolean {
  return /^application\/(x-ndjson|ndjson|jsonl|x-jsonlines|json-seq)$|\+json-seq$|^text\/event-stream$/
    .test(mediaType);
}

function isPlainText(references: References, schema: Node | null): boolean {
  const value = schema === null ? null : references.follow(schema).value;
  return isRecord(value) && value.type === "string" && !isFileSchema(value);
}

function readEncoding(references: References, raw: Node): FieldEncoding {
  const node = references.follow(raw);
  const declared = textAt(node, "style");
  const style = declared === "spaceDelimited" || declared === "pipeDelimited" ||
      declared === "deepObject"
    ? declared
    : "form";
  const styled = ["style", "explode", "allowReserved"].some((key) => rawChild(node, key) !== null);
  return {
    style,
    explode: booleanAt(node, "explode") ?? explodesByDefault(style),
    allowReserved: booleanAt(node, "allowReserved") === true,
    styled,
    contentType: textAt(node, "contentType"),
    headers: references.members(rawChild(node, "headers")).flatMap(([name, header]) =>
      fixedHeader(references, name, header)
    ),
  };
}

/** Nobody can give a part's header: one that the document says the value of is sent. The type has its own place. */
function fixedHeader(
  references: References,
  name: string,
  header: Node,
): (readonly [string, string])[] {
  const { value } = references.follow(rawChild(references.follow(header), "schema") ?? header);
  const fixed = isRecord(value) ? value.const ?? value.default : undefined;
  const isType = name.toLowerCase() === "content-type" || !/^[\w!#$%&'*+.^`|~-]+$/.test(name);
  return isType || !["string", "number", "boolean"].includes(typeof fixed)
    ? []
    : [[name, String(fixed)]];
}

/** `consumes` of the operation, else of the document, chooses between the two form types. */
function swaggerBody(references: References, operation: Node, path: Node): NamelessBody | null {
  const nodes = parameterNodes(references, [path, operation]);
  const body = nodes.findLast((node) => textAt(node, "in") === "body");
  const consumes = consumedTypes(references, operation);
  if (body !== undefined) return swaggerPlainBody(references, body, consumes);
  const fields = nodes.filter((node) => textAt(node, "in") === "formData");
  return fields.length === 0 ? null : swaggerForm(references, fields, consumes);
}

function consumedTypes(references: References, operation: Node): string[] {
  const own = textsAt(operation, "consumes");
  const types = own.length > 0 ? own : textsAt(references.root, "consumes");
  return types.map((type) => type.split(";")[0]!.trim().toLowerCase());
}

function swaggerPlainBody(
  references: References,
  body: Node,
  consumes: readonly string[],
): NamelessBody {
  const types = consumes.filter((type) => type !== "application/x-www-form-urlencoded");
  const schema = rawChild(body, "schema");
  const contents = (types.length > 0 ? types : ["application/json"]).map((mediaType) => ({
    encoding: new Map(),
    itemEncoding: NO_ITEMS,
    ...describedContent(references, mediaType, schema, new Map()),
  }));
  return {
    required: booleanAt(body, "required") === true,
    description: textAt(body, "description") ?? "",
    contents: byPreference(contents),
  };
}

function swaggerForm(
  references: References,
  fields: readonly Node[],
  consumes: readonly string[],
): NamelessBody {
  const hasFile = fields.some((node) => textAt(node, "type") === "file");
  const isMultipart = hasFile ||
    consumes.includes("multipart/form-data") &&
      !consumes.includes("application/x-www-form-urlencoded");
  const required = fields.filter((node) => booleanAt(node, "required") === true);
  const named = fields.map((node) => [textAt(node, "name") ?? "", node] as const);
  const value = {
    type: "object",
    properties: Object.fromEntries(named.map(([name, node]) => [name, node.value])),
    required: required.map((node) => textAt(node, "name") ?? ""),
  };
  const schema = { value, location: fields[0]!.location };
  const mediaType = isMultipart ? "multipart/form-data" : "application/x-www-form-urlencoded";
  const encoding = new Map(named.map(([name, node]) => [name, {
    ...swaggerSerialization(node, "formData"),
    styled: true,
    contentType: null,
    headers: [],
  }]));
  const content = {
    encoding,
    itemEncoding: NO_ITEMS,
    ...describedContent(references, mediaType, schema, encoding),
  };
  return { required: required.length > 0, description: "", contents: [content] };
}
