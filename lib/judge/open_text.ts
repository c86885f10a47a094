/**
 * What stands inside a text: itself, and what it opens to. A value hides in base64, JSON, a JWT, a
 * URL or behind a scheme, one inside the other; whoever looks for it looks at all of these.
 */
import { type JsonValue, parseJson } from "../base/json.ts";
import { jsonValues } from "../codec/json_text.ts";
import { splitScheme } from "../http/auth_scheme.ts";
import { base64Decode, holdsPrintable } from "../http/base64.ts";
import { decodeJwt } from "../http/jwt.ts";
import { formPairs, fragmentPairs, parseUrl, pathSegments, percentDecode } from "../http/url.ts";

/** Deeper nesting than this does not occur in logins. */
const MAX_DEPTH = 6;
/** Longer text is looked at as it is, not opened. UTF-16 units. */
const MAX_OPENED = 200_000;

/** A recording's texts and a script's literals come again with every run that is judged; so many are remembered. */
const MAX_REMEMBERED = 5_000;
/** Longer texts are few, and would fill the memory. UTF-16 units. */
const MAX_REMEMBERED_LENGTH = 2_000;
const remembered = new Map<string, readonly string[]>();

/** The text first, then everything that it opens to. */
export function openText(text: string): readonly string[] {
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const found = new Set<string>();
  open(text, 0, found);
  const all = [...found];
  if (text.length > MAX_REMEMBERED_LENGTH) return all;
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(text, all);
  return all;
}

function open(text: string, depth: number, found: Set<string>): void {
  if (text === "" || found.has(text)) return;
  found.add(text);
  if (depth >= MAX_DEPTH || text.length > MAX_OPENED) return;
  for (const part of partsOf(text)) open(part, depth + 1, found);
}

function partsOf(text: string): string[] {
  const json = /^\s*[[{"]/.test(text) ? parseJson(text) : undefined;
  if (json !== undefined) return jsonTexts(json);
  const jwt = decodeJwt(text);
  if (jwt !== null) return jsonTexts(jwt.payload);
  return [
    percentDecode(text),
    ...urlParts(text),
    ...afterScheme(text),
    ...parameters(text),
    ...base64Parts(text),
  ].filter((part) => part !== text);
}

/** Every text and number of a JSON value. */
function jsonTexts(value: JsonValue): string[] {
  return jsonValues(value).flatMap(([, leaf]) => typeof leaf === "boolean" ? [] : [String(leaf)]);
}

function urlParts(text: string): string[] {
  if (!/^(https?:\/\/|\/|\?|#)/i.test(text)) return [];
  const url = parseUrl(text, "http://relative.invalid/");
  if (url === null) return [];
  const pairs = [...url.searchParams, ...fragmentPairs(url)];
  return [...pathSegments(url), ...pairs.map(([, value]) => value)];
}

/** `Bearer …`, `Basic …`: an authentication scheme and its credentials (RFC 9110 section 11.4). */
function afterScheme(text: string): string[] {
  const { scheme, credentials } = splitScheme(text);
  return scheme === "" || credentials === "" ? [] : [credentials];
}

/** `a=b&c=d`, and the parameters of a header: `nonce="…", response="…"` (RFC 9110 section 5.6.6). */
function parameters(text: string): string[] {
  if (!text.includes("=")) return [];
  const form = /^[^\s=&]+=[^&]*(&[^\s=&]+=[^&]*)*$/.test(text)
    ? formPairs(text).map(([, value]) => value)
    : [];
  const quoted = [...text.matchAll(/[\w-]="([^"]*)"/g)].map((match) => match[1]!);
  return [...form, ...quoted];
}

/** Base64 of text, alone, behind a kind (`base64-…`, `s:`) or between the dots of a signed value. */
function base64Parts(text: string): string[] {
  if (/\s/.test(text)) return [];
  const bare = text.replace(/^(?:base64|s)[-:]/, "");
  const parts = [bare, ...bare.includes(".") ? bare.split(".") : []];
  return parts.flatMap((part) => {
    const inner = part.length < 4 ? undefined : printable(part);
    return inner === undefined ? [] : [inner, ...pairOf(inner)];
  });
}

/** User and password of HTTP Basic: the user name has no colon (RFC 7617 section 2). */
function pairOf(text: string): string[] {
  const at = text.indexOf(":");
  return at === -1 || /^[[{]/.test(text) ? [] : [text.slice(0, at), text.slice(at + 1)];
}

function printable(base64: string): string | undefined {
  const text = holdsPrintable(base64) ? base64Decode(base64) : undefined;
  return text === "" || text?.includes("\ufffd") ? undefined : text;
}
