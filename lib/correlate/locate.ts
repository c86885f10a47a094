/** Finding the text a locator names in a response. */
import { parseJson } from "../base/json.ts";
import { bodyText, stripJsonGuard } from "../http/body.ts";
import { responseCookies } from "../http/cookies.ts";
import type { HttpResponse } from "../http/exchange.ts";
import { headerValue } from "../http/headers.ts";
import { elementAttribute, formActionUrl, type HtmlPage, parseHtml } from "../http/html.ts";
import { fragmentPairs, parseUrl, queryPairs } from "../http/url.ts";
import type { Locator } from "./flow.ts";
import { jsonLeaf } from "./open.ts";

/**
 * The text a locator names, or `undefined`. Of several `Set-Cookie` lines of one name the last with
 * a value counts, as in a cookie jar. Redirect targets and form actions are made absolute against
 * `requestUrl`.
 */
export function applyLocator(
  locator: Locator,
  response: HttpResponse,
  requestUrl: string,
): string | undefined {
  switch (locator.kind) {
    case "cookie":
      return responseCookies(response.headers)
        .findLast((cookie) => cookie.name === locator.name && cookie.value !== "")?.value;
    case "header":
      return headerValue(response.headers, locator.name);
    case "location":
      return redirectTarget(response, requestUrl)?.href;
    case "location-param":
      return redirectParameter(redirectTarget(response, requestUrl), locator.part, locator.name);
    default:
      return locateInBody(locator, response, requestUrl);
  }
}

type BodyLocator = Exclude<
  Locator,
  { kind: "cookie" | "header" | "location" | "location-param" }
>;

function locateInBody(
  locator: BodyLocator,
  response: HttpResponse,
  requestUrl: string,
): string | undefined {
  if (response.body === null) return undefined;
  const text = bodyText(response.headers, response.body);
  switch (locator.kind) {
    case "json":
      return jsonLeaf(parseJson(stripJsonGuard(text.trimStart())), locator.path);
    case "between":
      return between(text, locator.before, locator.after);
    case "body":
      return text.trim();
    default:
      return locateInPage(locator, parseHtml(text), requestUrl);
  }
}

type PageLocator = Exclude<BodyLocator, { kind: "json" | "between" | "body" }>;

function locateInPage(
  locator: PageLocator,
  page: HtmlPage,
  requestUrl: string,
): string | undefined {
  switch (locator.kind) {
    case "form-field":
      return page.forms.filter((_, index) => locator.form === null || index === locator.form)
        .flatMap((form) => form.inputs).find((input) => input.name === locator.name)?.value;
    case "form-action": {
      const form = page.forms[locator.form];
      return form === undefined ? undefined : formActionUrl(page, form, requestUrl);
    }
    case "meta":
      return page.metas.find(([name]) => name === locator.name)?.[1];
    case "attribute":
      return elementAttribute(page, locator.selector, locator.attribute);
  }
}

function redirectTarget(response: HttpResponse, requestUrl: string): URL | undefined {
  const location = headerValue(response.headers, "location");
  return location === undefined ? undefined : parseUrl(location, requestUrl) ?? undefined;
}

function redirectParameter(
  target: URL | undefined,
  part: "query" | "fragment",
  name: string,
): string | undefined {
  if (target === undefined) return undefined;
  const pairs = part === "query" ? queryPairs(target) : fragmentPairs(target);
  return pairs.find(([candidate]) => candidate === name)?.[1];
}

/** The text between the first `before` and the `after` that follows it. */
function between(text: string, before: string, after: string): string | undefined {
  const start = text.indexOf(before);
  if (start === -1) return undefined;
  const from = start + before.length;
  const end = after === "" ? text.length : text.indexOf(after, from);
  return end === -1 ? undefined : text.slice(from, end);
}
