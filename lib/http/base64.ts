/** Base64 and base64url of UTF-8 text (RFC 4648 sections 4 and 5). */

export function base64Encode(text: string): string {
  return base64EncodeBytes(new TextEncoder().encode(text));
}

export function base64EncodeBytes(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** Without padding. */
export function base64UrlEncode(text: string): string {
  return toBase64Url(base64Encode(text));
}

export function toBase64Url(base64: string): string {
  return base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** What each character stands for in either alphabet; -1 for one of neither. By its code. */
const SIXTETS = new Int8Array(128).fill(-1);
for (const alphabet of ["+/", "-_"]) {
  [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", ...alphabet]
    .forEach((char, value) => SIXTETS[char.charCodeAt(0)] = value);
}

/**
 * The bytes of base64 or base64url text, padded or not; `undefined` when it is neither. Asked of every value
 * of a recording: for short texts a loop is several times as fast as `atob`.
 */
export function base64DecodeBytes(text: string): Uint8Array | undefined {
  const end = endWithoutPadding(text);
  if (end % 4 === 1) return undefined;
  const bytes = new Uint8Array(end * 6 >> 3);
  let [held, bits, size] = [0, 0, 0];
  for (let at = 0; at < end; at++) {
    const sixtet = SIXTETS[text.charCodeAt(at)] ?? -1;
    if (sixtet < 0) return undefined;
    held = (held << 6 | sixtet) & 0x3fff;
    bits += 6;
    if (bits >= 8) bytes[size++] = held >> (bits -= 8);
  }
  return bytes;
}

/**
 * Whether base64 or base64url text, padded or not, holds a byte that no printable text has, a control character or a
 * first byte that begins no character of UTF-8; `true` as well for a character of neither alphabet. Most values that
 * look like base64 are something else and end here, before anything is allocated.
 */
export function holdsBinary(text: string): boolean {
  const end = endWithoutPadding(text);
  let [held, bits] = [0, 0];
  for (let at = 0; at < end; at++) {
    const sixtet = SIXTETS[text.charCodeAt(at)] ?? -1;
    if (sixtet < 0) return true;
    held = (held << 6 | sixtet) & 0x3fff;
    bits += 6;
    if (bits < 8) continue;
    const byte = held >> (bits -= 8) & 0xff;
    if (isControl(byte) || at === 1 && byte > 0x7f && (byte < 0xc2 || byte > 0xf4)) return true;
  }
  return false;
}

/** Control characters are what tells binary from text; tab and line ends are text. */
export function isControl(byte: number): boolean {
  return byte < 9 || byte > 13 && byte < 32 || byte === 127;
}

function endWithoutPadding(text: string): number {
  let end = text.length;
  while (text[end - 1] === "=") end--;
  return end;
}

/** The text of base64 or base64url; `undefined` when it is neither or no UTF-8. */
export function base64Decode(text: string): string | undefined {
  const bytes = base64DecodeBytes(text);
  return bytes === undefined ? undefined : utf8Text(bytes);
}

/** The text of UTF-8; `undefined` for bytes that are none. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  return isUtf8(bytes) ? new TextDecoder().decode(bytes) : undefined;
}

/** Well-formed UTF-8 but for overlong forms; far cheaper than a decoder that throws (RFC 3629 section 4). */
function isUtf8(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at]!;
    const length = lead < 0x80
      ? 1
      : lead < 0xc2
      ? 0
      : lead < 0xe0
      ? 2
      : lead < 0xf0
      ? 3
      : lead < 0xf5
      ? 4
      : 0;
    if (length === 0 || at + length > bytes.length) return false;
    for (let next = 1; next < length; next++) {
      if ((bytes[at + next]! & 0xc0) !== 0x80) return false;
    }
    at += length;
  }
  return true;
}
