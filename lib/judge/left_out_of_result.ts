/**
 * What requests after the login carry and the result has not got: in a header of its own what the login answered under
 * whatever name, as the branch or the role of whoever was recorded, and credentials of a part of the site that the
 * script never earns.
 */
import type { HttpRequest, Trace } from "../http/exchange.ts";
import { isBystanderCookie, isOwnHeader } from "../http/ordinary_traffic.ts";
import { parseUrl, percentDecode } from "../http/url.ts";
import { resultPlaces } from "./carried_values.ts";
import type { Evidence } from "./evidence.ts";
import { type Assumption, unsettled } from "./finding.ts";
import { Reproduced } from "./reproduced.ts";
import { type RequestValue, requestValues } from "./request_values.ts";
import type { ScriptRun } from "./run.ts";
import { isMintedUnder } from "./token_like.ts";

/** @rule off: [] */
export function leftOutOfResult(run: ScriptRun, evidence: Evidence): Assumption[] {
  if (run.result === null || run.result.computed.length > 0) return [];
  const made = new Reproduced(run, evidence.traces);
  const given = new Set(resultPlaces(run.result).map(({ name }) => name.toLowerCase()));
  const open = new Map<string, Assumption>();
  for (const { id, request, response } of evidence.traces.slice(made.end + 1)) {
    if (response === null || response.status >= 400) continue;
    for (const { kind, name, value } of requestValues(request)) {
      if (kind !== "header" || !isOwnHeader(name) || given.has(name.toLowerCase())) continue;
      const alike = evidence.namedIssuer(value, name);
      const issuer = alike ?? evidence.anyIssuer(value);
      if (issuer === null || !made.has(issuer.trace) || open.has(name.toLowerCase())) continue;
      const why =
        `the result has not got it, requests carry it, and the answer of ${issuer.trace} holds it under ` +
        `${alike === null ? "another" : "a like"} name (${issuer.place})`;
      const at = { trace: id, where: `result header "${name}"` };
      open.set(name.toLowerCase(), unsettled(at, "constant", why));
    }
  }
  return [...open.values(), ...ofPartOfSite(made, given, evidence)];
}

/**
 * Cookies and `Authorization` that first come after the login and that every answered request of a part of the site
 * carries: a server of its own that knows its visitors by another session.
 * @rule off: []
 */
function ofPartOfSite(
  made: Reproduced,
  given: ReadonlySet<string>,
  evidence: Evidence,
): Assumption[] {
  const { traces } = evidence;
  const answered = traces.slice(made.end + 1).filter(({ noise, response }) =>
    noise === null && response !== null && response.status < 300
  );
  const uses = answered.flatMap((trace) =>
    requestValues(trace.request).filter((place) => isCredential(place, evidence)).map((place) => ({
      trace,
      place,
    }))
  );
  // What two origins call alike are two credentials (RFC 6265 section 5.3, RFC 9110 section 11.5).
  const keyOf = ({ trace, place }: typeof uses[number]) =>
    `${parseUrl(trace.request.url)?.origin} ${place.kind} ${place.name.toLowerCase()}`;
  return [...Map.groupBy(uses, keyOf).values()]
    .flatMap(([use, ...others]) => {
      const { trace, place } = use!;
      const isOlder = traces.slice(0, made.end + 1).some(({ request }) => carries(request, place));
      if (given.has(place.name.toLowerCase()) || isOlder) return [];
      const part = commonPart([trace, ...others.map((other) => other.trace)]);
      const isFree = answered.some(({ request }) =>
        request.url.startsWith(part) && !carries(request, place)
      );
      const why =
        "the script never earns it, and every request that this part of the site answered carries it";
      const at = { trace: trace.id, where: `result ${place.where}` };
      return isFree ? [] : [unsettled(at, "constant", why)];
    });
}

function isCredential({ kind, name, value }: RequestValue, evidence: Evidence): boolean {
  if (kind === "header") return /^authorization$/i.test(name);
  return kind === "cookie" && !isBystanderCookie(name) &&
    (isMintedUnder(`${name}_token`, value) || isOfIds(percentDecode(value), evidence));
}

/** `42:7`: numbers of an answer, which a page puts together. */
function isOfIds(value: string, evidence: Evidence): boolean {
  const ids = value.split(/[|:;,~._-]/);
  return ids.length > 1 && ids.every((id) => evidence.shortIssuer(id) !== null);
}

function carries(request: HttpRequest, { kind, name }: RequestValue): boolean {
  return requestValues(request).some((one) =>
    one.kind === kind && one.name.toLowerCase() === name.toLowerCase()
  );
}

/** The address that all of them begin with, up to a slash. */
function commonPart(traces: readonly Trace[]): string {
  const [first = "", ...others] = traces.map(({ request }) => request.url.split(/[?#]/)[0]!);
  const common = others.reduce((part, url) => {
    let end = 0;
    while (end < part.length && part[end] === url[end]) end++;
    return part.slice(0, end);
  }, first);
  return common.slice(0, common.lastIndexOf("/") + 1);
}
