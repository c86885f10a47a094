/**
 * Multipart bodies: `form-data` (RFC 7578), `related` (RFC 2387), `mixed` and any other (RFC 2046 section 5.1).
 * Any part may be a file with a name and a type of its own.
 */
import { createHash } from "node:crypto";
import { concatBytes } from "../base/bytes.ts";
import { isScalar } from "../base/exact_json.ts";
import { type JsonObject, type JsonValue, scalarText } from "../base/json.ts";
import { typeByName } from "../base/type_by_name.ts";
import { toBase64Url } from "../http/base64.ts";
import { fileValue, isFileObject, isWantedFile } from "./file_value.ts";
import { type BodyContent, type FieldEncoding, type FileField, PLAIN_FIELD } from "./operation.ts";
import { chosenType } from "./part_type.ts";
import { fieldPairs } from "./serialize.ts";

interface Part {
  /** `null` for a part of a list. */
  readonly name: string | null;
  readonly fileName: string | null;
  /** `null` for a plain text field. */
  readonly contentType: string | null;
  readonly headers: FieldEncoding["headers"];
  readonly bytes: Uint8Array;
}

/** How one field is written. */
interface Field {
  readonly encoding: FieldEncoding;
  readonly file: FileField | null;
  readonly argument: string;
}

const CRLF = utf8("\r\n");

/** The boundary is drawn from the content, so that it cannot occur in it. */
export function multipartBody(
  content: BodyContent,
  value: JsonObject | readonly JsonValue[],
  argument: string,
): { readonly contentType: string; readonly bytes: Uint8Array } {
  const parts = Array.isArray(value)
    ? value.flatMap((item, at) => partsOf(null, item, itemOf(content, at, `${argument}.${at}`)))
    : orderedEntries(content, value as JsonObject).flatMap(([name, member]) =>
      partsOf(name, member, fieldOf(content, name, `${argument}.${name}`))
    );
  const digest = createHash("sha256");
  for (const part of parts) digest.update(part.name ?? "").update(part.bytes);
  const boundary = `keysmith-${digest.digest("hex").slice(0, 40)}`;
  const head = headWriter(content.mediaType);
  const chunks = parts.flatMap((
    part,
  ) => [utf8(`--${boundary}\r\n${head(part)}${ownHeaders(part)}\r\n`), part.bytes, CRLF]);
  return {
    contentType: typeWithBoundary(content.mediaType, boundary, parts),
    bytes: concatBytes([...chunks, utf8(`--${boundary}--\r\n`)]),
  };
}

/** Of `related` the first part is the root: the document's order counts, not the caller's. */
function orderedEntries(
  { mediaType, fields }: BodyContent,
  value: JsonObject,
): [string, JsonValue][] {
  const entries = Object.entries(value);
  if (mediaType === "multipart/form-data") return entries;
  const place = (name: string) => fields.includes(name) ? fields.indexOf(name) : fields.length;
  return entries.toSorted(([a], [b]) => place(a) - place(b));
}

function itemOf(
  { itemEncoding: { first, others } }: BodyContent,
  at: number,
  argument: string,
): Field {
  return { encoding: first[at] ?? others ?? PLAIN_FIELD, file: null, argument };
}

function fieldOf(content: BodyContent, name: string, argument: string): Field {
  return {
    encoding: content.encoding.get(name) ?? PLAIN_FIELD,
    file: content.files.get(name) ?? null,
    argument,
  };
}

function partsOf(name: string | null, value: JsonValue, field: Field): Part[] {
  // A form has no null: a field is there or it is not.
  if (value === null) return [];
  const { encoding, file } = field;
  const isFile = file !== null && !file.isText;
  const isWanted = isFile && (typeof value === "string" || isWantedFile(value));
  if (isWanted || isFileObject(value)) {
    return [filePart(name, value, field)];
  }
  const hasFiles = isFile || Array.isArray(value) && value.some(isFileObject);
  if (encoding.styled && !hasFiles && name !== null) {
    return fieldPairs({ ...encoding, name }, value)
      .map(([part, text]) => textPart(part, text, null, field));
  }
  if (Array.isArray(value) && name !== null) {
    return value.flatMap((item) => partsOf(name, item, field));
  }
  const fitting = isScalar(value) ? null : JSON_TYPE;
  const declared = chosenType(encoding.contentType ?? file?.mediaType ?? null, fitting);
  return [textPart(name, scalarText(value), declared ?? fitting, field)];
}

const JSON_TYPE = "application/json";

function textPart(
  name: string | null,
  text: string,
  contentType: string | null,
  { encoding: { headers } }: Field,
): Part {
  return { name, fileName: null, contentType, headers, bytes: utf8(text) };
}

/** The caller's own word comes first. */
function filePart(
  name: string | null,
  value: JsonValue,
  { encoding, file, argument }: Field,
): Part {
  const given = fileValue(value, argument);
  const byName = given.fileName === null ? null : typeByName(given.fileName);
  const declared = chosenType(encoding.contentType ?? file?.mediaType ?? null, byName);
  const bytes = file?.encoding === undefined
    ? given.bytes
    : encoded(given.bytes, value, file.encoding);
  return {
    name,
    fileName: given.fileName ?? name ?? "file",
    contentType: given.contentType ?? declared ?? "application/octet-stream",
    headers: encoding.headers,
    bytes,
  };
}

/** A field that holds base64 takes a text that is base64 already as it is. */
function encoded(
  bytes: Uint8Array,
  given: JsonValue,
  encoding: NonNullable<FileField["encoding"]>,
): Uint8Array {
  if (typeof given === "string" && /^[\w+/-]+={0,2}$/.test(given) && given.length % 4 !== 1) {
    return bytes;
  }
  const text = bytes.toBase64();
  return utf8(encoding === "base64url" ? toBase64Url(text) : text);
}

/** RFC 2387 section 3.1: `type` is that of the root. */
function typeWithBoundary(mediaType: string, boundary: string, [root]: readonly Part[]): string {
  const type = mediaType.includes("*") ? "multipart/mixed" : mediaType;
  if (type !== "multipart/related" || root === undefined) return `${type}; boundary=${boundary}`;
  return `${type}; boundary=${boundary}; type="${typeOf(root)}"`;
}

function typeOf({ contentType }: Part): string {
  return contentType === null ? "text/plain; charset=utf-8" : headerSafe(contentType);
}

/** The header lines of a part, each with its end. */
function headWriter(mediaType: string): (part: Part) => string {
  if (mediaType === "multipart/form-data") {
    return (part) =>
      disposition(part) + (part.contentType === null ? "" : `Content-Type: ${typeOf(part)}\r\n`);
  }
  if (mediaType !== "multipart/related") {
    // Server frameworks find parts of `mixed` by the same header as those of a form.
    return (part) => `Content-Type: ${typeOf(part)}\r\n${disposition(part)}`;
  }
  return (part) => {
    const { name, fileName } = part;
    const id = name === null ? "" : `Content-ID: <${encodeURIComponent(name)}>\r\n`;
    const isNamed = fileName !== null && fileName !== name;
    const named = isNamed
      ? `Content-Disposition: attachment; filename="${quotable(fileName)}"\r\n`
      : "";
    return `Content-Type: ${typeOf(part)}\r\n${id}${named}`;
  };
}

function ownHeaders({ headers }: Part): string {
  return headers.map(([name, value]) => `${name}: ${headerSafe(value)}\r\n`).join("");
}

function disposition({ name, fileName }: Part): string {
  const file = fileName === null ? "" : `; filename="${quotable(fileName)}"`;
  if (name !== null) {
    return `Content-Disposition: form-data; name="${quotable(name)}"${file}\r\n`;
  }
  return fileName === null ? "" : `Content-Disposition: attachment${file}\r\n`;
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** As browsers write names and file names (HTML standard, "multipart form data"). */
function quotable(text: string): string {
  return text.replaceAll("\n", "%0A").replaceAll("\r", "%0D").replaceAll('"', "%22");
}

function headerSafe(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "");
}
