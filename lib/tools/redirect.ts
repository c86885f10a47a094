/** Redirects as the Fetch standard follows them ("HTTP-redirect fetch"), one step, pure. */
import type { HttpRequest, HttpResponse } from "../http/exchange.ts";
import { headerValue } from "../http/headers.ts";
import { parseUrl } from "../http/url.ts";

const REDIRECT_STATUSES = new Set([301, 302, 303, 307, 308]);

/** Headers that describe the body and leave with it. */
const BODY_HEADERS = new Set([
  "content-encoding",
  "content-language",
  "content-location",
  "content-type",
]);

/** What may still be told to another origin: nothing in it comes from the app or from its user. */
const NEUTRAL_HEADERS = new Set(["accept", "accept-language", "content-type", "user-agent"]);

/** The request a redirect asks for; `null` when the response is not a redirect that can be followed. */
export function redirectedRequest(
  request: HttpRequest,
  response: HttpResponse,
): HttpRequest | null {
  if (!REDIRECT_STATUSES.has(response.status)) return null;
  const location = headerValue(response.headers, "location");
  const url = location === undefined ? null : parseUrl(location, request.url);
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  url.username = "";
  url.password = "";
  url.hash = "";
  const next = becomesGet(request.method, response.status)
    ? {
      method: "GET",
      headers: request.headers.filter(([name]) => !BODY_HEADERS.has(name.toLowerCase())),
      body: null,
    }
    : { method: request.method, headers: request.headers, body: request.body };
  const sameOrigin = url.origin === new URL(request.url).origin;
  return {
    ...next,
    url: url.href,
    headers: sameOrigin
      ? next.headers
      : next.headers.filter(([name]) => NEUTRAL_HEADERS.has(name.toLowerCase())),
  };
}

function becomesGet(method: string, status: number): boolean {
  if (status === 303) return method !== "GET" && method !== "HEAD";
  return (status === 301 || status === 302) && method === "POST";
}
