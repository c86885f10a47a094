/** Gathering, from recorded responses, every value that a server minted. */
import { isRecord, parseJson } from "../base/json.ts";
import { splitScheme } from "../http/auth_scheme.ts";
import { base64Decode } from "../http/base64.ts";
import { bodyText, parseBody } from "../http/body.ts";
import { responseCookies } from "../http/cookies.ts";
import type { HttpResponse } from "../http/exchange.ts";
import { headerValue } from "../http/headers.ts";
import { parseHtml } from "../http/html.ts";
import { decodeJwt } from "../http/jwt.ts";
import { fragmentPairs, parseUrl, pathSegments, percentDecode, queryPairs } from "../http/url.ts";
import { isMintedUnder } from "./token_like.ts";

/** Headers that describe the message or the server and are never sent back. */
const DESCRIPTIVE_HEADER =
  /^(set-cookie|location|content-.*|date|server|etag|vary|link|expires|last-modified|cache-control|age|via|alt-svc|nel|report-to|strict-transport-security|permissions-policy|access-control-.*|x-request-id|x-powered-by|cf-.*)$/i;

/** Text between quotes in a script, short of what no token is long. */
const QUOTED = /"([^"\\\n]{8,8192})"|'([^'\\\n]{8,8192})'/g;
const MAX_DEPTH = 6;

/** The values, opened as far as they open: the token inside base64 inside JSON inside a cookie. */
export function mintedValues(response: HttpResponse): Set<string> {
  const gathering = new Gathering();
  for (const cookie of responseCookies(response.headers)) {
    gathering.leaf(`${cookie.name}_token`, cookie.value);
  }
  for (const [name, value] of response.headers) {
    if (!DESCRIPTIVE_HEADER.test(name)) gathering.leaf(name, splitScheme(value).credentials);
  }
  const location = headerValue(response.headers, "location");
  if (location !== undefined) gathering.url(location);
  gatherBody(gathering, response);
  return gathering.found;
}

/** The values inside one text, opened as far as it opens. */
export function mintedWithin(name: string, text: string): Set<string> {
  const gathering = new Gathering();
  gathering.leaf(name, text);
  return gathering.found;
}

function gatherBody(gathering: Gathering, response: HttpResponse): void {
  const body = parseBody(response.headers, response.body);
  switch (body.kind) {
    case "json":
      return gathering.json("", body.value);
    case "form":
      for (const [name, value] of body.fields) gathering.leaf(name, value);
      return;
    case "html":
      return gathering.page(body.text);
    case "text":
      return gathering.quoted(bodyText(response.headers, response.body!));
  }
}

class Gathering {
  readonly found = new Set<string>();
  #depth = 0;

  leaf(name: string, value: string): void {
    if (value === "" || this.#depth > MAX_DEPTH) return;
    this.#depth++;
    this.#open(name, value);
    this.#depth--;
  }

  url(text: string): void {
    const url = parseUrl(text, "http://relative.invalid/");
    if (url === null) return;
    for (const segment of pathSegments(url)) this.leaf("", segment);
    for (const [name, value] of [...queryPairs(url), ...fragmentPairs(url)]) this.leaf(name, value);
  }

  json(name: string, value: unknown): void {
    if (typeof value === "string") this.leaf(name, value);
    else if (typeof value === "number") this.leaf(name, String(value));
    else if (Array.isArray(value)) value.forEach((item) => this.json(name, item));
    else if (isRecord(value)) {
      for (const [key, member] of Object.entries(value)) this.json(key, member);
    }
  }

  page(html: string): void {
    const page = parseHtml(html);
    for (const input of [...page.forms.flatMap((form) => form.inputs), ...page.looseInputs]) {
      this.leaf(input.name, input.value);
    }
    for (const form of page.forms) this.url(form.action);
    for (const [name, content] of page.metas) this.leaf(name, content);
    for (const script of page.scripts) this.quoted(script.text);
    for (const element of page.elements) {
      for (const [name, value] of Object.entries(element.attributes)) {
        if (!/^(id|class|style|d|src|srcset)$/.test(name)) this.leaf(name, value);
      }
    }
  }

  quoted(text: string): void {
    const value = parseJson(text);
    if (value !== undefined) return this.json("", value);
    for (const match of text.matchAll(QUOTED)) this.leaf("", match[1] ?? match[2] ?? "");
  }

  #open(name: string, value: string): void {
    if (/^[[{]/.test(value)) {
      const json = parseJson(value);
      if (json !== undefined) return this.json(name, json);
    }
    if (/^(https?:\/\/|\/)/i.test(value)) this.url(value);
    const decoded = percentDecode(value);
    if (decoded !== value) return this.leaf(name, decoded);
    const jwt = decodeJwt(value);
    if (jwt !== null) this.json(name, jwt.payload);
    else this.#openBase64(name, value);
    if (isMintedUnder(name, value)) this.found.add(value);
  }

  /** Only base64 of structured text is opened: any word is base64 of something. */
  #openBase64(name: string, value: string): void {
    for (const part of value.split(".")) {
      const text = part.length < 8 ? undefined : base64Decode(part);
      if (text !== undefined && /^[{[<]|^[\x20-\x7e]+[:=&|][\x20-\x7e]+$/.test(text)) {
        this.leaf(name, text);
      }
    }
  }
}
