/** Opening located text further: decoding it, or taking a part of what it holds. */
import { parseJson } from "../base/json.ts";
import type { JsonValue } from "../base/json.ts";
import { base64Decode } from "../http/base64.ts";
import { stripJsonGuard } from "../http/body.ts";
import { decodeHtmlEntities } from "../http/html_entities.ts";
import type { Opener } from "./flow.ts";
import { decodeUrlText } from "./transform.ts";

/** The text after every opener, left to right; `undefined` as soon as one does not fit. */
export function applyOpeners(openers: readonly Opener[], text: string): string | undefined {
  let opened: string | undefined = text;
  for (const opener of openers) {
    if (opened === undefined) return undefined;
    opened = applyOpener(opener, opened);
  }
  return opened;
}

export function applyOpener(opener: Opener, text: string): string | undefined {
  switch (opener.kind) {
    case "url-decode":
      return decodeUrlText(text);
    case "base64-decode":
      return base64Decode(text);
    case "html-unescape":
      return decodeHtmlEntities(text);
    case "json-unescape":
      return unescapeJson(text);
    case "jwt-payload":
      return base64Decode(text.split(".")[1] ?? "") || undefined;
    case "json":
      return jsonLeaf(parseJson(stripJsonGuard(text.trim())), opener.path);
    case "param":
      return paramOf(text, opener.name);
    case "strip":
      return stripped(text, opener.prefix, opener.suffix);
  }
}

/**
 * The leaf at `path` as text: strings as they are, numbers and booleans as JSON writes them.
 * `undefined` for `null`, objects, arrays and paths that lead nowhere.
 */
export function jsonLeaf(
  root: JsonValue | undefined,
  path: readonly (string | number)[],
): string | undefined {
  let node: unknown = root;
  for (const key of path) {
    if (typeof node !== "object" || node === null || !Object.hasOwn(node, key)) return undefined;
    node = (node as Record<string | number, unknown>)[key];
  }
  if (typeof node === "string") return node;
  return typeof node === "number" || typeof node === "boolean" ? String(node) : undefined;
}

/** What a JSON string literal without its quotes stands for (RFC 8259 section 7). */
function unescapeJson(text: string): string | undefined {
  const value = parseJson(`"${text}"`);
  return typeof value === "string" ? value : undefined;
}

/** A parameter of a URL (query first, then fragment) or, without `?` and `#`, of form-encoded text. */
function paramOf(text: string, name: string): string | undefined {
  const [beforeFragment = "", fragment] = splitOnce(text, "#");
  const [bare = "", query] = splitOnce(beforeFragment, "?");
  const isUrl = query !== undefined || fragment !== undefined;
  for (const encoded of isUrl ? [query, fragment] : [bare]) {
    const value = new URLSearchParams(encoded ?? "").get(name);
    if (value !== null) return value;
  }
  return undefined;
}

function stripped(text: string, prefix: string, suffix: string): string | undefined {
  const fits = text.startsWith(prefix) && text.endsWith(suffix) &&
    text.length >= prefix.length + suffix.length;
  return fits ? text.slice(prefix.length, text.length - suffix.length) : undefined;
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}
