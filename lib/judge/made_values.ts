/**
 * Values that were not the recorded ones although everything the script was given was as recorded: it
 * makes them up, or takes them from another place than the recorded client.
 */
import { isUuid, timestampUnit } from "../http/opaque.ts";
import { isAntiForgeryName, words } from "../http/vocabulary.ts";
import type { ComparedValue } from "./compared_values.ts";
import type { Evidence, Issued } from "./evidence.ts";
import { type Finding, type Objection, objection, settled, unsettled } from "./finding.ts";
import type { HeldValues } from "./held_values.ts";
import { openText } from "./open_text.ts";
import { isClientMadePlace, isPersonalPlace } from "./place_kinds.ts";
import type { ScriptCase } from "./script_case.ts";

const CLOCK_WINDOW_MS = 24 * 60 * 60 * 1000;

/** Fields whose value is derived from a secret as often as it is random. */
const MAY_BE_DERIVED =
  /\b(verifier|challenge|session|device|proof|secret|digest|hash|response|signature|sig|mac|hmac|key|pass\w*|pwd)\b/;

export function judgeMade(value: ComparedValue, script: ScriptCase): Finding | null {
  const { evidence, held } = script;
  const { first, recorded, reenacted, index } = value;
  if (value.reproduced === recorded && reenacted !== recorded && !isDrawn(value, script)) {
    return null;
  }
  const isTime = isTimeAsRecorded(value, evidence.traces[index]!.startedAtMs);
  if (isTime !== null) {
    return isTime
      ? settled(value, "generated", "is the time of the request")
      : objection(value, "is not the time of the request as the recorded client wrote it");
  }
  const issued = issuerOf(value, evidence);
  if (issued !== null && !isHeld(first, held)) {
    const { trace, place } = issued;
    return objection(
      value,
      `is made up where the recorded client sent a value of the answer of ${trace}, ${place}`,
    );
  }
  // What an answer issued is the server's nonce, also under a name that clients give to theirs.
  const isStandard = isClientMadePlace(value, recorded);
  return (!isStandard || issued !== null) && isHeld(first, held)
    ? judgeTaken(value, script)
    : judgeMadeUp(value, isStandard);
}

/** The answer before that issued the value; `null` too where a request carried it first. */
function issuerOf({ recorded, index }: ComparedValue, evidence: Evidence): Issued | null {
  const issued = evidence.issued.get(recorded);
  const isFirst = issued !== undefined && issued.index < index &&
    evidence.sent(recorded)[0]!.index > issued.index;
  return isFirst ? issued : null;
}

/** @param isStandard a standard has the client make up the value */
function judgeMadeUp(value: ComparedValue, isStandard: boolean): Finding {
  const { first, recorded, reenacted, repeated } = value;
  if (!isLike(recorded, first)) {
    return objection(value, "has not the form of what the recorded client makes up");
  }
  if (isStandard) return settled(value, "generated", "is made by the client by standard");
  if (isPersonalPlace(value) || MAY_BE_DERIVED.test(words(value.name))) {
    return objection(value, "is made up, and no standard lets the client make it up");
  }
  return repeated !== undefined && repeated === reenacted
    ? objection(
      value,
      "is not what the recorded client sent for the same answers: it is computed otherwise",
    )
    : unsettled(
      value,
      "generated",
      "changes with each run, and no standard says that the client makes it up",
    );
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
function isDrawn({ recorded, kind, name }: ComparedValue, { runs }: ScriptCase): boolean {
  return runs.drawn?.has(recorded) === true && !isClientMadePlace({ kind, name }, recorded);
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
  value: ComparedValue,
  { evidence, reproduced: { lastWrite } }: ScriptCase,
): Objection | null {
  const { kind, name, where } = value;
  const issued = evidence.issued.get(value.recorded);
  const taken = evidence.issued.get(value.reenacted ?? "");
  const isCookie = (one: typeof issued) => one?.kind === "cookie" && one.name === name;
  if (kind === "cookie" && isCookie(issued) && (taken === undefined || isCookie(taken))) {
    return null;
  }
  const isGuard = (one: typeof issued) => one !== undefined && isAntiForgeryName(one.name);
  if (where.startsWith("result ") && isGuard(taken) && isGuard(issued)) {
    // A login gives the session another id, and with it other tokens (OWASP, session fixation).
    if (taken!.index >= lastWrite || issued!.index < lastWrite) return null;
  }
  const from = issued === undefined
    ? ""
    : `, which stands in the answer of ${issued.trace}, ${issued.place}`;
  return objection(value, `is not the value that the recorded client sent${from}`);
}
