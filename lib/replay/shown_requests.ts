/** Which recorded requests beside the steps of a login an analysis needs to come to the same login. */
import type { LoginFlow } from "../correlate/flow.ts";
import { bodyText } from "../http/body.ts";
import type { Trace } from "../http/exchange.ts";
import { headerValue } from "../http/headers.ts";
import { parseUrl } from "../http/url.ts";
import { isScript } from "../judge/answer_values.ts";
import type { Evidence } from "../judge/evidence.ts";
import { type RequestValue, requestValues } from "../judge/request_values.ts";
import { isTokenLike } from "../judge/token_like.ts";
import { flowConstants, partsOf, recordedEnv, tryEvaluate } from "./recorded_flow.ts";

/**
 * Requests that carry what the login yields: those that a login is tried on, and for each origin, and each
 * place of a credential, one that shows it.
 */
export function shownRequests(flow: LoginFlow, traces: readonly Trace[]): Trace[] {
  const steps = stepTraces(flow);
  const byId = new Map(traces.map((trace) => [trace.id, trace]));
  const chosen = new Set(
    [flow.probe, ...flow.moreProbes ?? []].flatMap((probe) => {
      const trace = probe === null ? undefined : byId.get(probe.trace);
      return trace === undefined ? [] : [trace];
    }),
  );
  const carriers = carriersOf(flow);
  const candidates = traces.filter((trace) =>
    !steps.has(trace.id) && trace.noise === null && isAnswered(trace)
  ).toSorted((a, b) => rankOf(a) - rankOf(b));
  for (const carries of carriers) {
    if ([...chosen].some(carries)) continue;
    const shown = candidates.find(carries);
    if (shown !== undefined) chosen.add(shown);
  }
  return traces.filter((trace) => chosen.has(trace));
}

/** Reading requests with little in their address first. */
function rankOf({ request }: Trace): number {
  return (request.method === "GET" ? 0 : 1_000) + request.url.length / 10_000;
}

function isAnswered({ response }: Trace): boolean {
  return response !== null && response.status >= 200 && response.status < 400;
}

type Carries = (trace: Trace) => boolean;

function carriersOf(flow: LoginFlow): Carries[] {
  const { headers, cookies, queryParams, bodyParams, computed } = flow.result;
  const env = recordedEnv(flow);
  const at = (place: Pick<RequestValue, "kind" | "name">, value: string | null): Carries => {
    const named = (name: string) => place.kind === "header" ? name.toLowerCase() : name;
    const isThere = (one: RequestValue) =>
      one.kind === place.kind && named(one.name) === named(place.name) &&
      (value === null || one.value === value);
    return ({ request }) => requestValues(request).some(isThere);
  };
  const places = [
    ...headers.map(([name, expr]) => at({ kind: "header", name }, tryEvaluate(expr, env))),
    ...(cookies?.names ?? []).map((name) => at({ kind: "cookie", name }, null)),
    ...queryParams.map(([name]) => at({ kind: "query", name }, null)),
    ...bodyParams.map(([, expr]): Carries => {
      const value = tryEvaluate(expr, env);
      return ({ request }) =>
        value !== null && request.body !== null &&
        bodyText(request.headers, request.body).includes(value);
    }),
    ...computed.slice(0, 1).map((): Carries => ({ request }) =>
      /^digest /i.test(headerValue(request.headers, "authorization") ?? "")
    ),
  ];
  const origins = flow.apiOrigins.map((origin): Carries => (trace) =>
    parseUrl(trace.request.url)?.origin === origin && places.some((carries) => carries(trace))
  );
  return [...origins, ...places];
}

function stepTraces(flow: LoginFlow): Set<string> {
  return new Set(partsOf(flow).flatMap(({ steps }) => steps).map(({ trace }) => trace));
}

/** Something of the recording that shows a constant of the login to be the client's own. */
export interface ConstantShown {
  readonly trace: Trace;
  /** The part of the client's code that holds it; `null`: the page, or the request, as a whole. */
  readonly excerpt: string | null;
}

/** Around a constant, in UTF-16 units: the name it is given. */
const EXCERPT = 60;

export function constantsShown(
  flow: LoginFlow,
  traces: readonly Trace[],
  evidence: Evidence,
): ConstantShown[] {
  const parts = partsOf(flow);
  const steps = stepTraces(flow);
  const first = traces.findIndex(({ id }) => steps.has(id));
  const constants = flowConstants(parts).values().filter(isTokenLike);
  const shown = [...constants].flatMap((constant) => {
    const code = codeWith(constant, traces);
    if (code !== null) return [code];
    const [sent] = evidence.sent(constant);
    const before = sent === undefined ? undefined : traces[sent.index];
    return before === undefined || steps.has(before.id) || first >= 0 && sent!.index > first
      ? []
      : [{ trace: before, excerpt: null }];
  });
  return [...new Map(shown.map((one) => [`${one.trace.id} ${one.excerpt}`, one])).values()];
}

function codeWith(constant: string, traces: readonly Trace[]): ConstantShown | null {
  for (const trace of traces) {
    const { response } = trace;
    if (!response?.body || !isScript(response)) continue;
    const text = bodyText(response.headers, response.body);
    const at = text.indexOf(constant);
    if (at < 0) continue;
    const excerpt = text.slice(Math.max(0, at - EXCERPT), at + constant.length + EXCERPT);
    return { trace, excerpt };
  }
  return null;
}
