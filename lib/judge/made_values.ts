/**
 * Values that were not the recorded ones although everything the script was given was as recorded: it
 * makes them up, or takes them from another place than the recorded client.
 */
import type { Assumption } from "./assumption.ts";
import type { ComparedValue } from "./compared_values.ts";
import { isUuid, timestampUnit } from "../http/opaque.ts";
import type { Evidence } from "./evidence.ts";
import type { HeldValues } from "./held_values.ts";
import { openText } from "./open_text.ts";
import { isClientMadePlace, isPersonalPlace } from "./place_kinds.ts";
import type { Objection } from "./run.ts";
import { isAntiForgeryName, words } from "../http/vocabulary.ts";

const CLOCK_WINDOW_MS = 24 * 60 * 60 * 1000;

/** Fields whose value is derived from a secret as often as it is random. */
const MAY_BE_DERIVED =
  /\b(verifier|challenge|session|device|proof|secret|digest|hash|response|signature|sig|mac|hmac|key|pass\w*|pwd)\b/;

export interface MadeContext {
  readonly evidence: Evidence;
  readonly held: HeldValues;
  /** The place in time of the last request of the script that changes something; -1 without one. */
  readonly lastWrite: number;
  /** Recorded random values that the script was handed where it makes its own. */
  readonly drawn: ReadonlySet<string>;
}

export function judgeMade(
  value: ComparedValue,
  context: MadeContext,
): Objection | Assumption | null {
  const { evidence, held } = context;
  const { trace, where, first, recorded, reenacted, index } = value;
  const assume = (why: string, isSettled: boolean): Assumption => ({
    trace,
    where,
    as: "generated",
    why,
    isSettled,
  });
  if (value.reproduced === recorded && reenacted !== recorded && !isDrawn(value, context)) {
    return null;
  }
  const isTime = isTimeAsRecorded(value, evidence.traces[index]!.startedAtMs);
  if (isTime !== null) {
    return isTime ? assume("is the time of the request", true) : {
      trace,
      where,
      problem: "is not the time of the request as the recorded client wrote it",
    };
  }
  const issued = evidence.issued.get(recorded);
  const sentBefore = issued !== undefined && evidence.sent(recorded)[0]!.index <= issued.index;
  const isFromAnswer = issued !== undefined && issued.index < index && !sentBefore;
  if (isFromAnswer && !isHeld(first, held)) {
    const problem =
      `is made up where the recorded client sent a value of the answer of ${issued.trace}, ${issued.place}`;
    return { trace, where, problem };
  }
  const isStandard = isClientMadePlace(value, recorded);
  // What an answer issued is the server's nonce, also under a name that clients give to theirs.
  if ((!isStandard || isFromAnswer) && isHeld(first, held)) return judgeTaken(value, context);
  if (!isLike(recorded, first)) {
    return { trace, where, problem: "has not the form of what the recorded client makes up" };
  }
  if (isStandard) return assume("is made by the client by standard", true);
  if (isPersonalPlace(value) || MAY_BE_DERIVED.test(words(value.name))) {
    return { trace, where, problem: "is made up, and no standard lets the client make it up" };
  }
  if (value.repeated !== undefined && value.repeated === reenacted) {
    return {
      trace,
      where,
      problem:
        "is not what the recorded client sent for the same answers: it is computed otherwise",
    };
  }
  return assume("changes with each run, and no standard says that the client makes it up", false);
}

/** Whether the script sends the time in the recorded unit; `null` where the recorded value is not a time. */
function isTimeAsRecorded(
  { recorded, first, reenacted = first }: ComparedValue,
  startedAtMs: number,
): boolean | null {
  const unit = timestampUnit(recorded, startedAtMs, CLOCK_WINDOW_MS);
  return unit && timestampUnit(reenacted, startedAtMs, CLOCK_WINDOW_MS) === unit;
}

/**
 * The recorded value itself is what the script was handed to make: it may have been another's.
 * @rule off: false
 */
function isDrawn({ recorded, kind, name }: ComparedValue, { drawn }: MadeContext): boolean {
  return drawn.has(recorded) && !isClientMadePlace({ kind, name }, recorded);
}

/** Made values are as long as the recorded ones, or nearly; a UUID is a UUID. @rule off: true */
function isLike(recorded: string, sent: string): boolean {
  if (isUuid(recorded)) return isUuid(sent);
  return sent.length * 2 >= recorded.length && sent.length <= recorded.length * 2;
}

/** @rule off: false */
function isHeld(sent: string, held: HeldValues): boolean {
  return openText(sent).some((part) => part.length >= 4 && held.has(part));
}

/** Cookies and CSRF values are issued anew: which one is current depends on what else was loaded. */
function judgeTaken(
  { kind, name, recorded, reenacted, trace, where }: ComparedValue,
  { evidence, lastWrite }: MadeContext,
): Objection | null {
  const issued = evidence.issued.get(recorded);
  const taken = evidence.issued.get(reenacted ?? "");
  const isCookie = (one: typeof issued) => one?.kind === "cookie" && one.name === name;
  if (kind === "cookie" && isCookie(issued) && (taken === undefined || isCookie(taken))) {
    return null;
  }
  const isResult = where.startsWith("result ");
  const [old, current] = [taken, issued];
  if (
    isResult && old && current && isAntiForgeryName(old.name) && isAntiForgeryName(current.name)
  ) {
    // A login gives the session another id, and with it other tokens (OWASP, session fixation).
    if (old.index >= lastWrite || current.index < lastWrite) return null;
  }
  const from = issued === undefined
    ? ""
    : `, which stands in the answer of ${issued.trace}, ${issued.place}`;
  return { trace, where, problem: `is not the value that the recorded client sent${from}` };
}
