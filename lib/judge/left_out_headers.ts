/**
 * Headers that browsers and their libraries send of themselves (Fetch standard sections 2.2.2 and 3.1, Referrer
 * Policy) and a script leaves out. Some servers look at them to know their own pages (OWASP Cross-Site Request
 * Forgery Prevention, "Verifying Origin With Standard Headers"). A recording shows that it is needed where the
 * server refused the same request without it, and that it is not where it accepted a like one; else the proof
 * says what it takes on trust.
 */
import type { Trace } from "../http/exchange.ts";
import { headerValue } from "../http/headers.ts";
import { originOf, targetOf } from "../http/url.ts";
import type { DemandedRequest } from "./demands.ts";
import type { Evidence } from "./evidence.ts";
import { type Finding, objection, settled, unsettled } from "./finding.ts";
import type { ScriptRun } from "./run.ts";

/** What a script may leave out where nothing speaks against it. */
const OF_THE_BROWSER = /^(origin|referer|accept|accept-language|x-requested-with)$/i;

export function leftOutHeaders(
  { sent }: ScriptRun,
  evidence: Evidence,
  demanded: readonly DemandedRequest[],
): Finding[] {
  return demanded.flatMap(({ trace: id, headers }) => {
    const made = sent.find(({ trace }) => trace === id);
    const recorded = evidence.trace(id);
    return made === undefined || recorded === undefined ? [] : headers.flatMap((name) => {
      const given = headerValue(made.request.headers, name);
      if (given === undefined) return [judged(name, recorded, evidence)];
      const at = { trace: id, where: `header "${name}"` };
      return isOfAnother(name, given, recorded)
        ? [objection(at, "names another site than the recorded one")]
        : [];
    });
  });
}

/** @rule off: false */
function isOfAnother(name: string, given: string, { request }: Trace): boolean {
  return /^(origin|referer)$/i.test(name) &&
    originOf(given) !== originOf(headerValue(request.headers, name) ?? "");
}

function judged(name: string, recorded: Trace, evidence: Evidence): Finding {
  const at = { trace: recorded.id, where: `header "${name}"` };
  if (!OF_THE_BROWSER.test(name)) return objection(at, "is missing");
  const without = requestsWithout(name, recorded, evidence);
  const refused = without.find(({ isSame, status }) => isSame && status >= 400);
  if (refused !== undefined) {
    return objection(at, `is missing, and ${refused.id} was refused without it`);
  }
  const accepted = without.find(({ status }) => status < 400);
  const leftOut = "the script leaves it out, and ";
  return accepted === undefined
    ? unsettled(at, "constant", `${leftOut}no recorded answer shows whether the server looks at it`)
    : settled(at, "constant", `${leftOut}${accepted.id} was accepted without it`);
}

/** Recorded requests of the same method to the same site that do not have the header. */
function requestsWithout(name: string, { request: { method, url } }: Trace, { traces }: Evidence) {
  return traces.flatMap(({ id, request, response, noise }) =>
    noise === null && response !== null && request.method === method &&
      originOf(request.url) === originOf(url) && headerValue(request.headers, name) === undefined
      ? [{ id, status: response.status, isSame: targetOf(request.url) === targetOf(url) }]
      : []
  );
}
