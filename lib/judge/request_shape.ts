/**
 * Whether a request has the form of the recorded one: the same parameters and fields, of the same JSON
 * types, the demanded cookies. Judged where everything is as recorded, names included.
 */
import { isRecord } from "../base/json.ts";
import { parseBody } from "../http/body.ts";
import { requestCookies } from "../http/cookies.ts";
import type { HttpRequest } from "../http/exchange.ts";
import { contentTypeParameter, mediaType } from "../http/headers.ts";
import { hasBareAmpersand, isXml } from "../http/xml.ts";
import type { DemandedRequest } from "./demands.ts";
import type { Evidence } from "./evidence.ts";
import type { Objection } from "./finding.ts";
import { requestValues } from "./request_values.ts";
import type { ScriptRun } from "./run.ts";

/** @rule off: [] */
export function shapeObjections(
  { sent }: ScriptRun,
  evidence: Evidence,
  demanded: readonly DemandedRequest[],
): Objection[] {
  return sent.flatMap(({ trace, request }) => {
    const recorded = evidence.trace(trace)?.request;
    if (recorded === undefined) return [];
    const demands = demanded.find((one) => one.trace === trace);
    return [
      ...places(recorded, request),
      ...jsonTypes(recorded, request),
      ...contentType(recorded, request),
      ...demands === undefined ? [] : missingCookies(demands, request),
    ].map((one) => ({ trace, ...one }));
  });
}

/**
 * Whoever logs in, a request has the fields that it has as recorded: a quote in a password ends a text of
 * JSON that was put together by hand. Fields named for a value are named otherwise.
 * @rule off: []
 */
export function lostFields(run: ScriptRun, reenacted: ScriptRun, evidence: Evidence): Objection[] {
  return run.sent.flatMap(({ trace, request }) => {
    const recorded = reenacted.sent.find((other) => trace !== null && other.trace === trace);
    if (recorded === undefined) return [];
    const [kind, given] = [recorded.request, request].map(({ headers, body }) =>
      parseBody(headers, body).kind
    );
    if (kind === "json" && given !== "json") {
      return [{ trace, where: "body", problem: "is not JSON" }];
    }
    const before = evidence.trace(trace)?.request;
    if (isBrokenXml(request) && before !== undefined && !isBrokenXml(before)) {
      return [{ trace, where: "body", problem: "is not XML: an ampersand is not escaped" }];
    }
    const places = new Set(fieldPlaces(request));
    return [...new Set(fieldPlaces(recorded.request))]
      .filter((where) => !places.has(where) && !isNamedForValue(where, reenacted, evidence))
      .map((where) => ({ trace, where, problem: "is missing when other values are sent" }));
  });
}

function isBrokenXml({ headers, body }: HttpRequest): boolean {
  const parsed = parseBody(headers, body);
  return parsed.kind === "text" && isXml(parsed.text) && hasBareAmpersand(parsed.text);
}

/** @rule off: false */
function isNamedForValue(where: string, { answers }: ScriptRun, evidence: Evidence): boolean {
  const name = where.slice(where.indexOf('"') + 1, -1);
  return [...answers.values()].some((answer) => answer !== "" && name.includes(answer)) ||
    [name, ...name.split(".")].some((part) => evidence.issued.has(part));
}

type Finding = Omit<Objection, "trace">;

/** Parameters and fields, each as often as recorded; what is said inside of one is compared as a value. */
function places(recorded: HttpRequest, sent: HttpRequest): Finding[] {
  const left = fieldPlaces(sent, false);
  const missing = fieldPlaces(recorded, false).filter((where) => {
    const at = left.indexOf(where);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
  return [
    ...missing.map((where) => ({ where, problem: "is missing" })),
    ...left.map((where) => ({ where, problem: "is sent and the recorded request has none" })),
  ];
}

function fieldPlaces(request: HttpRequest, withMembers = true): string[] {
  return requestValues(request).filter(({ kind, memberOf }) =>
    (kind === "query" || kind === "body") && (withMembers || memberOf === undefined)
  ).map(({ where }) => where);
}

/** A member that is `null` and one that is absent are taken for the same. @rule off: [] */
function jsonTypes(recorded: HttpRequest, sent: HttpRequest): Finding[] {
  const [before, now] = [recorded, sent].map(({ headers, body }) => parseBody(headers, body));
  if (before?.kind !== "json" || now?.kind !== "json") return [];
  const types = typesIn([], before.value);
  const found = typesIn([], now.value);
  return [...types].flatMap(([path, type]) => {
    const where = path === "" ? "body" : `body field "${path}"`;
    const given = found.get(path);
    // Of what holds others, the others are missed already; an empty one has none.
    if (given === undefined) return type === "empty" ? [{ where, problem: "is missing" }] : [];
    return given === type ? [] : [{ where, problem: `is not of type ${type}` }];
  });
}

function typesIn(path: readonly string[], value: unknown): Map<string, string> {
  const found = new Map<string, string>();
  if (value === null) return found;
  found.set(path.join("."), Array.isArray(value) ? "array" : typeof value);
  if (Array.isArray(value) || isRecord(value)) {
    if (Object.keys(value).length === 0) found.set(path.join("."), "empty");
    for (const [key, item] of Object.entries(value)) {
      for (const [at, type] of typesIn([...path, key], item)) found.set(at, type);
    }
  }
  return found;
}

/** @rule off: [] */
function contentType(recorded: HttpRequest, sent: HttpRequest): Finding[] {
  const where = 'header "Content-Type"';
  const [wanted, given] = [mediaType(recorded.headers), mediaType(sent.headers)];
  if (!recorded.body?.length || wanted === "") return [];
  const [charset, other] = [recorded, sent].map(({ headers }) =>
    (contentTypeParameter(headers, "charset") ?? "utf-8").toLowerCase()
  );
  if (/form-urlencoded$/.test(wanted) && charset !== other && sent.body?.length) {
    return [{ where, problem: `says ${other}, and the page sends its form in ${charset}` }];
  }
  if (wanted === given) return [];
  if (!sent.body?.length) return [{ where: "body", problem: "is missing" }];
  return [{ where, problem: `is ${given || "missing"}, not ${wanted}` }];
}

/** @rule off: [] */
function missingCookies({ cookies }: DemandedRequest, sent: HttpRequest): Finding[] {
  const carried = new Set(requestCookies(sent.headers).map(([name]) => name));
  return cookies.filter((name) => !carried.has(name))
    .map((name) => ({ where: `cookie "${name}"`, problem: "is missing" }));
}
