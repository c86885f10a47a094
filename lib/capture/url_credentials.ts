/**
 * User name and password inside a URL (RFC 3986 section 3.2.1). A page gives them to a request that way
 * (`XMLHttpRequest.open()` takes both), the browser answers the server's challenge with them (Fetch
 * standard, "HTTP-network-or-cache fetch"), and some recorders write down the URL and not the header.
 */
import { base64Encode } from "../http/base64.ts";
import type { HttpRequest, HttpResponse } from "../http/exchange.ts";
import { headerValue } from "../http/headers.ts";
import { parseUrl, percentDecode } from "../http/url.ts";

/**
 * The request as it travelled: the URL without credentials, which stand in an `Authorization: Basic`
 * header (RFC 7617) unless the request has one of its own or is the one that was challenged.
 */
export function withoutUrlCredentials(
  request: HttpRequest,
  response: HttpResponse | null,
): HttpRequest {
  const url = parseUrl(request.url);
  if (url === null || (url.username === "" && url.password === "")) return request;
  const pair = `${percentDecode(url.username)}:${percentDecode(url.password)}`;
  url.username = "";
  url.password = "";
  const isChallenged = response?.status === 401;
  const isGiven = headerValue(request.headers, "authorization") !== undefined;
  return {
    ...request,
    url: url.href,
    headers: isChallenged || isGiven
      ? request.headers
      : [...request.headers, ["Authorization", `Basic ${base64Encode(pair)}`]],
  };
}
