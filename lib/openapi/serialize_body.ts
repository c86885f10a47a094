/** Request bodies as bytes: JSON, JSON lines, urlencoded forms, multipart, XML, text, binary. */
import { AppError } from "../base/error.ts";
import { isScalar } from "../base/exact_json.ts";
import { isRecord, type JsonObject, type JsonValue, scalarText } from "../base/json.ts";
import { fileValue, isFileObject } from "./file_value.ts";
import { multipartBody } from "./multipart_body.ts";
import { type BodyContent, PLAIN_FIELD } from "./operation.ts";
import { queryPairs } from "./serialize.ts";
import { xmlText } from "./serialize_xml.ts";

export interface SerializedBody {
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

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
  const { kind, mediaType } = content;
  const asText = (text: string, contentType = mediaType) => ({ contentType, bytes: utf8(text) });
  switch (kind) {
    case "json":
      return asText(JSON.stringify(value));
    case "jsonLines":
      return asText(jsonLines(mediaType, value));
    case "form":
      return asText(formText(content, fieldsOf(value, argument)));
    case "multipart":
      return multipartBody(content, partsOf(content, value, argument), argument);
    case "xml":
      return asText(typeof value === "string" ? value : xmlText(content, value, argument));
    case "text":
      return isFileObject(value)
        ? binaryBody(mediaType, value, argument)
        : asText(scalarText(value), mediaType.includes("*") ? "text/plain" : mediaType);
    case "binary":
      return binaryBody(mediaType, value, argument);
    case "any":
      return anyBody(mediaType, value, argument);
  }
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function binaryBody(mediaType: string, value: JsonValue, argument: string): SerializedBody {
  const file = fileValue(value, argument);
  const declared = mediaType.includes("*") ? null : mediaType;
  return {
    contentType: declared ?? file.contentType ?? "application/octet-stream",
    bytes: file.bytes,
  };
}

/** Where the document takes any type, the value decides: a file, a text, or data as JSON. */
function anyBody(mediaType: string, value: JsonValue, argument: string): SerializedBody {
  if (typeof value === "string" || isFileObject(value)) {
    return binaryBody(mediaType, value, argument);
  }
  return { contentType: "application/json", bytes: utf8(JSON.stringify(value)) };
}

function fieldsOf(value: JsonValue, argument: string): JsonObject {
  if (isRecord(value)) return value as JsonObject;
  throw new AppError("USAGE", `The argument "${argument}" is not valid: it must be an object`, {
    details: { argument },
  });
}

/** A form has named fields; the parts of other multipart bodies may be a list. */
function partsOf(
  { mediaType }: BodyContent,
  value: JsonValue,
  argument: string,
): JsonObject | readonly JsonValue[] {
  const mayBeList = mediaType !== "multipart/form-data";
  return mayBeList && Array.isArray(value) ? value : fieldsOf(value, argument);
}

/** RFC 7464 puts a record separator before each text; the other formats a newline after. */
function jsonLines(mediaType: string, value: JsonValue): string {
  const items = Array.isArray(value) ? value : [value];
  if (mediaType === "text/event-stream") return items.map(eventText).join("");
  const start = mediaType.endsWith("json-seq") ? "\x1e" : "";
  return items.map((item) => `${start}${JSON.stringify(item)}\n`).join("");
}

/** One event (HTML standard section 9.2.6): its fields where it is written as such, else data. */
function eventText(item: JsonValue): string {
  const fields = isRecord(item) && Object.hasOwn(item, "data")
    ? item as JsonObject
    : { data: item };
  const lines = Object.entries(fields).flatMap(([name, value]) =>
    scalarText(value).split(/\r\n|\r|\n/).map((line) => `${name}: ${line}\n`)
  );
  return `${lines.join("")}\n`;
}

/** Spaces become "+", as every form parser expects. A form has no null: a field is there or it is not. */
function formText(content: BodyContent, fields: JsonObject): string {
  const given = Object.entries(fields).filter(([, value]) => value !== null);
  const pairs = given.flatMap(([name, value]) => {
    const encoding = content.encoding.get(name) ?? PLAIN_FIELD;
    const asText = !encoding.styled && !isScalar(value) && !Array.isArray(value);
    return queryPairs({ ...encoding, name }, asText ? JSON.stringify(value) : value);
  });
  // Of reserved characters that stay, a plus sign would be read as a space.
  return pairs.join("&").replaceAll("+", "%2B").replaceAll("%20", "+");
}
