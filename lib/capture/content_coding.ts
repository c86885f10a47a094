/**
 * Content codings (RFC 9110 section 8.4) of bodies that a recorder kept as they travelled. Most
 * recorders decode and leave the header; whether a body is still encoded is told by its first bytes.
 */
import type { Buffer } from "node:buffer";
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from "node:zlib";
import type { HeaderList } from "../http/exchange.ts";

/** Bytes a body may grow to; beyond it stays encoded. A small body can hold gigabytes. */
const MAX_DECODED_BYTES = 64 * 1024 * 1024;

/** Headers about the form in which a body travelled. */
const TRANSPORT_HEADERS = new Set(["content-encoding", "transfer-encoding"]);

/** The headers that are true of the decoded body: no coding, no length but its own. */
export function withoutTransport(headers: HeaderList, body: Uint8Array): HeaderList {
  return headers.filter(([name, value]) => {
    const lower = name.toLowerCase();
    if (lower === "content-length") return Number(value) === body.length;
    return !TRANSPORT_HEADERS.has(lower);
  });
}

/** The body without its content coding; unchanged when it has none or does not decode. */
export function contentDecoded(body: Uint8Array, coding: string | undefined): Uint8Array {
  const codings = (coding ?? "").toLowerCase().split(",").map((name) => name.trim());
  return codings.reverse().reduce(decodeOne, body);
}

function decodeOne(body: Uint8Array, coding: string): Uint8Array {
  const decode = decoderFor(coding, body);
  if (decode === null) return body;
  try {
    return new Uint8Array(decode(body, { maxOutputLength: MAX_DECODED_BYTES }));
  } catch {
    return body;
  }
}

type Decoder = (body: Uint8Array, options: { maxOutputLength: number }) => Buffer;

function decoderFor(coding: string, body: Uint8Array): Decoder | null {
  switch (coding) {
    case "gzip":
    case "x-gzip":
      return startsWith(body, [0x1f, 0x8b]) ? gunzipSync : null;
    case "deflate":
      return startsWith(body, [0x78]) ? inflateSync : null;
    case "zstd":
      return startsWith(body, [0x28, 0xb5, 0x2f, 0xfd]) ? zstdDecompressSync : null;
    case "br":
      return isText(body) ? null : brotliDecompressSync;
    default:
      return null;
  }
}

function startsWith(body: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, at) => body[at] === byte);
}

/** Brotli has no magic number, but its output is rarely well-formed UTF-8. */
function isText(body: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(body);
    return true;
  } catch {
    return false;
  }
}
