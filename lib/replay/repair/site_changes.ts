/**
 * What a live run shows to have changed at a site since the recording: the answers that no longer yield what
 * the login takes from them, that refuse, or that lead elsewhere. All other steps are as they were.
 */
import { AnswerView } from "../../codec/answer_view.ts";
import { takeFrom } from "../../codec/place.ts";
import { describeLocator } from "../../codec/locators.ts";
import type { LoginFlow, Step } from "../../correlate/flow.ts";
import type { HttpResponse, Trace } from "../../http/exchange.ts";
import { headerValue } from "../../http/headers.ts";
import { isOpaque } from "../../http/opaque.ts";
import { parseUrl, pathSegments } from "../../http/url.ts";

export interface SiteChange {
  /** `Step.id`. */
  readonly step: string;
  /** `Trace.id` of the recording. */
  readonly trace: string;
  /** Of the live run. */
  readonly live: string;
  /** A sentence; names in quotes. */
  readonly what: string;
}

/** In the order of the steps; one for each step at most, by its last live exchange. */
export function siteChanges(
  { steps }: Pick<LoginFlow, "steps">,
  traces: readonly Trace[],
  live: readonly Trace[],
): SiteChange[] {
  return steps.flatMap((step) => {
    const recorded = traces.find(({ id }) => id === step.trace);
    const now = recorded && live.findLast((one) => isSamePlace(one.request, recorded.request));
    if (recorded?.response == null || now === undefined) return [];
    const what = changeOf(step, recorded.response, now);
    return what === null ? [] : [{ step: step.id, trace: step.trace, live: now.id, what }];
  });
}

/** The same method, origin and path, where opaque segments may differ. */
export function isSamePlace(one: Trace["request"], other: Trace["request"]): boolean {
  const [a, b] = [parseUrl(one.url), parseUrl(other.url)];
  return one.method === other.method && a !== null && b !== null && a.origin === b.origin &&
    pathShape(a) === pathShape(b);
}

function pathShape(url: URL): string {
  return pathSegments(url).map((part) => isOpaque(part) ? "*" : part).join("/");
}

function changeOf(step: Step, recorded: HttpResponse, live: Trace): string | null {
  const { response } = live;
  if (response === null) return "is not answered any more";
  const statusClass = ({ status }: HttpResponse) => Math.floor(status / 100);
  if (statusClass(response) !== statusClass(recorded)) {
    return `answers ${response.status} where ${recorded.status} is recorded`;
  }
  if (targetOf(recorded, live) !== targetOf(response, live)) {
    return "redirects to another place than the recorded one";
  }
  if (response.body === null) return null;
  const view = new AnswerView(response, live.request.url);
  const missing = step.extractions.find((place) => !takeFrom(place, view));
  return missing === undefined ? null : `no longer holds ${describeLocator(missing.locator)}`;
}

function targetOf({ headers }: HttpResponse, { request }: Trace): string | null {
  const location = headerValue(headers, "location");
  const target = location === undefined ? null : parseUrl(location, request.url);
  return target && `${target.origin}/${pathShape(target)}`;
}
