/**
 * How opaque a value is by its look alone. An opaque value (a token, an id, a hash) that stands in
 * an earlier response came from there; `true`, `en` or `5` prove nothing by being equal. The
 * look ranks, it never decides alone: names and repetition count beside it.
 */
import { base64Decode, base64Encode, base64UrlEncode, holdsPrintable } from "./base64.ts";
import { parseUrl, pathSegments, percentDecode, queryPairs } from "./url.ts";

/** `eyJ` is base64url for `{"`, with which every JWT's header begins. */
const JWT = /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(value: string): boolean {
  return UUID.test(value);
}

/** True for values that do not occur twice by chance: tokens, identifiers, digests, signed URLs. */
export function isOpaque(value: string): boolean {
  if (value.length < 6 || isRepetition(value)) return false;
  const plain = value.includes("%") ? percentDecode(value) : value;
  if (plain !== value) return isOpaque(plain);
  if (isUuid(value) || JWT.test(value)) return true;
  if (/^https?:\/\//i.test(value)) return isOpaqueUrl(value);
  if (/^[\d.,:+-]+$/.test(value)) return /^\d{6,}$/.test(value) || /\d{15}/.test(value);
  if (/\s/.test(value)) return value.split(/[\s,;="']+/).some((word) => isOpaque(word));
  if (/^\/?[\w.-]+(\/[\w.-]*)+$/.test(value) && value.includes("/") && isWordPath(value)) {
    return false;
  }
  return hasRandomLook(value);
}

/**
 * One character again and again, as in a key that stands for none and in the nil UUID (RFC 9562 section 5.9).
 * @rule off: false
 */
function isRepetition(value: string): boolean {
  return /^([^-])(\1|-)*$/.test(value);
}

/**
 * A path or dotted name all of whose words are plain: `/wp-admin/`, `text/html`, `org.example.app`.
 * @rule off: false
 */
function isWordPath(value: string): boolean {
  return value.split("/").every((part) => part === "" || !hasRandomLook(part));
}

/** A URL tells something when a part of it does. @rule off: false */
export function isOpaqueUrl(value: string): boolean {
  const url = parseUrl(value);
  if (url === null) return false;
  return pathSegments(url).some((segment) => isOpaque(segment)) ||
    queryPairs(url).some(([, item]) => !/^https?:/.test(item) && isOpaque(item));
}

/**
 * Letters and digits mixed, mixed case without word shape, or long hex: what random generators make
 * and people do not type. `oauth2`, `sha256` and `utf8` are too short to count.
 */
function hasRandomLook(value: string): boolean {
  const core = value.replace(/[^A-Za-z0-9]/g, "");
  if (core.length < 6) return false;
  if (/^[0-9a-f]+$/i.test(core) && /\d/.test(core) && /[a-f]/i.test(core)) {
    return core.length >= 8;
  }
  const letters = core.replace(/[^A-Za-z]/g, "").length;
  const digits = core.length - letters;
  if (digits >= 2 && letters >= 2 && core.length >= 8) {
    return switches(core) >= 3 || core.length >= 20 ||
      core.length >= 16 && (digits >= 4 && letters >= 4 || caseSwitches(core) >= 3);
  }
  if (digits === 0) {
    if (core.length >= 24 && vowelPoor(core)) return true;
    return !isCamelCase(core) && core.length >= 16 && caseSwitches(core) >= 4;
  }
  return core.length >= 16 && switches(core) >= 1 && !/^[a-z]+\d{1,4}$/i.test(core);
}

/**
 * `signInWithPassword`: words of some length, where random letters change case every second one.
 * @rule off: false
 */
export function isCamelCase(letters: string): boolean {
  const parts = letters.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? [];
  return parts.length > 0 && letters.length / parts.length >= 3.5;
}

/**
 * What a page puts into a password's field when it sends the password another way: one sign again and again.
 * @rule off: false
 */
export function isMask(value: string): boolean {
  return /^([*•●·∗])\1{2,}$/u.test(value);
}

/** The value of a switch or a choice of a form, which a client sets for whoever logs in. */
export function isSwitch(value: string): boolean {
  return /^(true|false|on|off|yes|no|\d)$/i.test(value);
}

/** Changes between letter and digit. */
function switches(text: string): number {
  return text.match(/[A-Za-z](?=\d)|\d(?=[A-Za-z])/g)?.length ?? 0;
}

function caseSwitches(text: string): number {
  return text.match(/[a-z](?=[A-Z])|[A-Z](?=[a-z])/g)?.length ?? 0;
}

/**
 * Letters of one case that are no words, as `QXZBVTKRMLPD`: too few for chance, too many consonants in a row.
 * @rule off: false
 */
export function isUnspeakable(value: string): boolean {
  return value.length >= 10 && /^([A-Z]+|[a-z]+)$/.test(value) && /[^aeiouy]{5}/i.test(value);
}

/** @rule off: false */
function vowelPoor(text: string): boolean {
  return (text.match(/[aeiou]/gi)?.length ?? 0) < text.length * 0.22;
}

/** What random strings are drawn from, narrowest first. */
const ALPHABETS: readonly (readonly [RegExp, string])[] = [
  [/^\d+$/, "0123456789"],
  [/^[0-9a-f]+$/, "0123456789abcdef"],
  [/^[0-9A-F]+$/, "0123456789ABCDEF"],
  [/^[0-9a-z]+$/, "0123456789abcdefghijklmnopqrstuvwxyz"],
  [/^[0-9A-Za-z]+$/, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"],
  [/./, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"],
];

/** The narrowest usual alphabet that holds the value. */
export function alphabetOf(value: string): string {
  return ALPHABETS.find(([shape]) => shape.test(value))![1];
}

/**
 * The unit when the value is a moment within `windowMs` of `nearMs`; `null` otherwise.
 * @rule off: null
 */
export function timestampUnit(
  value: string,
  nearMs: number,
  windowMs: number,
): "s" | "ms" | "iso" | null {
  const near = (ms: number) => Math.abs(ms - nearMs) <= windowMs;
  if (/^\d{10}$/.test(value) && near(Number(value) * 1000)) return "s";
  if (/^\d{13}$/.test(value) && near(Number(value))) return "ms";
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(value) && near(Date.parse(value))) return "iso";
  return null;
}

/**
 * The text inside base64 when the value is base64 of printable text; `undefined` otherwise.
 * @rule off: undefined
 */
export function base64Text(value: string): string | undefined {
  if (value.length < 8 || value.endsWith("===") || !holdsPrintable(value)) return undefined;
  return /^[a-z]+$|^[0-9]+$/.test(value) ? undefined : base64Decode(value);
}

/** The alphabet in which printable text was encoded to exactly this; `null` for anything else. */
export function base64Kind(value: string): "base64" | "base64url" | null {
  const text = base64Text(value);
  if (text === undefined || text === "") return null;
  if (base64Encode(text) === value) return "base64";
  return base64UrlEncode(text) === value ? "base64url" : null;
}

/** Digits among hexadecimal letters, too short to be told from words anywhere else. */
const SHORT_HEX = /^(?=.*\d)(?=.*[a-f])[\da-f]{5,}$/i;

/** A name with a part that looks made for one visit: `f_8a3c1d`. */
export function isMadeName(name: string): boolean {
  return name.split(/[^A-Za-z0-9]+/).some((part) => isOpaque(part) || SHORT_HEX.test(part));
}
