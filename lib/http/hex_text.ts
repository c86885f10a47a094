/** Seven random bytes are printable by chance once in a thousand times. In digits. */
const MIN_HEX = 14;

/** The printable text whose bytes these hex digits are; `undefined` for anything else. */
export function hexText(value: string): string | undefined {
  if (value.length < MIN_HEX || !/^([0-9a-f]{2})+$/.test(value.toLowerCase())) return undefined;
  const text = new TextDecoder().decode(Uint8Array.fromHex(value));
  return /[\p{Cc}\p{Cn}\ufffd]/u.test(text) || !/\p{L}/u.test(text) ? undefined : text;
}
