/** The bodies of a HAR entry as bytes, never content-encoded, and headers that fit them. */
import type { HeaderList } from "../http/exchange.ts";
import { contentTypeParameter, headerValue, mediaType } from "../http/headers.ts";
import { contentDecoded, withoutTransport } from "./content_coding.ts";
import type { HarObject } from "./har_fields.ts";
import { encodeText } from "./har_text.ts";

export interface Message {
  readonly headers: HeaderList;
  readonly body: Uint8Array | null;
}

/** A request with `postData.text`, `postData.params` or neither. */
export function readRequestBody(request: HarObject, recorded: HeaderList): Message {
  const postData = request.object("postData");
  if (postData === null) return { headers: recorded, body: null };
  const headers = withContentType(recorded, postData);
  const text = postData.text("text");
  if (text !== null && text !== "") return bodyOf(postData, text, headers);
  return fromParams(postData.objects("params"), request, headers);
}

/** A response with `content.text`, plain or base64; `null` where the recorder lost the body. */
export function readResponseBody(response: HarObject, recorded: HeaderList): Message {
  const content = response.object("content");
  const text = content?.text("text") ?? null;
  if (content !== null && text !== null && text !== "") {
    return bodyOf(content, text, withContentType(recorded, content));
  }
  const size = content?.number("size") ?? -1;
  const status = response.number("status");
  const isEmpty = size === 0 || status === 204 || status === 304;
  return { headers: recorded, body: isEmpty ? new Uint8Array(0) : null };
}

/** Text whose encoding says base64 and which is not is taken as it stands. */
function bodyOf(holder: HarObject, text: string, headers: HeaderList): Message {
  const isBase64 = holder.text("encoding")?.toLowerCase() === "base64";
  const raw = isBase64 ? fromBase64(text) : null;
  if (raw === null) {
    if (isBase64) holder.note("text");
    const encoded = encodeText(text, headers);
    return { headers: withoutTransport(encoded.headers, encoded.bytes), body: encoded.bytes };
  }
  const body = contentDecoded(raw, headerValue(headers, "content-encoding"));
  return { headers: withoutTransport(headers, body), body };
}

/** Both alphabets, with or without padding and line breaks. */
function fromBase64(text: string): Uint8Array | null {
  try {
    const standard = text.replace(/\s+/g, "").replaceAll("-", "+").replaceAll("_", "/");
    return Uint8Array.fromBase64(standard);
  } catch {
    return null;
  }
}

function withContentType(headers: HeaderList, holder: HarObject): HeaderList {
  const type = holder.text("mimeType");
  // Chrome writes "x-unknown" where there is no type.
  if (!type?.includes("/") || headerValue(headers, "content-type") !== undefined) return headers;
  return [...headers, ["Content-Type", type]];
}

function fromParams(params: HarObject[], request: HarObject, headers: HeaderList): Message {
  if (params.length === 0) return { headers, body: null };
  return mediaType(headers) === "multipart/form-data"
    ? multipartFromParams(params, headers)
    : formFromParams(params, request, headers);
}

/**
 * The specification wants values decoded; Chrome writes them as they were sent. Which of the two texts
 * was sent shows in the recorded size, else in characters that no encoded text holds.
 */
function formFromParams(params: HarObject[], request: HarObject, headers: HeaderList): Message {
  const pairs = params.map((param): [string, string] => [
    param.text("name") ?? "",
    param.text("value") ?? "",
  ]);
  const asSent = pairs.map(([name, value]) => `${name}=${value}`).join("&");
  const encoded = new URLSearchParams(pairs).toString();
  const size = request.number("bodySize") ?? Number(headerValue(headers, "content-length"));
  const body = new TextEncoder().encode(
    looksEncoded(pairs) && encoded.length !== size ? asSent : encoded,
  );
  return { headers: withoutTransport(headers, body), body };
}

function looksEncoded(pairs: readonly [string, string][]): boolean {
  const texts = pairs.flat();
  return texts.every((text) => /^(?:[\w*.~!'()+-]|%[0-9a-f]{2})*$/i.test(text)) &&
    texts.some((text) => /%[0-9a-f]{2}/i.test(text));
}

/** RFC 7578; the boundary is the recorded one, so that the content type stays true. */
function multipartFromParams(params: HarObject[], recorded: HeaderList): Message {
  const boundary = contentTypeParameter(recorded, "boundary") ?? "keysmith-boundary";
  const headers = contentTypeParameter(recorded, "boundary") === undefined
    ? recorded.map(([name, value]): HeaderList[number] =>
      name.toLowerCase() === "content-type"
        ? [name, `multipart/form-data; boundary=${boundary}`]
        : [name, value]
    )
    : recorded;
  const text = params.map((param) => `--${boundary}\r\n${multipartPart(param)}\r\n`).join("");
  const body = new TextEncoder().encode(`${text}--${boundary}--\r\n`);
  return { headers: withoutTransport(headers, body), body };
}

function multipartPart(param: HarObject): string {
  const fileName = param.text("fileName");
  const type = param.text("contentType");
  const file = fileName === null ? "" : `; filename="${quoted(fileName)}"`;
  const typeLine = type === null ? "" : `Content-Type: ${type}\r\n`;
  return `Content-Disposition: form-data; name="${quoted(param.text("name") ?? "")}"${file}\r\n` +
    `${typeLine}\r\n${param.text("value") ?? ""}`;
}

/** As browsers escape names in a form (HTML standard, multipart/form-data encoding algorithm). */
function quoted(name: string): string {
  return name.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}
