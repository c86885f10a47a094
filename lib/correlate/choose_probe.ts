/** Which recorded request shows whether a fresh token works. */
import { percentDecode } from "../http/url.ts";
import type { Input } from "./flow.ts";
import type { Leaf } from "./leaves.ts";
import { answerRefuses } from "./login_run.ts";
import type { Message } from "./recording.ts";
import { type ApiTraffic, endpointOf } from "./sink.ts";
import { isOpaque } from "../http/opaque.ts";

/** A probe is found among the first requests of a session or not at all. */
const MAX_PROBE_CANDIDATES = 500;

/**
 * A recorded safe request that carries the credentials: preferably one that the recording shows refused
 * without them, and one that answers with data about the caller; rather none of a numbered thing, which
 * may be somebody's; never one whose URL names a user, by what was typed or by an id that the login's
 * answers hold, since another user may log in next.
 */
export function chooseProbe(
  traffic: Pick<ApiTraffic, "requests">,
  inputs: readonly Input[],
  steps: readonly Message[] = [],
  messages: readonly Message[] = [],
): Message | null {
  const personal = inputs.map(({ recorded }) => recorded).filter((value) => value.length >= 3);
  const isHandedOut = ({ place, value }: Leaf) =>
    (place.kind === "path" || place.kind === "query") && value.length >= 4 && /\d/.test(value) &&
    steps.some(({ responseText }) => responseText.includes(value));
  const candidates = traffic.requests.filter((message) =>
    message.method === "GET" && message.status === 200
  ).slice(0, MAX_PROBE_CANDIDATES);
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
    (namesOneThing(message.url.pathname) ? -1 : 0);
  return safe.toSorted((a, b) => score(b) - score(a) || a.index - b.index)
    .find((message) => !answerRefuses(message)) ?? null;
}

/**
 * True for a path with an id in it: a number as a segment of its own, or a value no word looks like.
 * @rule off: false
 */
function namesOneThing(path: string): boolean {
  return isOpaque(path) || /\/\d+(?=\/|$)/.test(path);
}
