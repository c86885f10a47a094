/** Everything a replay needs to know before the first request: whom it plays and what it mints. */
import type { HttpResponse, Trace } from "../http/exchange.ts";
import { headerValue } from "../http/headers.ts";
import { parseUrl, pathSegments, queryPairs } from "../http/url.ts";
import type { Input, LoginFlow } from "../correlate/flow.ts";
import { answerValues } from "../judge/answer_values.ts";
import type { Evidence } from "../judge/evidence.ts";
import { isTokenLike } from "../judge/token_like.ts";
import { typedCredentials } from "../judge/typed_credentials.ts";
import type { RandomSource } from "./random_source.ts";
import { FreshValues } from "./fresh_values.ts";
import { type InventedPerson, inventInput } from "./invent_inputs.ts";
import { mintLike } from "./mint.ts";
import {
  flowConstants,
  type FlowPart,
  lifetimeExtractions,
  neededCookieValues,
  partsOf,
} from "./recorded_flow.ts";

/** The invented credentials, by `Input.name`. */
export function inventInputs(
  flow: LoginFlow,
  random: RandomSource,
  person: InventedPerson = "plain",
): Map<string, string> {
  const mintLink = (recorded: string) => mintPastedLink(recorded, random);
  const invent = (input: Input) => inventInput(input, random, mintLink, person);
  return new Map(flow.inputs.map((input) => [input.name, invent(input)]));
}

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
  invented: ReadonlyMap<string, string>,
  evidence: Evidence,
): void {
  const typed = typedCredentials(evidence);
  for (const input of inputs) {
    const at = typed.filter(({ value }) => value === input.recorded).map(({ index }) => index);
    const sinceMs = evidence.traces[Math.min(...at)]?.startedAtMs;
    addInput(fresh, input, invented.get(input.name) ?? "", sinceMs);
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

/** Redirects in a row that a client follows. */
const MAX_REDIRECTS = 10;

/** The traces of the steps, and where their redirects lead: a script may follow them or not. */
function withRedirects(steps: FlowPart["steps"], traces: ReadonlyMap<string, Trace>): Set<Trace> {
  const found = new Set(steps.flatMap(({ trace }) => traces.get(trace) ?? []));
  const all = [...traces.values()];
  let last = [...found];
  for (let depth = 0; depth < MAX_REDIRECTS && last.length > 0; depth++) {
    last = last.flatMap(({ request, response, startedAtMs }) => {
      const location = headerValue(response?.headers ?? [], "location");
      const target = location === undefined ? null : parseUrl(location, request.url)?.href;
      const next = target === null
        ? undefined
        : all.find((one) =>
          one.request.url === target && one.request.method === "GET" &&
          one.startedAtMs >= startedAtMs
        );
      return next === undefined || found.has(next) ? [] : [next];
    });
    for (const trace of last) found.add(trace);
  }
  return found;
}

function addInput(
  fresh: FreshValues,
  input: Input,
  invented: string,
  sinceMs: number | undefined,
): void {
  const since = sinceMs === undefined ? {} : { sinceMs };
  const value = { ...since, name: input.name, kind: "input" } as const;
  if (input.kind !== "link") return fresh.add(input.recorded, value, invented);
  const recordedParts = linkParts(input.recorded);
  const inventedParts = linkParts(invented);
  recordedParts.forEach((part, index) => fresh.add(part, value, inventedParts[index] ?? part));
}

function addExtractions(
  fresh: FreshValues,
  part: FlowPart,
  lifetimes: ReadonlySet<string>,
  random: RandomSource,
): void {
  for (const extraction of part.steps.flatMap((step) => step.extractions)) {
    const { id, recorded, locator, openers } = extraction;
    const value = { name: id, kind: "extracted" } as const;
    if (lifetimes.has(id)) fresh.add(recorded, value, nearbyLifetime(recorded, random));
    else fresh.add(recorded, value);
    for (const place of [locator, ...openers]) {
      const key = place.kind === "json"
        ? place.path.findLast((part) => typeof part === "string")
        : null;
      if (typeof key === "string") fresh.addUnderKey(recorded, key);
    }
  }
}

/** Up to a tenth less, so that it is plausible and still not the recorded one. */
function nearbyLifetime(recorded: string, random: RandomSource): string {
  const seconds = Number(recorded);
  const less = 1 + random.below(Math.max(1, Math.floor(seconds / 10)));
  return String(seconds > 1 ? seconds - less : seconds + 1);
}

/** A link of the same shape whose tokens are others. */
function mintPastedLink(recorded: string, random: RandomSource): string {
  const parts = linkParts(recorded);
  const tokens = parts.filter(isTokenLike);
  const chosen = tokens.length > 0 ? tokens : parts;
  let link = recorded;
  for (const part of chosen) {
    const minted = mintLike(part, random);
    link = link.replaceAll(part, minted)
      .replaceAll(encodeURIComponent(part), encodeURIComponent(minted));
  }
  return link;
}

/** What may differ from one pasted link to the next: query values and path segments. */
function linkParts(link: string): string[] {
  const url = parseUrl(link);
  if (url === null) return [link];
  return [...queryPairs(url).map(([, value]) => value), ...pathSegments(url)]
    .filter((part) => part.length >= 4);
}
