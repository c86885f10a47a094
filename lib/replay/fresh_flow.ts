/** Everything a replay needs to know before the first request: whom it plays and what it mints. */
import { responseCookies } from "../http/cookies.ts";
import type { HttpResponse, Trace } from "../http/exchange.ts";
import { headerValue } from "../http/headers.ts";
import { parseUrl } from "../http/url.ts";
import type { Input, LoginFlow } from "../correlate/flow.ts";
import { answerValues } from "../judge/answer_values.ts";
import type { Evidence } from "../judge/evidence.ts";
import { typedCredentials } from "../judge/typed_credentials.ts";
import type { RandomSource } from "./random_source.ts";
import { FreshValues } from "./fresh_values.ts";
import { linkParts } from "./invent_inputs.ts";
import { flowConstants, type FlowPart, partsOf } from "./recorded_flow.ts";

/**
 * The substitution map for one part of the flow.
 * `nowMs` is the moment the replay plays at; `refreshToken` the recorded and the new one, for the
 * refresh part.
 */
export function freshValuesFor(
  flow: LoginFlow,
  part: FlowPart,
  context: {
    readonly traces: ReadonlyMap<string, Trace>;
    readonly inputs: ReadonlyMap<string, string>;
    readonly random: RandomSource;
    readonly nowMs: number;
    readonly evidence: Evidence;
    readonly refreshToken: { readonly recorded: string; readonly fresh: string } | null;
    /** What else stands for somebody and is to be another. */
    readonly personal?: readonly string[];
  },
): FreshValues {
  const { traces, inputs, random, nowMs, refreshToken, evidence, personal = [] } = context;
  const parts = partsOf(flow);
  const recordedAtMs = traces.get(part.steps[0]?.trace ?? "")?.startedAtMs ?? nowMs;
  const isIssued = (value: string) => evidence.isIssued(value);
  const fresh = new FreshValues(random, flowConstants(parts), { recordedAtMs, nowMs }, isIssued);
  addInputs(fresh, flow.inputs, inputs, evidence);
  if (refreshToken !== null) {
    const value = { name: "the refresh token", kind: "extracted" } as const;
    fresh.add(refreshToken.recorded, value, refreshToken.fresh);
  }
  for (const { id, recorded } of flow.generated) {
    fresh.add(recorded, { name: id, kind: "generated" });
  }
  addExtractions(fresh, part, lifetimeExtractions(parts), random);
  for (const value of neededCookieValues(part, traces)) {
    fresh.add(value, { name: "a recorded cookie", kind: "extracted" });
  }
  for (const { response } of withRedirects(part.steps, traces)) {
    if (response !== null) addAnswer(fresh, response, evidence);
  }
  for (const value of personal) {
    fresh.add(value, { name: "what is said of a person", kind: "minted" });
  }
  return fresh;
}

/** What is typed is another from the request on that first sends it. */
function addInputs(
  fresh: FreshValues,
  inputs: readonly Input[],
  answers: ReadonlyMap<string, string>,
  evidence: Evidence,
): void {
  const typed = typedCredentials(evidence);
  for (const { name, kind, recorded } of inputs) {
    const at = typed.filter(({ value }) => value === recorded).map(({ index }) => index);
    const sinceMs = evidence.traces[Math.min(...at)]?.startedAtMs;
    const value = { ...sinceMs === undefined ? {} : { sinceMs }, name, kind: "input" } as const;
    const parts = kind === "link" ? linkParts : (text: string) => [text];
    const invented = parts(answers.get(name) ?? "");
    parts(recorded).forEach((part, index) => fresh.add(part, value, invented[index] ?? part));
  }
}

/** What an answer issues, and members of it that the client sends on. */
function addAnswer(fresh: FreshValues, response: HttpResponse, evidence: Evidence): void {
  for (const { value, kind, name } of answerValues(response)) {
    if (evidence.isIssued(value)) fresh.add(value, { name: "a recorded value", kind: "minted" });
    else if (kind === "json" && evidence.isSentOn(value)) {
      fresh.add(value, { name: "a recorded value", kind: "minted", isMember: true });
      fresh.addUnderKey(value, name);
    }
  }
}

/** The traces of the steps, and where their redirects lead: a script may follow them or not. */
function withRedirects(steps: FlowPart["steps"], traces: ReadonlyMap<string, Trace>): Set<Trace> {
  const found = new Set(steps.flatMap(({ trace }) => traces.get(trace) ?? []));
  // A set's walk takes in what is added during it.
  for (const { request, response, startedAtMs } of found) {
    const location = headerValue(response?.headers ?? [], "location");
    const target = location === undefined ? undefined : parseUrl(location, request.url)?.href;
    const next = traces.values().find((one) =>
      one.request.url === target && one.request.method === "GET" && one.startedAtMs >= startedAtMs
    );
    if (next !== undefined) found.add(next);
  }
  return found;
}

function addExtractions(
  fresh: FreshValues,
  part: FlowPart,
  lifetimes: ReadonlySet<string>,
  random: RandomSource,
): void {
  for (const { id, recorded, locator, openers } of part.steps.flatMap((step) => step.extractions)) {
    const made = lifetimes.has(id) ? nearbyLifetime(recorded, random) : undefined;
    fresh.add(recorded, { name: id, kind: "extracted" }, made);
    for (const place of [locator, ...openers]) {
      const path = place.kind === "json" ? place.path : [];
      const key = path.findLast((part) => typeof part === "string");
      if (key !== undefined) fresh.addUnderKey(recorded, key);
    }
  }
}

/** Extractions whose value is a lifetime in seconds: a fresh one must stay near the recorded one. */
function lifetimeExtractions(parts: readonly FlowPart[]): Set<string> {
  const exprs = parts.map(({ result: { expiresIn } }) =>
    expiresIn?.kind === "expr" ? expiresIn.expr : null
  );
  return new Set(exprs.flatMap((expr) => expr?.kind === "extracted" ? [expr.extraction] : []));
}

/** The cookies of the recording that the flow needs, as the wire had them. */
function neededCookieValues(
  { steps, result }: FlowPart,
  traces: ReadonlyMap<string, Trace>,
): string[] {
  const sent = steps.flatMap((step) => step.cookies.map(({ name }) => name));
  const names = new Set([...sent, ...result.cookies?.names ?? []]);
  return steps.flatMap((step) => responseCookies(traces.get(step.trace)?.response?.headers ?? []))
    .filter(({ name }) => names.has(name)).map(({ value }) => value);
}

/** Up to a tenth less, so that it is plausible and still not the recorded one. */
function nearbyLifetime(recorded: string, random: RandomSource): string {
  const seconds = Number(recorded);
  const less = 1 + random.below(Math.max(1, Math.floor(seconds / 10)));
  return String(seconds > 1 ? seconds - less : seconds + 1);
}
