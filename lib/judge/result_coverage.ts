/**
 * Whether what a script hands over is enough for any request of the app. Of a request that was recorded
 * after the login, the credentials are those that the login's own answers issued. Where each such request
 * carries one that the result has not, the result logs nobody in.
 */
import { isEmptyCredential } from "../http/auth_scheme.ts";
import { isBystanderCookie } from "../http/ordinary_traffic.ts";
import { isAntiForgeryName, isCredentialName, isRefreshName } from "../http/vocabulary.ts";
import { resultPlaces } from "./carried_values.ts";
import { type Evidence, wasAccepted } from "./evidence.ts";
import { type Objection, objection } from "./finding.ts";
import { openText } from "./open_text.ts";
import { Reproduced } from "./reproduced.ts";
import { type RequestValue, requestValues } from "./request_values.ts";
import type { ScriptCase } from "./script_case.ts";

/** @rule off: [] */
export function uncoveredResult({ runs: { reenacted }, evidence }: ScriptCase): Objection[] {
  if (reenacted.result === null || reenacted.result.computed.length > 0) return [];
  const made = new Reproduced(reenacted, evidence.traces);
  const places = resultPlaces(reenacted.result);
  const given = new Set(places.map(keyOf));
  const fields = new Set(places.filter(isField).map(({ name }) => fieldName(name)));
  const has = (place: RequestValue) =>
    given.has(keyOf(place)) || isField(place) && fields.has(fieldName(place.name));
  const lacking = evidence.traces.slice(made.end + 1).filter(wasAccepted)
    .map(({ id, request }) => ({
      id,
      needed: requestValues(request).filter((place) => isIssuedBy(place, made, evidence)),
    }))
    .filter(({ needed }) => needed.length > 0)
    .map(({ id, needed }) => ({ id, lacks: needed.filter((place) => !has(place)) }));
  const [least] = lacking.toSorted((a, b) => a.lacks.length - b.lacks.length);
  return (least?.lacks ?? []).map(({ where }) =>
    objection(
      { trace: least!.id, where: `result ${where}` },
      "is missing: the login issued it, and the requests of the app carry it",
    )
  );
}

/** A token state names a parameter by its path, for the query and for the body. */
function fieldName(path: string): string {
  return path.split(/[./]/).at(-1)!.replace(/^@/, "").toLowerCase();
}

function isField({ kind }: RequestValue): boolean {
  return kind === "query" || kind === "body";
}

/** A header, a cookie or a field named for a session whose value an answer of the login held first. */
function isIssuedBy(place: RequestValue, made: Reproduced, evidence: Evidence): boolean {
  const { kind, name, value } = place;
  const isPlace = kind === "header" || kind === "cookie" && !isBystanderCookie(name) ||
    isField(place) && isCredentialName(name) && !isAntiForgeryName(name) && !isRefreshName(name);
  if (!isPlace) return false;
  return openText(value).some((part) => {
    const issued = evidence.issued.get(part);
    // A scheme alone, as in `token-type: Bearer`, is a word of HTTP.
    return issued !== undefined && made.has(issued.trace) && !isEmptyCredential(part) &&
      evidence.excuse(part) === null;
  });
}

function keyOf({ kind, name }: RequestValue): string {
  return `${kind} ${kind === "header" ? name.toLowerCase() : name}`;
}
