/** Requests that make an account: what they answer is of somebody who is new, and they are made once. */
import type { HttpRequest } from "./exchange.ts";
import { headerValue } from "./headers.ts";
import { bodyText } from "./body.ts";
import { parseUrl } from "./url.ts";
import { isLoginEndpoint, isRegistrationPath } from "./vocabulary.ts";

/** By its path, or by the page that it is sent from to no login's own path (`Referer`, RFC 9110 section 10.1.3). */
export function isSignUp(request: HttpRequest): boolean {
  const url = parseUrl(request.url);
  return url !== null &&
    (isRegistrationPath(url.pathname) || isFromSignUpPage(url, request));
}

/** @rule off: false */
function isFromSignUpPage(url: URL, request: HttpRequest): boolean {
  const page = parseUrl(headerValue(request.headers, "referer") ?? "");
  if (page === null || page.origin !== url.origin || isLoginEndpoint(url.pathname)) return false;
  return isRegistrationPath(page.pathname.replace(/^.*\/(?=[^/])/, "")) && !callsLogin(request);
}

/** So much of a body is looked at. In characters. */
const MAX_HEAD = 2_000;

/** What a body calls: an operation of GraphQL, a method of JSON-RPC, the action of a form. */
const LOGIN_CALL =
  /"(?:operationName|query|method|action)"\s{0,4}:\s{0,4}"[^"]{0,300}?(?:log|sign)_?in|(?:^|&)(?:action|method|op|cmd|do)=(?:log|sign)[_-]?in/i;

/** A page to register on may have a box to log in with as well. @rule off: false */
function callsLogin({ headers, body }: HttpRequest): boolean {
  return body !== null && LOGIN_CALL.test(bodyText(headers, body).slice(0, MAX_HEAD));
}
