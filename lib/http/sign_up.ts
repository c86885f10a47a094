/** Requests that make an account: what they answer is of somebody who is new, and they are made once. */
import type { HttpRequest } from "./exchange.ts";
import { headerValue } from "./headers.ts";
import { parseUrl } from "./url.ts";
import { isLoginEndpoint, isRegistrationPath } from "./vocabulary.ts";

/** By its path, or by the page that it is sent from to no login's own path (`Referer`, RFC 9110 section 10.1.3). */
export function isSignUp(request: HttpRequest): boolean {
  const url = parseUrl(request.url);
  return url !== null &&
    (isRegistrationPath(url.pathname) || isFromSignUpPage(url, request));
}

/** @rule off: false */
function isFromSignUpPage(url: URL, { headers }: HttpRequest): boolean {
  const page = parseUrl(headerValue(headers, "referer") ?? "");
  if (page === null || page.origin !== url.origin || isLoginEndpoint(url.pathname)) return false;
  return isRegistrationPath(page.pathname.replace(/^.*\/(?=[^/])/, ""));
}
