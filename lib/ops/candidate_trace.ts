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

/** What keeps a trace from being a candidate, as the end of a sentence. */
export function whyNoCandidate(trace: Trace, apiOrigins: readonly string[]): string {
  const status = trace.response?.status;
  if (status === undefined) return "no answer is recorded";
  if (status < 200 || status >= 300) return `the answer has status ${status}`;
  const origin = originOf(trace);
  return apiOrigins.includes(origin) ? "it logs out" : `${origin} is not where the app's tools go`;
}
