/** One exchange as a model sees it: its whole structure, its values redacted. */
import type { JsonValue } from "../base/json.ts";
import { parseBody, type ParsedBody } from "../http/body.ts";
import { parseSetCookie, requestCookies } from "../http/cookies.ts";
import type { HeaderList, HttpRequest, HttpResponse } from "../http/exchange.ts";
import { headerValues, mediaType } from "../http/headers.ts";
import { type FormInput, type HtmlPage, parseHtml } from "../http/html.ts";
import { type CodeOrigin, redactCode } from "./redact_code.ts";
import type { Redaction } from "./redaction.ts";

/** Lines as `Name: value` and `name=value`; bodies by their form. */
export interface ShownMessage {
  readonly headers: readonly string[];
  readonly cookies: readonly string[];
  readonly body: JsonValue;
}

export interface ShownRequest extends ShownMessage {
  readonly method: string;
  readonly url: string;
}

export interface ShownResponse extends ShownMessage {
  readonly status: number;
}

/** Headers that say nothing about a login. */
const IDLE_HEADER =
  /^(cookie|set-cookie|sec-.*|accept-.*|connection|content-length|content-encoding|content-security-policy.*|date|server|etag|vary|via|age|alt-svc|cache-control|pragma|expires|last-modified|nel|report-to|reporting-endpoints|strict-transport-security|permissions-policy|feature-policy|cross-origin-.*|x-content-type-options|x-frame-options|x-xss-protection|x-powered-by|keep-alive|transfer-encoding|upgrade.*|priority|dnt|te|host|origin-agent-cluster|timing-allow-origin|server-timing|if-.*)$/i;

export function redactRequest(request: HttpRequest, redaction: Redaction): ShownRequest {
  return {
    method: redaction.name(request.method),
    url: redaction.url(request.url),
    headers: redactHeaders(request.headers, redaction),
    cookies: requestCookies(request.headers).map(([name, value]) =>
      `${redaction.name(name)}=${redaction.show(value, name)}`
    ),
    body: redactBody(parseBody(request.headers, request.body), redaction, "page"),
  };
}

export function redactResponse(
  response: HttpResponse,
  redaction: Redaction,
  origin: CodeOrigin,
): ShownResponse {
  const isScript = /javascript|ecmascript/.test(mediaType(response.headers));
  const body = parseBody(response.headers, response.body);
  return {
    status: response.status,
    headers: redactHeaders(response.headers, redaction),
    cookies: headerValues(response.headers, "set-cookie").map((line) => setCookie(line, redaction)),
    body: isScript && (body.kind === "text" || body.kind === "json")
      ? codeOrNothing(
        body.kind === "text" ? body.text : JSON.stringify(body.value),
        redaction,
        origin,
      )
      : redactBody(body, redaction, origin),
  };
}

function redactHeaders(headers: HeaderList, redaction: Redaction): string[] {
  return headers.filter(([name]) => !IDLE_HEADER.test(name))
    .map(([name, value]) => `${redaction.name(name)}: ${redaction.show(value, name)}`);
}

/** Attributes stay: they decide where the cookie goes and how long it lasts. */
function setCookie(line: string, redaction: Redaction): string {
  const cookie = parseSetCookie(line);
  if (cookie === null) return redaction.show(line);
  const attributes = [
    ...(cookie.domain === undefined ? [] : [`Domain=${redaction.name(cookie.domain)}`]),
    ...(cookie.path === undefined ? [] : [`Path=${redaction.url(cookie.path)}`]),
    ...(cookie.maxAgeSec === undefined ? [] : [`Max-Age=${cookie.maxAgeSec}`]),
    ...(cookie.expiresMs === undefined ? [] : ["Expires=…"]),
    ...(cookie.secure ? ["Secure"] : []),
    ...(cookie.httpOnly ? ["HttpOnly"] : []),
  ];
  return [
    `${redaction.name(cookie.name)}=${redaction.show(cookie.value, cookie.name)}`,
    ...attributes,
  ]
    .join("; ");
}

function redactBody(body: ParsedBody, redaction: Redaction, origin: CodeOrigin): JsonValue {
  switch (body.kind) {
    case "none":
      return null;
    case "binary":
      return "binary";
    case "form":
      return body.fields.map(([name, value]) =>
        `${redaction.name(name)}=${redaction.show(value, name)}`
      );
    case "multipart":
      return body.parts.map(({ name, fileName, value }) =>
        fileName === undefined
          ? `${redaction.name(name)}=${redaction.show(value, name)}`
          : `${redaction.name(name)}: a file`
      );
    case "json":
      return redaction.json(body.value);
    case "html":
      return redactPage(parseHtml(body.text), redaction, origin);
    case "text":
      return /^\s*</.test(body.text)
        ? redactMarkup(body.text, redaction)
        : redaction.show(body.text);
  }
}

/** What a browser and its scripts use of a page; its prose is nobody's business. */
function redactPage(page: HtmlPage, redaction: Redaction, origin: CodeOrigin): JsonValue {
  const field = ({ name, type, value }: FormInput) =>
    `${redaction.name(name)} (${redaction.name(type)})${
      value === "" ? "" : `=${redaction.show(value, name)}`
    }`;
  const scripts = page.scripts.map(({ id, type, text }) => ({
    ...(id === undefined ? {} : { id: redaction.name(id) }),
    ...(type === "" ? {} : { type: redaction.show(type) }),
    code: codeOrNothing(text, redaction, origin),
  }));
  return {
    forms: page.forms.map((form) => ({
      ...(form.id === undefined ? {} : { id: redaction.name(form.id) }),
      action: form.action === "" ? "" : redaction.url(form.action),
      method: redaction.name(form.method),
      fields: form.inputs.map(field),
    })),
    ...(page.looseInputs.length === 0 ? {} : { fields: page.looseInputs.map(field) }),
    metas: page.metas.map(([name, content]) =>
      `${redaction.name(name)}=${redaction.show(content, name)}`
    ),
    elements: page.elements.flatMap(({ tag, attributes }) =>
      elementLine(tag, attributes, redaction)
    ),
    scripts,
  };
}

/** Elements that carry data: a class or an id alone is layout. */
function elementLine(
  tag: string,
  attributes: Readonly<Record<string, string>>,
  redaction: Redaction,
): string[] {
  const data = Object.entries(attributes).filter(([name]) => name.startsWith("data-"));
  if (data.length === 0) return [];
  const id = attributes["id"] === undefined ? "" : `#${redaction.name(attributes["id"])}`;
  const shown = data.map(([name, value]) =>
    `${redaction.name(name)}=${redaction.show(value, name)}`
  );
  return [`${redaction.name(tag)}${id} ${shown.join(" ")}`];
}

/** Inline scripts are code, or JSON for code to read. */
function codeOrNothing(text: string, redaction: Redaction, origin: CodeOrigin): JsonValue {
  const body = parseBody([["content-type", "application/json"]], new TextEncoder().encode(text));
  if (body.kind === "json") return redaction.json(body.value);
  return redactCode(text, redaction, origin) ?? "not readable as JavaScript";
}

/** XML: tags are structure, what stands in and between them are values. */
function redactMarkup(text: string, redaction: Redaction): string {
  return text.replace(
    /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<[^<>]*>|[^<]+/g,
    (part, data) => {
      if (part.startsWith("<!--")) return "";
      if (data !== undefined) return redaction.show(data);
      return part.startsWith("<") ? redactTag(part, redaction) : redaction.show(part);
    },
  );
}

function redactTag(tag: string, redaction: Redaction): string {
  const [, open = "<", name = "", rest = ""] = /^(<[/?!]?)([^\s/>?]*)([\s\S]*)$/.exec(tag) ?? [];
  const attributes = [
    ...rest.matchAll(/([^\s=/>?]{1,256})\s{0,16}=\s{0,16}(?:"([^"]*)"|'([^']*)')/g),
  ].map(
    ([, key = "", double, single]) =>
      ` ${redaction.name(key)}="${redaction.show(double ?? single ?? "", key)}"`,
  );
  return `${open}${redaction.name(name)}${attributes.join("")}>`;
}
