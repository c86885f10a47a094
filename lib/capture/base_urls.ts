/** The origins an application is served from, told by its traffic. */
import type { NewTrace } from "../store/trace_store.ts";
import { mediaType } from "../http/headers.ts";
import { parseUrl } from "../http/url.ts";

/** Origins kept; a page with more of them is a portal. */
const MAX_ORIGINS = 10;
const DATA_TYPE = /[/+]json\b|graphql|[/+]xml\b|protobuf/;

/**
 * Origins that served pages or data, the busiest first. Data counts more than pages, so that an API on
 * a host of its own comes before the site that calls it.
 */
export function baseUrls(traces: Iterable<NewTrace>): string[] {
  const weights = new Map<string, number>();
  for (const trace of traces) {
    const origin = parseUrl(trace.request.url)?.origin;
    const weight = weightOf(trace);
    if (origin !== undefined && weight > 0) {
      weights.set(origin, (weights.get(origin) ?? 0) + weight);
    }
  }
  return [...weights].sort(([, a], [, b]) => b - a).slice(0, MAX_ORIGINS).map(([origin]) => origin);
}

function weightOf({ noise, response }: NewTrace): number {
  if (noise !== null || response === null || response.status >= 400) return 0;
  const type = mediaType(response.headers);
  if (DATA_TYPE.test(type)) return 3;
  return type === "text/html" ? 1 : 0;
}
