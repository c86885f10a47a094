/**
 * Text of a HAR as the bytes that were on the wire. Recorders decode a body to text by its charset; the
 * way back is taken where the charset allows it, so that the body and its content type agree.
 */
import type { HeaderList } from "../http/exchange.ts";
import { contentTypeParameter } from "../http/headers.ts";

export interface EncodedText {
  readonly bytes: Uint8Array;
  /** The headers given, but for a charset that had to become UTF-8. */
  readonly headers: HeaderList;
}

const UTF8 = new TextEncoder();
const NON_ASCII = /[\u0080-\uffff]/;

/** Encodes `text` in the charset its headers declare; in UTF-8, and saying so, where that cannot be done. */
export function encodeText(text: string, headers: HeaderList): EncodedText {
  const charset = contentTypeParameter(headers, "charset")?.toLowerCase();
  if (charset === undefined || charset === "utf-8" || !NON_ASCII.test(text)) {
    return { bytes: UTF8.encode(text), headers };
  }
  const bytes = encodeSingleByte(text, charset);
  if (bytes !== null) return { bytes, headers };
  return { bytes: UTF8.encode(text), headers: headers.map(declareUtf8) };
}

/** `null` when the charset is unknown, has more than one byte per character, or lacks a character. */
function encodeSingleByte(text: string, charset: string): Uint8Array | null {
  const codes = singleByteCodes(charset);
  if (codes === null) return null;
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const code = codes.get(text[at]!);
    if (code === undefined) return null;
    bytes[at] = code;
  }
  return bytes;
}

/** The table of a charset, read backwards from its decoder. */
function singleByteCodes(charset: string): Map<string, number> | null {
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(charset);
  } catch {
    return null;
  }
  const characters = decoder.decode(Uint8Array.from({ length: 256 }, (_, code) => code));
  return characters.length === 256
    ? new Map([...characters].map((character, code) => [character, code]))
    : null;
}

function declareUtf8([name, value]: HeaderList[number]): HeaderList[number] {
  if (name.toLowerCase() !== "content-type") return [name, value];
  return [name, value.replace(/(charset\s*=\s*)("[^"]*"|[^;\s]+)/i, "$1utf-8")];
}
