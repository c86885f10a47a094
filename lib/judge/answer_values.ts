/**
 * The values that one answer holds, each with its name and the place it can be taken from, opened as
 * far as they open: the token inside base64 inside JSON inside a cookie.
 */
import { type JsonValue, parseJson } from "../base/json.ts";
import { jsonValues } from "../codec/json_text.ts";
import { bodyText, bytesAsText, parseBody } from "../http/body.ts";
import { responseCookies } from "../http/cookies.ts";
import type { HttpResponse } from "../http/exchange.ts";
import { headerValue } from "../http/headers.ts";
import { type HtmlPage, parseHtml } from "../http/html.ts";
import { fragmentPairs, parseUrl, pathSegments, queryPairs } from "../http/url.ts";
import { words } from "../http/vocabulary.ts";
import { isXml, xmlLeaves, xmlName } from "../http/xml.ts";
import { openText } from "./open_text.ts";

export interface AnswerValue {
  readonly value: string;
  /** Of the member, field, cookie or parameter that holds it; `""` where nothing names it. */
  readonly name: string;
  /** `JSON "data/token"`, `cookie "sid"`, `form field "csrf"`. */
  readonly place: string;
  /**
   * `text`: between quotes in a script, or an attribute of a page. What stands there may be the
   * client's own as well as made for the session.
   */
  readonly kind: "json" | "cookie" | "header" | "redirect" | "field" | "meta" | "text" | "script";
}

type Kind = AnswerValue["kind"];

/** Headers that describe the message or the server and are never sent back. */
const DESCRIPTIVE_HEADER =
  /^(set-cookie|location|content-.*|date|server|etag|vary|link|expires|last-modified|cache-control|age|via|alt-svc|nel|report-to|strict-transport-security|permissions-policy|access-control-.*|x-request-id|x-powered-by|cf-.*)$/i;

/**
 * Text between quotes in a script that names no member, with the name before it, short of what no token is long.
 * No name begins within a word: scripts hold megabytes of base64.
 */
const QUOTED =
  /(?:(?<![\w$-])([\w$-]{1,80})["']?\s{0,8}[:=]\s{0,8})?(?:"([^"\\\n]{3,8192})"|'([^'\\\n]{3,8192})')(?!\s{0,8}:)/g;

/** Longer ones are files. */
const MAX_BYTES = 262_144;

const known = new WeakMap<HttpResponse, readonly AnswerValue[]>();

export function answerValues(response: HttpResponse): readonly AnswerValue[] {
  const values = known.get(response) ?? valuesIn(response);
  known.set(response, values);
  return values;
}

function valuesIn(response: HttpResponse): AnswerValue[] {
  const gathering = new Gathering();
  for (const { name, value } of responseCookies(response.headers)) {
    gathering.add("cookie", name, `cookie "${name}"`, value);
  }
  for (const [name, value] of response.headers) {
    if (!DESCRIPTIVE_HEADER.test(name)) gathering.add("header", name, `header "${name}"`, value);
  }
  const location = headerValue(response.headers, "location");
  if (location !== undefined) gathering.url("redirect", "redirect", location);
  gatherBody(gathering, response);
  return gathering.found;
}

function gatherBody(gathering: Gathering, response: HttpResponse): void {
  const body = parseBody(response.headers, response.body);
  switch (body.kind) {
    case "json":
      return gathering.json(body.value);
    case "form":
      for (const [name, value] of body.fields) {
        gathering.add("json", name, `field "${name}"`, value);
      }
      return;
    case "html":
      return gathering.page(parseHtml(body.text));
    case "binary":
      return gathering.bytes(bytesAsText(response.headers, response.body!));
    case "text": {
      const text = bodyText(response.headers, response.body!);
      return isScript(response) ? gathering.quoted("script", text) : gathering.quoted("json", text);
    }
  }
}

/** True where a value's name, or the path to it, and another name have a word in common that is not `ignored`. */
export function sharesWord({ name, place }: AnswerValue, other: string, ignored: RegExp): boolean {
  const path = /"(.*)"/.exec(place)?.[1] ?? "";
  const known = new Set(words(`${name} ${path}`).split(" "));
  return words(other).split(" ").some((word) => !ignored.test(word) && known.has(word));
}

/** Client code: JavaScript by its media type (RFC 9239). */
export function isScript({ headers }: HttpResponse): boolean {
  return /\b(java|ecma)script\b/i.test(headerValue(headers, "content-type") ?? "");
}

class Gathering {
  readonly found: AnswerValue[] = [];

  add(kind: Kind, name: string, place: string, text: string): void {
    for (const value of openText(text)) this.found.push({ kind, name, place, value });
    const json = /^\s*[[{]/.test(text) ? parseJson(text) : undefined;
    if (json !== undefined) this.#members(kind, place, json);
  }

  url(kind: Kind, place: string, text: string): void {
    const url = parseUrl(text, "http://relative.invalid/");
    if (url === null) return;
    for (const segment of pathSegments(url)) this.add(kind, "", `${place} path`, segment);
    for (const [name, value] of [...queryPairs(url), ...fragmentPairs(url)]) {
      this.add(kind, name, `${place} parameter "${name}"`, value);
    }
  }

  json(body: JsonValue): void {
    for (const [path, leaf] of jsonValues(body)) {
      if (typeof leaf === "boolean") continue;
      const text = String(leaf);
      const place = path.length === 0 ? "body" : `JSON "${path.join(".")}"`;
      if (/^(https?:\/\/|\/)/i.test(text)) this.url("json", place, text);
      const name = path.findLast((part) => !/^\d+$/.test(String(part))) ?? "";
      this.add("json", String(name), place, text);
    }
  }

  /** Texts of Protocol Buffers and of MessagePack come behind their length, which may be printable. */
  bytes(text: string): void {
    if (text.length > MAX_BYTES) return;
    for (const [run] of text.matchAll(/[\x21-\x7e]{8,8192}/g)) {
      const length = run.charCodeAt(0);
      this.add("json", "", "bytes of the body", run);
      this.add("json", "", "bytes of the body", run.slice(1, 1 + length));
    }
  }

  page(page: HtmlPage): void {
    for (
      const { name, value } of [...page.forms.flatMap(({ inputs }) => inputs), ...page.looseInputs]
    ) {
      this.add("field", name, `form field "${name}"`, value);
      if (isRandomName(name)) this.add("field", "", "the name of a form field", name);
    }
    for (const form of page.forms) this.url("field", "form action", form.action);
    for (const [name, content] of page.metas) this.add("meta", name, `meta "${name}"`, content);
    for (const { text } of page.scripts) this.quoted("text", text);
    for (const { attributes } of page.elements) {
      for (const [name, value] of Object.entries(attributes)) {
        if (!/^(id|class|style|d|src|srcset)$/.test(name)) {
          this.add("text", name, `attribute "${name}"`, value);
        }
      }
    }
  }

  quoted(kind: Kind, text: string): void {
    const value = parseJson(text);
    if (value !== undefined) return this.json(value);
    if (isXml(text)) return this.#elements(kind, text);
    for (const [, name = "", double, single] of withoutByteEscapes(text).matchAll(QUOTED)) {
      const where = kind === "text" ? "text of the page" : "text";
      this.add(kind, name, where, double ?? single ?? "");
    }
  }

  #elements(kind: Kind, text: string): void {
    for (const { path, value } of xmlLeaves(text)) {
      this.add(kind, xmlName(path), `XML "${path}"`, value);
    }
  }

  /** Members of JSON inside a value keep their names. */
  #members(kind: Kind, place: string, value: JsonValue): void {
    for (const [path, leaf] of jsonValues(value)) {
      if (typeof leaf === "boolean") continue;
      const name = path.findLast((part) => typeof part === "string") ?? "";
      this.found.push({ kind, name: String(name), place, value: String(leaf) });
    }
  }
}

/** `\x2D` in a script is `-` (ECMA-262 section 12.9.4); what ends a literal stays as it is written. */
function withoutByteEscapes(text: string): string {
  return text.replace(/\\x([0-9a-f]{2})/gi, (escape, hex) => {
    const char = String.fromCharCode(parseInt(hex, 16));
    return /[\w.~+/=:-]/.test(char) ? char : escape;
  });
}

/** A form may guard itself by a field that is called otherwise for each visitor. */
function isRandomName(name: string): boolean {
  return /^[0-9a-f]{16,128}$/i.test(name) && /\d/.test(name) && /[a-f]/i.test(name);
}
