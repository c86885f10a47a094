/** Which fields of a multipart body are files, as its schema and its encoding say. */
import { isRecord } from "../base/json.ts";
import { isFileSchema } from "./file_schema.ts";
import type { FieldEncoding, FileField } from "./operation.ts";
import { itemsAt, type Node, rawChild, type References, textAt } from "./reference.ts";

/** Schemas inside schemas that are looked at: lists of files, files that may be null. */
const MAX_DEPTH = 6;
/** Parts of these types are data, written as a field or by its schema. */
const DATA_TYPE = /^text\/plain\b|[/+](json|xml)\b|x-www-form-urlencoded/;

/** The properties of an object's schema by name, those of `allOf` first. */
export function propertyNodes(
  references: References,
  schema: Node | null,
  depth = MAX_DEPTH,
): Map<string, Node> {
  if (schema === null || depth === 0) return new Map();
  const node = references.follow(schema);
  const inherited = itemsAt(node, "allOf")
    .flatMap((part) => [...propertyNodes(references, part, depth - 1)]);
  return new Map([...inherited, ...references.members(rawChild(node, "properties"))]);
}

export function fileFields(
  references: References,
  schema: Node | null,
  encoding: ReadonlyMap<string, FieldEncoding>,
): Map<string, FileField> {
  const found = new Map<string, FileField>();
  for (const [name, node] of propertyNodes(references, schema)) {
    const file = fileIn(references, node) ?? openFile(references, node, encoding.get(name));
    if (file !== null) found.set(name, file);
  }
  return found;
}

function fileIn(references: References, schema: Node, depth = MAX_DEPTH): FileField | null {
  if (depth === 0) return null;
  const node = references.follow(schema);
  if (isRecord(node.value) && isFileSchema(node.value)) return fileField(node);
  const items = rawChild(node, "items");
  const parts = ["anyOf", "oneOf", "allOf"].flatMap((key) => itemsAt(node, key));
  for (const part of items === null ? parts : [...parts, items]) {
    const file = fileIn(references, part, depth - 1);
    if (file !== null) return file;
  }
  return null;
}

function fileField(node: Node): FileField {
  const encoding = textAt(node, "contentEncoding")?.toLowerCase();
  const mediaType = textAt(node, "contentMediaType");
  return {
    mediaType,
    isText: encoding === undefined && mediaType !== null && DATA_TYPE.test(mediaType),
    ...(encoding === "base64" || encoding === "base64url" ? { encoding } : {}),
  };
}

/** 3.1 leaves the schema of bytes out; the encoding gives their type. */
function openFile(
  references: References,
  schema: Node,
  encoding: FieldEncoding | undefined,
): FileField | null {
  const { value } = references.follow(schema);
  const isOpen = value === true || isRecord(value) && !Object.hasOwn(value, "type");
  const type = encoding?.contentType ?? null;
  return isOpen && type !== null && !DATA_TYPE.test(type)
    ? { mediaType: null, isText: false }
    : null;
}
