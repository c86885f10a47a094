/** Which recorded requests may show a session. */
import type { Trace } from "../http/exchange.ts";
import { parseUrl } from "../http/url.ts";
import { isLogoutPath } from "../http/vocabulary.ts";

/** True for one to the app that went well. */
export function isCandidate(trace: Trace, apiOrigins: readonly string[]): boolean {
  const status = trace.response?.status ?? 0;
  const url = parseUrl(trace.request.url);
  return status >= 200 && status < 300 && url !== null && apiOrigins.includes(url.origin) &&
    !isLogoutPath(url.pathname);
}

export function originOf(trace: Trace): string {
  return parseUrl(trace.request.url)?.origin ?? "";
}
