/**
 * What each request after the login carries in a header of its own, what the login answered under a like name, and
 * what the result has not got: the branch or the role of whoever was recorded would go with everybody's requests.
 */
import { isOwnHeader } from "../http/ordinary_traffic.ts";
import type { Assumption } from "./assumption.ts";
import { resultPlaces } from "./compared_values.ts";
import type { Evidence } from "./evidence.ts";
import { requestValues } from "./request_values.ts";
import type { ScriptRun } from "./run.ts";

/** @rule off: [] */
export function leftOutOfResult({ sent, result }: ScriptRun, evidence: Evidence): Assumption[] {
  if (result === null || result.computed.length > 0) return [];
  const made = new Set(sent.map(({ trace }) => trace));
  const end = evidence.traces.findLastIndex(({ id }) => made.has(id));
  const given = new Set(resultPlaces(result).map(({ name }) => name.toLowerCase()));
  const open = new Map<string, Assumption>();
  for (const { id, request, response } of evidence.traces.slice(end + 1)) {
    if (response === null || response.status >= 400) continue;
    for (const { kind, name, value } of requestValues(request)) {
      if (kind !== "header" || !isOwnHeader(name) || given.has(name.toLowerCase())) continue;
      const issuer = evidence.namedIssuer(value, name);
      if (issuer === null || !made.has(issuer.trace) || open.has(name.toLowerCase())) continue;
      open.set(name.toLowerCase(), {
        trace: id,
        where: `result header "${name}"`,
        as: "constant",
        why:
          `the result has not got it, requests carry it, and the answer of ${issuer.trace} holds it under a ` +
          `like name (${issuer.place})`,
        isSettled: false,
      });
    }
  }
  return [...open.values()];
}
