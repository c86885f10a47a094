/** Writing a value where a locator reads it: the sure way for values too short to be replaced as text. */
import { bodyText, stripJsonGuard } from "../http/body.ts";
import { parseSetCookie } from "../http/cookies.ts";
import type { HeaderList, HttpResponse } from "../http/exchange.ts";
import { parseHtml } from "../http/html.ts";
import type { Locator } from "../correlate/flow.ts";
import { applyLocator } from "../correlate/locate.ts";
import { EncodedText } from "./encoded_text.ts";
import { patchJsonLeaf, patchParam } from "./patch_opened.ts";

/** Occurrences tried in a page. */
const MAX_TRIES = 200;

/** The response with `fresh` where `locator` finds `located`; `undefined` when that cannot be done. */
export function patchLocated(
  locator: Locator,
  response: HttpResponse,
  requestUrl: string,
  located: string,
  fresh: string,
): HttpResponse | undefined {
  switch (locator.kind) {
    case "cookie":
      return withHeaders(response, (name, value) => patchCookie(locator.name, name, value, fresh));
    case "header":
      return withHeaders(response, (name, value) => isNamed(name, locator.name) ? fresh : value);
    case "location":
      return withHeaders(response, (name, value) => isNamed(name, "location") ? fresh : value);
    case "location-param":
      return withHeaders(
        response,
        (name, value) => isNamed(name, "location") ? patchParam(value, locator.name, fresh) : value,
      );
    case "json":
      return withText(response, (text) => {
        const json = stripJsonGuard(text.trimStart());
        const guard = text.slice(0, text.length - json.length);
        const patched = patchJsonLeaf(json, locator.path, fresh);
        return patched === undefined ? undefined : guard + patched;
      });
    case "form-action": {
      // Located absolute, written relative.
      const page = parseHtml(bodyText(response.headers, response.body ?? new Uint8Array()));
      const written = page.forms[locator.form]?.action ?? "";
      return patchInPage(locator, response, requestUrl, written, fresh);
    }
    default:
      return patchInPage(locator, response, requestUrl, located, fresh);
  }
}

/** Each occurrence is tried alone until the locator finds the new value. */
function patchInPage(
  locator: Locator,
  response: HttpResponse,
  requestUrl: string,
  located: string,
  fresh: string,
): HttpResponse | undefined {
  if (located === "") return undefined;
  return withText(response, (text) => {
    for (const at of new EncodedText(located).spansIn(text).slice(0, MAX_TRIES)) {
      const patched = text.slice(0, at.start) +
        new EncodedText(located).replaceIn(text.slice(at.start, at.end), fresh, "html") +
        text.slice(at.end);
      const candidate = { ...response, body: new TextEncoder().encode(patched) };
      if (applyLocator(locator, candidate, requestUrl) === fresh) return patched;
    }
    return undefined;
  });
}

function patchCookie(cookieName: string, name: string, line: string, fresh: string): string {
  if (!isNamed(name, "set-cookie")) return line;
  const cookie = parseSetCookie(line);
  if (cookie?.name !== cookieName || cookie.value === "") return line;
  const semicolon = line.indexOf(";");
  return `${cookieName}=${fresh}${semicolon === -1 ? "" : line.slice(semicolon)}`;
}

function withHeaders(
  response: HttpResponse,
  map: (name: string, value: string) => string,
): HttpResponse {
  const headers: HeaderList = response.headers.map(([name, value]) => [name, map(name, value)]);
  return { ...response, headers };
}

/** The body re-encoded as UTF-8, which `answer.ts` has declared by then. */
function withText(
  response: HttpResponse,
  map: (text: string) => string | undefined,
): HttpResponse | undefined {
  const text = bodyText(response.headers, response.body ?? new Uint8Array());
  const mapped = map(text);
  return mapped === undefined ? undefined : { ...response, body: new TextEncoder().encode(mapped) };
}

function isNamed(name: string, wanted: string): boolean {
  return name.toLowerCase() === wanted.toLowerCase();
}
