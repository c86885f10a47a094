/** Whether a redirect leads back to a page of the same run, by its address alone. Pure. */
import { headerValue } from "../http/headers.ts";
import { parseUrl } from "../http/url.ts";
import type { GuestExchange } from "../sandbox/guest_run.ts";
import type { WatchedAnswer } from "../sandbox/protocol.ts";
import { isRequestOf, type RecordedStep } from "./recorded_step.ts";

/**
 * True where the answer to what was handed over leads to a page that this run had read before: the one with the
 * form. A path with a value of this login (`/interaction/q7Xk`) leads nowhere else; of a fixed one the query has to
 * differ (`/start?e=1`), since a site may show its form and its welcome at the same address.
 *
 * @param asked What the run asked before, in order.
 * @param submitted The step that handed over, one of `steps`.
 */
export function isLedBack(
  answer: WatchedAnswer,
  asked: readonly GuestExchange[],
  submitted: RecordedStep,
  steps: readonly RecordedStep[],
): boolean {
  const location = headerValue(answer.headers, "location");
  const to = location === undefined ? null : parseUrl(location, answer.url);
  if (to === null || answer.status < 300 || answer.status >= 400) return false;
  const page = asked.findLast((one) => isPage(one, steps) && isSamePath(one.url, to));
  if (page === undefined) return false;
  const exact = (step: RecordedStep) =>
    !step.request.endsWith("*") && isRequestOf(step, "GET", to.href);
  // The recorded login went there itself, behind the form.
  if (steps.slice(steps.indexOf(submitted) + 1).some(exact)) return false;
  return !steps.some(exact) || new URL(page.url).search !== to.search;
}

function isPage({ method, url, status }: GuestExchange, steps: readonly RecordedStep[]): boolean {
  return method === "GET" && status === 200 &&
    steps.some((step) => step.kind === "html" && isRequestOf(step, method, url));
}

function isSamePath(url: string, { origin, pathname }: URL): boolean {
  const asked = new URL(url);
  return asked.origin === origin && asked.pathname === pathname;
}
