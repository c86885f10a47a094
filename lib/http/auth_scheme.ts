/**
 * The value of an `Authorization` header, and of the headers applications made after it, taken apart into
 * scheme and credentials (RFC 9110 section 11.4: `auth-scheme 1*SP ( token68 / #auth-param )`). Schemes
 * in use send more than the grammar allows (`SharedKey account:signature`, `Bearer a b`), so whatever
 * stands behind the scheme and the blank counts as the credentials.
 */
import { base64Decode } from "./base64.ts";
import { parseChallenges } from "./challenge.ts";

export interface SplitCredentials {
  /** Lower case: `basic`, `bearer`, `token`; `""` when the value has no scheme. */
  readonly scheme: string;
  /** The scheme and the blanks behind it, as written. */
  readonly prefix: string;
  /** What follows, as written: all of the value when it has no scheme. */
  readonly credentials: string;
}

/** A token of HTTP that begins with a letter, as all registered schemes do. */
const WITH_SCHEME = /^\s*([A-Za-z][\w!#$%&'*+.^`|~-]*)([ \t]+)(?=\S)/;

/**
 * The schemes of the IANA registry that are in use, and those of frameworks (`Token` of Rails and Django,
 * `JWT`, `ApiKey`, `Key`, `NTLM`). Only where a value may just as well be text does the name count.
 */
const KNOWN_SCHEMES: ReadonlySet<string> = new Set(
  "basic bearer digest dpop gnap hoba negotiate ntlm oauth token jwt apikey key".split(" "),
);

/** True for the name of a scheme in use, in any case (RFC 9110 section 11.1). */
export function isKnownScheme(word: string): boolean {
  return KNOWN_SCHEMES.has(word.toLowerCase());
}

export function splitScheme(value: string): SplitCredentials {
  if (!/[ \t]/.test(value)) return { scheme: "", prefix: "", credentials: value.trim() };
  const [whole = "", scheme = ""] = WITH_SCHEME.exec(value) ?? [];
  return {
    scheme: scheme.toLowerCase(),
    prefix: whole.trimStart(),
    credentials: value.slice(whole.length).trim(),
  };
}

/** True for a value with credentials under one of the schemes, which are given in lower case. */
export function hasScheme(value: string, ...schemes: readonly string[]): boolean {
  return schemes.includes(splitScheme(value).scheme);
}

/** As `splitScheme`, for text that may be no credential at all: `null` when the scheme is unknown. */
export function splitKnownScheme(text: string): SplitCredentials | null {
  const split = splitScheme(text);
  return isKnownScheme(split.scheme) ? split : null;
}

/** The secret alone: without the scheme, and without the one parameter it stands in (`Token token="…"`). */
export function bareCredential(value: string): string {
  const { credentials } = splitScheme(value);
  const quoted = /^[\w-]+="((?:[^"\\]|\\.)*)"$/s.exec(credentials)?.[1];
  return quoted === undefined ? credentials : quoted.replace(/\\(.)/gs, "$1");
}

/** What concatenation makes of a value that is missing, in JavaScript and in Python. */
const MISSING = /^(?:undefined|null|none|nan|\[object \w+\])?$/i;

/** True for the text of a missing value in any place: `undefined`, `null`, `[object Object]`. */
export function isMissing(text: string): boolean {
  return MISSING.test(text.trim());
}

/** As `isMissing`, for a place that holds a credential or nothing: `false` and `0` are flags elsewhere. */
export function isNoCredential(text: string): boolean {
  return isMissing(text) || /^(?:false|0)$/i.test(text.trim());
}

/**
 * What pages send before anybody is logged in: `Bearer null`, `Bearer undefined`, `Bearer `.
 * @rule off: false
 */
export function isEmptyCredential(value: string): boolean {
  const { scheme, credentials } = splitScheme(value);
  if (scheme !== "") return isNoCredential(bareCredential(value));
  return isMissing(credentials) || isKnownScheme(credentials);
}

/** User name and password of HTTP Basic (RFC 7617 section 2); `null` for everything else. */
export function basicPair(value: string): { user: string; password: string } | null {
  const { scheme, credentials } = splitScheme(value);
  const pair = scheme === "basic" ? base64Decode(credentials) : undefined;
  const colon = pair?.indexOf(":") ?? -1;
  if (pair === undefined || colon < 0) return null;
  return { user: pair.slice(0, colon), password: pair.slice(colon + 1) };
}

/** The parameters of credentials such as those of Digest (RFC 7616 section 3.4), by lower-case name. */
export function authParams(value: string): Readonly<Record<string, string>> {
  return parseChallenges(value)[0]?.params ?? {};
}
