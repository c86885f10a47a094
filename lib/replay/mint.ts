/** New values in the shape of recorded ones: length, alphabet per character class, punctuation. */
import { base64Like } from "../codec/base64_like.ts";
import { base64Decode, base64UrlEncode } from "../http/base64.ts";
import { decodeJwt } from "../http/jwt.ts";
import type { RandomSource } from "./random_source.ts";

export const DIGITS = "0123456789";
export const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-([0-9a-f])[0-9a-f]{3}-([0-9a-f])[0-9a-f]{3}-[0-9a-f]{12}$/i;
const HEX = /^(?:[0-9a-f]{8,}|[0-9A-F]{8,})$/;
/** Base32 in whole groups (RFC 4648 section 6), as keys of authenticator apps are written. */
const BASE32 = /^(?=.*[2-7])(?:[A-Z2-7]{8}){2,}$/;
const MAX_ATTEMPTS = 50;

/** Kinds of tokens are often named by a prefix (`s:`, `auth0|`, `sk_live_`); it survives. */
const KIND_PREFIX = /^(?:[A-Za-z0-9]{1,12}[:|]|[a-z]{2,4}_(?:[a-z]{2,8}_)?)(?=[^]{8})/;

/**
 * A value like `recorded` and different from it. Letters and digits are replaced, everything else
 * stays where it is, so any encoding of the one fits the other. A text without letters and digits
 * comes back unchanged.
 */
export function mintLike(recorded: string, random: RandomSource): string {
  if (!/[A-Za-z0-9]/.test(recorded)) return recorded;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const minted = mintOnce(recorded, random);
    if (minted !== recorded) return minted;
  }
  throw new Error("The random source repeats itself");
}

/** Text that says yes or no turns into the other one. */
const OPPOSITES: Readonly<Record<string, string>> = { true: "false", false: "true" };

function mintOnce(recorded: string, random: RandomSource): string {
  const opposite = OPPOSITES[recorded];
  if (opposite !== undefined) return opposite;
  if (UUID.test(recorded)) return mintUuid(recorded, random);
  // Digits alone may be a number, in which letters would break the JSON around it.
  if (HEX.test(recorded) && /\d/.test(recorded) && /[a-f]/i.test(recorded)) {
    return mintHex(recorded, random);
  }
  if (/^0x/i.test(recorded) && HEX.test(recorded.slice(2))) {
    return recorded.slice(0, 2) + mintHex(recorded.slice(2), random);
  }
  if (BASE32.test(recorded)) return random.text(`${UPPER}234567`, recorded.length);
  const prefix = KIND_PREFIX.exec(recorded)?.[0] ?? "";
  return prefix + mintByClass(recorded.slice(prefix.length), random);
}

/** Version and variant stay (RFC 9562 sections 4.1 and 4.2). */
function mintUuid(recorded: string, random: RandomSource): string {
  const digits = hexAlphabet(recorded);
  return mapCharacters(recorded, (char, index) => {
    const isFixed = char === "-" || index === 14 || index === 19;
    return isFixed ? char : random.pick(digits);
  });
}

function mintHex(recorded: string, random: RandomSource): string {
  return random.text(hexAlphabet(recorded), recorded.length);
}

function hexAlphabet(recorded: string): string {
  return DIGITS + (/[A-F]/.test(recorded) ? "ABCDEF" : "abcdef");
}

function mintByClass(recorded: string, random: RandomSource): string {
  return mapCharacters(recorded, (char, index) => {
    if (/[a-z]/.test(char)) return random.pick(LOWER);
    if (/[A-Z]/.test(char)) return random.pick(UPPER);
    if (!/[0-9]/.test(char)) return char;
    return random.pick(index === 0 && char !== "0" ? "123456789" : DIGITS);
  });
}

function mapCharacters(text: string, map: (char: string, index: number) => string): string {
  return text.split("").map(map).join("");
}

/** The text of a part in base64, with the values in it replaced. */
type Rebuild = (text: string, part: string) => string;

/**
 * Of a token that holds others: a JWT (RFC 7519), or parts in base64 of structured text between dots; `undefined` when it is
 * neither.
 */
export function mintDotted(
  recorded: string,
  random: RandomSource,
  rebuild: Rebuild,
): string | undefined {
  const isJwt = decodeJwt(recorded) !== null;
  const [header, ...others] = recorded.split(".");
  const parts = isJwt ? others : [header!, ...others];
  const rebuilt = parts.map((part) => rebuiltBase64(part, rebuild, isJwt));
  if (!isJwt && rebuilt.every((part) => part === undefined)) return undefined;
  const minted = parts.map((part, index) => rebuilt[index] ?? mintLike(part, random));
  return (isJwt ? [header, ...minted] : minted).join(".");
}

function rebuiltBase64(part: string, rebuild: Rebuild, isJwt: boolean): string | undefined {
  const text = part.length < 8 ? undefined : base64Decode(part);
  if (text === undefined || /[^\t\n\r\x20-\x7e\u00a0-\uffff]/.test(text)) return undefined;
  const rebuilt = rebuild(text, part);
  if (rebuilt === text) return undefined;
  return isJwt ? base64UrlEncode(rebuilt) : base64Like(part, rebuilt);
}
