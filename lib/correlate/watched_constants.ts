/**
 * Constants of a login flow that an earlier answer of it holds as well. One recording cannot tell whether
 * the client brought such a value along or took it from there; the answers of the first live login can.
 */
import { memberName } from "../http/member_name.ts";
import { AnswerView } from "../codec/answer_view.ts";
import type { Locator } from "../codec/locators.ts";
import { namedPlaces } from "../codec/place.ts";
import type { Trace } from "../http/exchange.ts";
import { parseUrl } from "../http/url.ts";
import { sharesWord } from "../http/vocabulary.ts";
import { bodyFields, urlFields } from "./expr_walk.ts";
import type { LoginFlow, Step } from "./flow.ts";
import { describePlace, type Place } from "./leaves.ts";

export interface WatchedConstant {
  /** Where a request carries it, for people: `t_0007 POST /start body tenant`. */
  readonly where: string;
  /** `Trace.id` of that request. */
  readonly trace: string;
  /** As `describePlace` says it. */
  readonly place: string;
  readonly value: string;
  /** The answer that holds it: the request it belongs to (`GET https://shop.example/start`), and where. */
  readonly answer: { readonly request: string; readonly locator: Locator };
}

/** Longer constants are documents (GraphQL, SAML). In characters. */
const MAX_LENGTH = 200;

export function watchedConstants(flow: LoginFlow, traces: readonly Trace[]): WatchedConstant[] {
  const byId = new Map(traces.map((trace) => [trace.id, trace]));
  const earlier: { readonly request: string; readonly answer: AnswerView }[] = [];
  const watched: WatchedConstant[] = [];
  for (const step of flow.steps) {
    const trace = byId.get(step.trace);
    const url = parseUrl(trace?.request.url ?? "");
    if (trace === undefined || url === null) continue;
    for (const constant of constantsOf(step)) {
      const found = earlier.map(({ request, answer }) => placeIn(request, answer, constant))
        .find((place) => place !== null);
      if (!found) continue;
      const place = describePlace(constant.place);
      const where = `${trace.id} ${step.method} ${url.pathname} ${place}`;
      watched.push({ where, trace: trace.id, place, value: constant.value, answer: found });
    }
    if (trace.response !== null) {
      const request = `${step.method} ${url.origin}${url.pathname}`;
      earlier.push({ request, answer: new AnswerView(trace.response, url.href) });
    }
  }
  return watched;
}

interface Constant {
  readonly place: Place;
  readonly name: string;
  readonly value: string;
}

function placeIn(
  request: string,
  answer: AnswerView,
  { place, name, value }: Constant,
): WatchedConstant["answer"] | null {
  const found = namedPlaces(answer).find((candidate) =>
    candidate.text === value && (place.kind === "path" || sharesWord(candidate.name, name))
  );
  return found === undefined ? null : { request, locator: found.locator };
}

/** What a step sends as it was recorded. In a path only what has a digit can be somebody's id. */
function constantsOf({ url, body }: Step): Constant[] {
  return [...urlFields(url), ...bodyFields(body)].flatMap(([place, expr]): Constant[] => {
    if (expr.kind !== "constant" || place.kind === "text") return [];
    const { value } = expr;
    const isTold = value !== "" && value.length <= MAX_LENGTH &&
      !/^(true|false|null)$/.test(value) && (place.kind !== "path" || /\d/.test(value));
    return isTold ? [{ place, name: nameAt(place), value }] : [];
  });
}

function nameAt(place: Place): string {
  return "name" in place ? place.name : place.kind === "json" ? memberName(place.path) : "";
}
