/** A request for another page of the same list, at the address that the server names for it. Pure. */
import { AppError } from "../base/error.ts";
import type { HttpRequest } from "../http/exchange.ts";
import { maskUrl } from "../http/mask_url.ts";

/**
 * The request with its address replaced.
 *
 * @throws {AppError} `ORIGIN_REFUSED` for an address elsewhere: an answer does not decide where requests go.
 */
export function atPage(request: HttpRequest, pageUrl: string | undefined): HttpRequest {
  if (pageUrl === undefined) return request;
  const page = URL.parse(pageUrl, request.url);
  const { origin } = new URL(request.url);
  if (page?.origin === origin && page.username === "" && page.password === "") {
    page.hash = "";
    return { ...request, url: page.href };
  }
  throw new AppError("ORIGIN_REFUSED", `The next page is not on "${origin}"`, {
    hint: `The answer names ${page === null ? "no address" : `"${maskUrl(page.href)}"`}`,
    details: { origin },
  });
}
