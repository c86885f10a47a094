/**
 * Which places of the login's credentials guard writes against forgery: a login takes their value once, and
 * some are good for one request only. Pages hand them out anew, so that each write fetches its own.
 */
import type { Trace } from "../../http/exchange.ts";
import { headerValue } from "../../http/headers.ts";
import { parseUrl } from "../../http/url.ts";
import { isSafeMethod } from "../definition.ts";
import type { CredentialSpots } from "./credential_spots.ts";
import { mayGuard } from "./guard_field.ts";

export interface GuardSpots {
  /** Lower case. */
  readonly headers: ReadonlySet<string>;
  /** Of the query, and of forms and JSON at the top. */
  readonly fields: ReadonlySet<string>;
}

/** `traces`: all of the app; `loginTraces`: ids of those that are steps of its login. */
export function guardSpots(
  { headers, query, body }: CredentialSpots,
  traces: readonly Trace[],
  loginTraces: readonly string[],
): GuardSpots {
  return {
    headers: new Set(
      headers.filter((name) => mayGuard(name) || isOfWritesAlone(name, traces, loginTraces)),
    ),
    fields: new Set([...query, ...body].filter((name) => !name.includes(".") && mayGuard(name))),
  };
}

/** The places without these of the query and the body. */
export function withoutFields<T extends Pick<CredentialSpots, "query" | "body">>(
  places: T,
  { fields }: Pick<GuardSpots, "fields">,
): T {
  const isLeft = (name: string) => !fields.has(name);
  return { ...places, query: places.query.filter(isLeft), body: places.body.filter(isLeft) };
}

/** Not what says who asks: reading went on without it. */
function isOfWritesAlone(
  name: string,
  traces: readonly Trace[],
  loginTraces: readonly string[],
): boolean {
  if (name === "authorization") return false;
  const carriers = traces.filter(({ request }) =>
    (headerValue(request.headers, name) ?? "") !== ""
  );
  const first = carriers[0];
  if (first === undefined) return false;
  const isOfWrite = ({ id, request }: Trace) =>
    !isSafeMethod(request.method) && !loginTraces.includes(id);
  const origin = parseUrl(first.request.url)?.origin;
  return carriers.every(isOfWrite) &&
    traces.slice(traces.indexOf(first) + 1).some(({ request, response }) =>
      request.method === "GET" && response?.status === 200 &&
      parseUrl(request.url)?.origin === origin
    );
}
