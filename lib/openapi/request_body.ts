/** Request bodies: OpenAPI 3 `requestBody`, Swagger 2.0 `body` and `formData` parameters. */
import type { SpecVersion } from "./document.ts";
import type { BodyContent, BodyKind, FieldEncoding, RequestBody } from "./operation.ts";
import { explodesByDefault, parameterNodes, swaggerSerialization } from "./parameter.ts";
import { booleanAt, itemsAt, type Node, rawChild, type References, textAt } from "./reference.ts";

export type NamelessBody = Omit<RequestBody, "argument">;

/** Which kind is preferred where an operation accepts several. */
const PREFERENCE: readonly BodyKind[] = [
  "json",
  "form",
  "multipart",
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
  const encodings = references.members(rawChild(media, "encoding"));
  return {
    mediaType,
    kind: bodyKind(mediaType),
    schema: rawChild(media, "schema") ??
      (itemSchema === null ? null : arrayOf(itemSchema)),
    encoding: new Map(
      encodings.map(([name, node]) => [name, readEncoding(references.follow(node))]),
    ),
  };
}

/** OpenAPI 3.2 `itemSchema` describes one item of a sequence; the body is the sequence. */
function arrayOf(items: Node): Node {
  return { value: { type: "array", items: items.value }, location: items.location };
}

/** What a media type asks of the one who writes it. Unknown and `*` types take any bytes. */
function bodyKind(mediaType: string): BodyKind {
  if (/^application\/(x-ndjson|ndjson|jsonl|x-jsonlines|json-seq)$/.test(mediaType)) {
    return "jsonLines";
  }
  if (/[/+]json$/.test(mediaType)) return "json";
  if (mediaType === "application/x-www-form-urlencoded") return "form";
  if (mediaType === "multipart/form-data") return "multipart";
  const isText = mediaType.startsWith("text/") ||
    /[/+](xml|yaml|graphql|javascript|sparql-query|x-yaml|sql)$/.test(mediaType);
  return isText ? "text" : "binary";
}

function readEncoding(node: Node): FieldEncoding {
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
  };
}

/** `consumes` of the operation, else of the document, chooses between the two form types. */
function swaggerBody(references: References, operation: Node, path: Node): NamelessBody | null {
  const nodes = parameterNodes(references, [path, operation]);
  const body = nodes.findLast((node) => textAt(node, "in") === "body");
  const consumes = consumedTypes(references, operation);
  if (body !== undefined) return swaggerPlainBody(body, consumes);
  const fields = nodes.filter((node) => textAt(node, "in") === "formData");
  return fields.length === 0 ? null : swaggerForm(fields, consumes);
}

function consumedTypes(references: References, operation: Node): string[] {
  const own = itemsAt(operation, "consumes");
  const types = own.length > 0 ? own : itemsAt(references.root, "consumes");
  return types.map(({ value }) => String(value).split(";")[0]!.trim().toLowerCase());
}

function swaggerPlainBody(body: Node, consumes: readonly string[]): NamelessBody {
  const types = consumes.filter((type) => bodyKind(type) !== "form");
  const contents = (types.length > 0 ? types : ["application/json"]).map((mediaType) => ({
    mediaType,
    kind: bodyKind(mediaType),
    schema: rawChild(body, "schema"),
    encoding: new Map(),
  }));
  return {
    required: booleanAt(body, "required") === true,
    description: textAt(body, "description") ?? "",
    contents: byPreference(contents),
  };
}

function swaggerForm(fields: readonly Node[], consumes: readonly string[]): NamelessBody {
  const hasFile = fields.some((node) => textAt(node, "type") === "file");
  const isMultipart = hasFile ||
    consumes.includes("multipart/form-data") &&
      !consumes.includes("application/x-www-form-urlencoded");
  const required = fields.filter((node) => booleanAt(node, "required") === true);
  const named = fields.map((node) => [textAt(node, "name") ?? "", node] as const);
  const schema = {
    type: "object",
    properties: Object.fromEntries(named.map(([name, node]) => [name, node.value])),
    required: required.map((node) => textAt(node, "name") ?? ""),
  };
  const content: BodyContent = {
    mediaType: isMultipart ? "multipart/form-data" : "application/x-www-form-urlencoded",
    kind: isMultipart ? "multipart" : "form",
    schema: { value: schema, location: fields[0]!.location },
    encoding: new Map(named.map(([name, node]) => [name, {
      ...swaggerSerialization(node, "formData"),
      styled: true,
      contentType: null,
    }])),
  };
  return { required: required.length > 0, description: "", contents: [content] };
}
