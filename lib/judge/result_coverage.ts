/**
 * Whether what a script hands over is enough for any request of the app. Of a request that was recorded
 * after the login, the credentials are those that the login's own answers issued. Where each such request
 * carries one that the result has not, the result logs nobody in.
 */
import { isEmptyCredential, splitScheme } from "../http/auth_scheme.ts";
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
  const exchange = exchangedAway(lacking.map(({ id }) => id), made, places, evidence);
  if (exchange !== null) return [exchange];
  const [least] = lacking.toSorted((a, b) => a.lacks.length - b.lacks.length);
  return (least?.lacks ?? []).map(({ where }) =>
    objection(
      { trace: least!.id, where: `result ${where}` },
      "is missing: the login issued it, and the requests of the app carry it",
    )
  );
}

/**
 * All that carry something of the login trade it for what the later requests carry in its place: those are the app's, and
 * no request of the script earns what they carry.
 * @rule off: null
 */
function exchangedAway(
  carrying: readonly string[],
  made: Reproduced,
  given: readonly RequestValue[],
  { traces, issued }: Evidence,
): Objection | null {
  const keys = new Set(given.map(keyOf));
  const earned = traces.slice(made.end + 1).filter(wasAccepted).flatMap(({ id, request }) =>
    requestValues(request).filter((place) => /^(cookie|header)$/.test(place.kind))
      .map((place) => ({
        id,
        place,
        from: issued.get(splitScheme(place.value).credentials),
      }))
      .filter(({ place, from }) =>
        from !== undefined && from.trace !== id && carrying.includes(from.trace) &&
        // A header or a cookie that answers set anew is the same credential as it is now.
        (from.kind === "json" || !keys.has(keyOf(place)))
      )
  );
  const issuers = new Set(earned.map(({ from }) => from!.trace));
  const [first] = earned;
  return first === undefined || !carrying.every((id) => issuers.has(id)) ? null : objection(
    { trace: first.id, where: `result ${first.place.where}` },
    `is missing: ${
      first.from!.trace
    } issued it for what the login issued, and the script never makes that request`,
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
