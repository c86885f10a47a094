/**
 * Basic credentials that a browser added by itself and the recorder left out.
 *
 * After a challenge a browser asks, repeats the request with `Authorization`, and from then on adds the
 * header unasked to everything at or below the challenged path (RFC 7617 section 2.2). Recorders that
 * look at requests before the network does (DevTools protocol clients, extensions) show the repeated
 * request as one exchange: answered, and without the header. So a request that carries the header
 * unasked, where no recorded challenge explains it, shows that a request above it was challenged.
 */
import type { Trace } from "../http/exchange.ts";
import { hasScheme } from "../http/auth_scheme.ts";
import { parseChallenges } from "../http/challenge.ts";
import { headerValue, headerValues, mediaType } from "../http/headers.ts";
import { parseUrl } from "../http/url.ts";

/** The traces with the header put back where a browser must have sent it. @rule off: traces */
export function withBrowserBasic(traces: readonly Trace[]): readonly Trace[] {
  const origins = new Set(traces.filter(isBrowsersOwn).map(({ request }) => originOf(request.url)));
  if (origins.size === 0) return traces;
  const spaces: string[] = [];
  const left = new Map<string, string>();
  traces.forEach((trace, index) => {
    const { url } = trace.request;
    if (isChallenge(trace)) spaces.push(folderOf(url));
    const credentials = basicHeader(trace);
    if (credentials === null || !origins.has(originOf(url))) return;
    if (spaces.some((space) => url.startsWith(space))) return;
    const challenged = traces.slice(0, index).findLast((earlier) => mayHide(earlier, url));
    if (challenged !== undefined) left.set(challenged.id, credentials);
    spaces.push(folderOf(challenged?.request.url ?? url));
  });
  return traces.map((trace) => {
    const credentials = left.get(trace.id);
    if (credentials === undefined) return trace;
    const headers = [...trace.request.headers, ["Authorization", credentials] as const];
    return { ...trace, request: { ...trace.request, headers } };
  });
}

/** What no page's script can have added the header to: navigations, styles, scripts, images. */
function isBrowsersOwn(trace: Trace): boolean {
  if (basicHeader(trace) === null) return false;
  const wanted = headerValue(trace.request.headers, "sec-fetch-dest");
  if (wanted !== undefined) return wanted !== "empty";
  return trace.noise === "static-asset" ||
    trace.request.method === "GET" && mediaType(trace.response?.headers ?? []) === "text/html";
}

function isChallenge({ response }: Trace): boolean {
  return response?.status === 401 &&
    parseChallenges(headerValues(response.headers, "www-authenticate").join(", "))
      .some(({ scheme }) => scheme === "basic");
}

/** An answered request without the header, at whose folder or below `url` is. */
function mayHide({ noise, request, response }: Trace, url: string): boolean {
  return (noise === null || noise === "static-asset") && response !== null &&
    response.status !== 401 &&
    headerValue(request.headers, "authorization") === undefined &&
    url.startsWith(folderOf(request.url));
}

function basicHeader({ request }: Trace): string | null {
  const value = headerValue(request.headers, "authorization") ?? "";
  return hasScheme(value, "basic") ? value : null;
}

function originOf(href: string): string {
  return parseUrl(href)?.origin ?? "";
}

/** Origin and path up to the last slash. */
function folderOf(href: string): string {
  return parseUrl(".", href)?.href ?? href;
}
