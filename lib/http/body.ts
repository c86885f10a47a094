/** Bodies by content type. Nothing here throws: what cannot be parsed is text or binary. */
import type { JsonValue } from "../base/json.ts";
import { parseJson } from "../base/json.ts";
import { base64DecodeBytes } from "./base64.ts";
import type { HeaderList } from "./exchange.ts";
import { contentTypeParameter, mediaType } from "./headers.ts";
import { formPairs } from "./url.ts";

export interface MultipartPart {
  readonly name: string;
  /** Present for files. */
  readonly fileName: string | undefined;
  readonly value: string;
}

export type ParsedBody =
  | { readonly kind: "none" }
  | { readonly kind: "form"; readonly fields: readonly (readonly [string, string])[] }
  | { readonly kind: "json"; readonly value: JsonValue }
  | { readonly kind: "multipart"; readonly parts: readonly MultipartPart[] }
  | { readonly kind: "html"; readonly text: string }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "binary" };

/** The body as text in its declared charset, UTF-8 when none or an unknown one is declared. */
export function bodyText(headers: HeaderList, body: Uint8Array): string {
  const charset = contentTypeParameter(headers, "charset") ?? "utf-8";
  if (/^utf-8$/i.test(charset)) return utf8.decode(body);
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    return utf8.decode(body);
  }
}

const utf8 = new TextDecoder();

/** Encodings in which a byte below 128 is always that character of ASCII (WHATWG Encoding, section 4.2). */
const ASCII_BASED = /^(utf-8|windows-(125\d|874)|iso-8859-\d+(-i)?|koi8-[ru]|macintosh|ibm866)$/;

/** The body as it is where its encoding keeps ASCII apart, else as UTF-8: for looking without decoding. */
export function asciiBasedBody(headers: HeaderList, body: Uint8Array): Uint8Array {
  const charset = contentTypeParameter(headers, "charset") ?? "utf-8";
  if (ASCII_BASED.test(charset.toLowerCase())) return body;
  return new TextEncoder().encode(bodyText(headers, body));
}

/** The body by its content type, or by its look where the type is missing or says nothing. */
export function parseBody(headers: HeaderList, body: Uint8Array | null): ParsedBody {
  if (body === null || body.length === 0) return { kind: "none" };
  return isBinary(headers, body) ? { kind: "binary" } : parseText(headers, bodyText(headers, body));
}

/** As `parseBody`, with the text that was parsed: `""` without a body, `null` for a binary one. */
export function parseBodyText(
  headers: HeaderList,
  body: Uint8Array,
): { readonly content: ParsedBody; readonly text: string | null } {
  if (body.length === 0) return { content: { kind: "none" }, text: "" };
  if (isBinary(headers, body)) return { content: { kind: "binary" }, text: null };
  const text = bodyText(headers, body);
  const content = parseText(headers, text);
  return { content, text: content.kind === "binary" ? null : text };
}

function parseText(headers: HeaderList, text: string): ParsedBody {
  const type = mediaType(headers);
  if (type === "multipart/form-data") {
    const boundary = contentTypeParameter(headers, "boundary") ?? boundaryOf(text);
    if (boundary !== undefined) return { kind: "multipart", parts: multipartParts(text, boundary) };
  }
  if (type === "application/x-www-form-urlencoded") {
    return formOrJson(text, contentTypeParameter(headers, "charset"));
  }
  if (/[/+]html\b|xhtml/.test(type)) return { kind: "html", text };
  const trimmed = text.trimStart();
  if (/^[{["]/.test(trimmed) || /[/+]json\b/.test(type)) {
    const value = parseJson(stripJsonGuard(trimmed));
    if (value !== undefined) return { kind: "json", value };
  }
  if (type === "" && /^<(!doctype html|html)/i.test(trimmed)) return { kind: "html", text };
  return text.includes("\0") ? { kind: "binary" } : { kind: "text", text };
}

/** In bytes; longer ones are files. */
const MAX_UNTYPED = 262_144;

/** Bytes of unknown type (RFC 2046 section 4.5.1) may be JSON all the same. */
function isBinary(headers: HeaderList, body: Uint8Array): boolean {
  const type = mediaType(headers);
  if (!isBinaryType(type)) return false;
  const mayBeJson = type === "application/octet-stream" && body.length <= MAX_UNTYPED &&
    (body[0] === 0x7b || body[0] === 0x5b);
  return !mayBeJson || parseJson(bodyText(headers, body)) === undefined;
}

function isBinaryType(type: string): boolean {
  return /^(image|audio|video|font)\//.test(type) && type !== "image/svg+xml" ||
    /^application\/(octet-stream|pdf|zip|gzip|wasm|x-protobuf|grpc)/.test(type);
}

/** The fields of a form by name, in order, however it is encoded; none for another body. */
export function formFieldsOf(body: ParsedBody): readonly (readonly [string, string])[] {
  if (body.kind === "form") return body.fields;
  return body.kind === "multipart" ? body.parts.map(({ name, value }) => [name, value]) : [];
}

/** Some clients send JSON under the form type. */
function formOrJson(text: string, charset: string | undefined): ParsedBody {
  if (/^\s*[{[]/.test(text)) {
    const value = parseJson(text);
    if (value !== undefined) return { kind: "json", value };
  }
  return { kind: "form", fields: formPairs(text, charset) };
}

/** JSON, behind a prefix against script inclusion or without one; `undefined` for other text. */
export function parseGuardedJson(text: string): JsonValue | undefined {
  return parseJson(stripJsonGuard(text.trim()));
}

/**
 * A body in a format of bytes, each as the character of its code: texts in MessagePack or Protocol Buffers can be looked
 * for there. gRPC-Web in text is base64 of its frames, one after the other (gRPC-Web protocol, "Text-encoded").
 */
export function bytesAsText(headers: HeaderList, body: Uint8Array): string {
  const text = new TextDecoder("latin1").decode(body);
  if (!/\bgrpc-web-text\b/.test(mediaType(headers))) return text;
  const frames = text.match(/[\w+/]+={0,2}/g) ?? [];
  return frames.map((frame) =>
    new TextDecoder("latin1").decode(base64DecodeBytes(frame) ?? undefined)
  ).join("");
}

/** Removes the prefixes servers put before JSON against script inclusion: `)]}',` and `while(1);`. */
export function stripJsonGuard(text: string): string {
  return text.replace(/^(?:\)\]\}'?,?|while\s*\(1\);|for\s*\(;;\);)\s*/, "");
}

function boundaryOf(text: string): string | undefined {
  return /^--([^\r\n]+)\r?\n/.exec(text)?.[1];
}

/** RFC 7578. Header lines other than `Content-Disposition` are not kept. */
function multipartParts(text: string, boundary: string): MultipartPart[] {
  const parts: MultipartPart[] = [];
  for (const chunk of text.split(`--${boundary}`).slice(1)) {
    const split = /\r?\n\r?\n/.exec(chunk);
    if (split === null) continue;
    const head = chunk.slice(0, split.index);
    const name = dispositionName(head);
    if (name === undefined) continue;
    parts.push({
      name,
      fileName: /filename="([^"]*)"/i.exec(head)?.[1],
      value: chunk.slice(split.index + split[0].length).replace(/\r?\n$/, ""),
    });
  }
  return parts;
}

/** The field's name, from the `Content-Disposition` line of a part (RFC 7578 section 4.2). */
function dispositionName(head: string): string | undefined {
  const line = head.split(/\r?\n/).find((one) => /^\s*content-disposition:/i.test(one));
  return line === undefined ? undefined : /[;\s]name="([^"]*)/i.exec(line)?.[1];
}
