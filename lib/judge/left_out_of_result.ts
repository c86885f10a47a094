/**
 * What each request after the login carries in a header of its own, what the login answered under whatever name, and
 * what the result has not got: the branch or the role of whoever was recorded would go with everybody's requests.
 */
import { isOwnHeader } from "../http/ordinary_traffic.ts";
import { resultPlaces } from "./carried_values.ts";
import type { Evidence } from "./evidence.ts";
import { type Assumption, unsettled } from "./finding.ts";
import { Reproduced } from "./reproduced.ts";
import { requestValues } from "./request_values.ts";
import type { ScriptRun } from "./run.ts";

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
  return [...open.values()];
}
