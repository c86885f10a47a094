/** Which recorded requests show whether a token works. */
import { percentDecode } from "../http/url.ts";
import type { Input } from "./flow.ts";
import type { Leaf } from "./leaves.ts";
import { answerRefuses } from "./login_run.ts";
import type { Message } from "./recording.ts";
import { type ApiTraffic, endpointOf } from "./sink.ts";
import { isOpaque } from "../http/opaque.ts";

/** A probe is found among the first requests of a session or not at all. */
const MAX_PROBE_CANDIDATES = 500;
/** One endpoint alone says too little of how a server answers strangers. */
const MAX_PROBES = 4;

/**
 * Recorded safe requests that carry the credentials, the best first, one of an endpoint: preferably one
 * that the recording shows refused without them, and one that answers with data about the caller; rather
 * none of a numbered thing, which may be somebody's; never one whose URL names a user, by what was typed
 * or by an id that the login's answers hold, since another user may log in next.
 */
export function chooseProbes(
  traffic: Pick<ApiTraffic, "requests">,
  inputs: readonly Input[],
  steps: readonly Message[] = [],
  messages: readonly Message[] = [],
): Message[] {
  const personal = inputs.map(({ recorded }) => recorded).filter((value) => value.length >= 3);
  const isHandedOut = ({ place, value }: Leaf) =>
    (place.kind === "path" || place.kind === "query") && value.length >= 4 && /\d/.test(value) &&
    steps.some(({ responseText }) => responseText.includes(value));
  const candidates = traffic.requests.filter(mayBeRepeated).slice(0, MAX_PROBE_CANDIDATES);
  const safe = candidates.filter((message) =>
    !personal.some((value) => percentDecode(message.url.href).includes(value)) &&
    !message.leaves.some(isHandedOut)
  );
  const unauthorized = new Set(messages.filter(({ status }) => status === 401).map(endpointOf));
  const score = (message: Message) =>
    (unauthorized.has(endpointOf(message)) ? 8 : 0) +
    (message.answersData ? 4 : 0) +
    (/\b(me|self|profile|whoami|userinfo|account|user|current)\b/i.test(message.url.pathname)
      ? 2
      : 0) +
    (namesOneThing(message.url.pathname) ? -1 : 0) +
    (message.method === "GET" ? 0 : -16);
  const ranked = safe.toSorted((a, b) => score(b) - score(a) || a.index - b.index)
    .filter((message) => !answerRefuses(message));
  return varied(ranked).slice(0, MAX_PROBES);
}

/** A GET, or a WebDAV listing, which without a body asks for everything (RFC 4918 section 9.1). */
function mayBeRepeated({ method, status }: Message): boolean {
  return method === "GET" && status === 200 || method === "PROPFIND" && status === 207;
}

/** One request of an endpoint; those of a part of the site that is not among them yet come first. */
function varied(ranked: readonly Message[]): Message[] {
  const ofEndpoints = [...Map.groupBy(ranked, endpointOf).values()].map(([first]) => first!);
  const partOf = ({ url }: Message) => `${url.origin}/${url.pathname.split("/").slice(1, -1)}`;
  const ofParts = [...Map.groupBy(ofEndpoints, partOf).values()].map(([first]) => first!);
  return [...new Set([...ofEndpoints.slice(0, 1), ...ofParts, ...ofEndpoints])];
}

/**
 * True for a path with an id in it: a number as a segment of its own, or a value no word looks like.
 * @rule off: false
 */
function namesOneThing(path: string): boolean {
  return isOpaque(path) || /\/\d+(?=\/|$)/.test(path);
}
