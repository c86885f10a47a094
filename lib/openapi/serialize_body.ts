/** Request bodies as bytes: JSON, JSON lines, urlencoded forms, multipart forms with files, text, binary. */
import { createHash } from "node:crypto";
import { concatBytes } from "../base/bytes.ts";
import { AppError } from "../base/error.ts";
import { isScalar } from "../base/exact_json.ts";
import { isRecord, type JsonObject, type JsonValue } from "../base/json.ts";
import { fileValue, isFileObject } from "./file_value.ts";
import type { BodyContent, FieldEncoding } from "./operation.ts";
import { fieldPairs, queryPairs, scalarText } from "./serialize.ts";

export interface SerializedBody {
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

interface Part {
  readonly name: string;
  readonly fileName: string | null;
  /** `null` for a plain text field. */
  readonly contentType: string | null;
  readonly bytes: Uint8Array;
}

/** A property for which the document gives no encoding (OpenAPI 3.x section "Encoding Object"). */
const PLAIN_FIELD: FieldEncoding = {
  style: "form",
  explode: true,
  allowReserved: false,
  styled: false,
  contentType: null,
};

/**
 * The value as the content's media type writes it.
 *
 * @param argument Named in errors.
 * @throws {AppError} `USAGE` when the value has no form in that media type.
 */
export function serializeBody(
  content: BodyContent,
  value: JsonValue,
  argument: string,
): SerializedBody {
  switch (content.kind) {
    case "json":
      return { contentType: content.mediaType, bytes: utf8(JSON.stringify(value)) };
    case "jsonLines":
      return { contentType: content.mediaType, bytes: utf8(jsonLines(content.mediaType, value)) };
    case "form":
      return {
        contentType: content.mediaType,
        bytes: utf8(formText(content, fieldsOf(value, argument))),
      };
    case "multipart":
      return multipartBody(content, fieldsOf(value, argument), argument);
    case "text":
      return { contentType: content.mediaType, bytes: utf8(scalarText(value)) };
    case "binary": {
      const file = fileValue(value, argument);
      const declared = content.mediaType.includes("*") ? null : content.mediaType;
      return {
        contentType: declared ?? file.contentType ?? "application/octet-stream",
        bytes: file.bytes,
      };
    }
  }
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function fieldsOf(value: JsonValue, argument: string): JsonObject {
  if (isRecord(value)) return value as JsonObject;
  throw new AppError("USAGE", `The argument "${argument}" is not valid: it must be an object`, {
    details: { argument },
  });
}

/** RFC 7464 puts a record separator before each text; the other formats a newline after. */
function jsonLines(mediaType: string, value: JsonValue): string {
  const items = Array.isArray(value) ? value : [value];
  const start = mediaType === "application/json-seq" ? "\x1e" : "";
  return items.map((item) => `${start}${JSON.stringify(item)}\n`).join("");
}

/** Spaces become "+", as every form parser expects. */
function formText(content: BodyContent, fields: JsonObject): string {
  const pairs = Object.entries(fields).flatMap(([name, value]) => {
    const encoding = content.encoding.get(name) ?? PLAIN_FIELD;
    const asText = !encoding.styled && !isScalar(value) && !Array.isArray(value);
    return queryPairs({ ...encoding, name }, asText ? JSON.stringify(value) : value);
  });
  return pairs.join("&").replaceAll("%20", "+");
}

/** RFC 7578. The boundary is drawn from the content, so that it cannot occur in it. */
function multipartBody(content: BodyContent, fields: JsonObject, argument: string): SerializedBody {
  const parts = Object.entries(fields).flatMap(([name, value]) =>
    partsOf(name, value, content.encoding.get(name) ?? PLAIN_FIELD, argument)
  );
  const digest = createHash("sha256");
  for (const part of parts) digest.update(part.name).update(part.bytes);
  const boundary = `keysmith-${digest.digest("hex").slice(0, 40)}`;
  const chunks = parts.flatMap((part) => [utf8(partHead(boundary, part)), part.bytes, CRLF]);
  const bytes = concatBytes([...chunks, utf8(`--${boundary}--\r\n`)]);
  return { contentType: `multipart/form-data; boundary=${boundary}`, bytes };
}

const CRLF = utf8("\r\n");

function partsOf(
  name: string,
  value: JsonValue,
  encoding: FieldEncoding,
  argument: string,
): Part[] {
  if (isFileObject(value)) return [filePart(name, value, encoding, argument)];
  const hasFiles = Array.isArray(value) && value.some(isFileObject);
  if (encoding.styled && !hasFiles) {
    return fieldPairs({ ...encoding, name }, value)
      .map(([field, text]) => textPart(field, text, null));
  }
  if (Array.isArray(value)) {
    return value.flatMap((item) => partsOf(name, item, encoding, argument));
  }
  const declared = encoding.contentType?.includes("*") ? null : encoding.contentType;
  return [
    textPart(name, scalarText(value), declared ?? (!isScalar(value) ? "application/json" : null)),
  ];
}

function textPart(name: string, text: string, contentType: string | null): Part {
  return { name, fileName: null, contentType, bytes: utf8(text) };
}

/** `encoding.contentType` may list several types or ranges; the caller's own word comes first. */
function filePart(
  name: string,
  value: JsonValue,
  encoding: FieldEncoding,
  argument: string,
): Part {
  const file = fileValue(value, `${argument}.${name}`);
  const declared = encoding.contentType?.split(",")[0]?.trim();
  const usable = declared?.includes("*") ? undefined : declared;
  return {
    name,
    fileName: file.fileName ?? name,
    contentType: file.contentType ?? usable ?? "application/octet-stream",
    bytes: file.bytes,
  };
}

function partHead(boundary: string, part: Part): string {
  const fileName = part.fileName === null ? "" : `; filename="${quotable(part.fileName)}"`;
  const type = part.contentType === null ? "" : `Content-Type: ${headerSafe(part.contentType)}\r\n`;
  return `--${boundary}\r\nContent-Disposition: form-data; name="${
    quotable(part.name)
  }"${fileName}` +
    `\r\n${type}\r\n`;
}

/** As browsers write names and file names (HTML standard, "multipart form data"). */
function quotable(text: string): string {
  return text.replaceAll("\n", "%0A").replaceAll("\r", "%0D").replaceAll('"', "%22");
}

function headerSafe(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "");
}
