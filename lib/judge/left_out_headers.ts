/**
 * Headers that browsers and their libraries send of themselves (Fetch standard sections 2.2.2 and 3.1, Referrer
 * Policy) and a script leaves out. Some servers look at them to know their own pages (OWASP Cross-Site Request
 * Forgery Prevention, "Verifying Origin With Standard Headers"). A recording shows that it is needed where the
 * server refused the same request without it, and that it is not where it accepted a like one; else the proof
 * says what it takes on trust.
 */
import { headerValue } from "../http/headers.ts";
import { parseUrl } from "../http/url.ts";
import type { Assumption } from "./assumption.ts";
import type { DemandedRequest } from "./demands.ts";
import { type Evidence, targetOf } from "./evidence.ts";
import type { Objection, ScriptRun } from "./run.ts";

/** What a script may leave out where nothing speaks against it. */
const OF_THE_BROWSER = /^(origin|referer|accept|accept-language|x-requested-with)$/i;

export function leftOutHeaders(
  { sent }: ScriptRun,
  evidence: Evidence,
  demanded: readonly DemandedRequest[],
): (Objection | Assumption)[] {
  return demanded.flatMap(({ trace, headers }) => {
    const made = sent.find((one) => one.trace === trace);
    return made === undefined ? [] : headers.flatMap((name) => {
      const given = headerValue(made.request.headers, name);
      if (given === undefined) return [judged(name, trace, evidence)];
      return isOfAnother(name, given, trace, evidence)
        ? [{
          trace,
          where: `header "${name}"`,
          problem: "names another site than the recorded one",
        }]
        : [];
    });
  });
}

/** @rule off: false */
function isOfAnother(name: string, given: string, trace: string, { traces }: Evidence): boolean {
  if (!/^(origin|referer)$/i.test(name)) return false;
  const { headers } = traces.find(({ id }) => id === trace)!.request;
  return parseUrl(given)?.origin !== parseUrl(headerValue(headers, name) ?? "")?.origin;
}

function judged(name: string, trace: string, evidence: Evidence): Objection | Assumption {
  const where = `header "${name}"`;
  if (!OF_THE_BROWSER.test(name)) return { trace, where, problem: "is missing" };
  const without = requestsWithout(name, trace, evidence);
  const refused = without.find(({ isSame, status }) => isSame && status >= 400);
  if (refused !== undefined) {
    return { trace, where, problem: `is missing, and ${refused.id} was refused without it` };
  }
  const accepted = without.find(({ status }) => status < 400);
  return {
    trace,
    where,
    as: "constant",
    why: "the script leaves it out, and " +
      (accepted === undefined
        ? "no recorded answer shows whether the server looks at it"
        : `${accepted.id} was accepted without it`),
    isSettled: accepted !== undefined,
  };
}

/** Recorded requests of the same method to the same site that do not have the header. */
function requestsWithout(name: string, trace: string, { traces }: Evidence) {
  const { request: { method, url } } = traces.find(({ id }) => id === trace)!;
  const isLike = (other: string) => parseUrl(other)?.origin === parseUrl(url)?.origin;
  return traces.flatMap(({ id, request, response, noise }) =>
    noise === null && response !== null && request.method === method && isLike(request.url) &&
      headerValue(request.headers, name) === undefined
      ? [{ id, status: response.status, isSame: targetOf(request.url) === targetOf(url) }]
      : []
  );
}
