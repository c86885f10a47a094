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
 * Whether text is base64 or base64url, padded or not, of printable UTF-8. Most values that look like base64 are
 * something else and end at their first bytes, before anything is allocated.
 */
export function holdsPrintable(text: string): boolean {
  const end = endWithoutPadding(text);
  if (end % 4 === 1) return false;
  let [held, bits, following] = [0, 0, 0];
  for (let at = 0; at < end; at++) {
    const sixtet = SIXTETS[text.charCodeAt(at)] ?? -1;
    if (sixtet < 0) return false;
    held = (held << 6 | sixtet) & 0x3fff;
    bits += 6;
    if (bits < 8) continue;
    const byte = held >> (bits -= 8) & 0xff;
    if (following === 0) following = isControl(byte) ? -1 : bytesAfter(byte);
    else following = (byte & 0xc0) === 0x80 ? following - 1 : -1;
    if (following < 0) return false;
  }
  return following === 0;
}

/** Control characters are what tells binary from text; tab and line ends are text. */
function isControl(byte: number): boolean {
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
    const following = bytesAfter(bytes[at]!);
    if (following < 0 || at + following >= bytes.length) return false;
    for (let next = 1; next <= following; next++) {
      if ((bytes[at + next]! & 0xc0) !== 0x80) return false;
    }
    at += 1 + following;
  }
  return true;
}

/** How many bytes of a character of UTF-8 follow its first; -1 for a byte that is none. */
function bytesAfter(lead: number): number {
  if (lead < 0x80) return 0;
  if (lead < 0xc2 || lead > 0xf4) return -1;
  return lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
}
