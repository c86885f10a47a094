/**
 * A request that was refused at first and accepted later although it said the very same: what made the difference
 * is in no request. Somebody allowed the client in between: on another device (RFC 8628 section 3.3), by a
 * button on the appliance, in a message that was confirmed.
 */
import { takeLocated } from "../codec/locators.ts";
import { isUuid } from "../http/opaque.ts";
import { type KnownValues, messageOf } from "./known_values.ts";
import { approvalAwaited } from "./approved_elsewhere.ts";
import { approvalsOf } from "./carried_codes.ts";
import { fieldPath, type Leaf } from "./leaves.ts";
import { answerRefuses } from "./refused_attempt.ts";
import type { Evidence } from "./login_styles/style.ts";
import type { Message } from "./recording.ts";
import { REMAINS } from "./refusals.ts";

export type Told = Pick<Evidence, "recording" | "provenance">;

/** Refusals that ask for the same again later, whoever it is (RFC 9110 section 15.5, RFC 6585 section 4). */
const ASKS_AGAIN: ReadonlySet<number> = new Set([0, 408, 425, 429]);

/**
 * Why these requests, sent again, would be refused; `null` where nothing shows it. A login between the two requests
 * may be the approval itself (RFC 8628 section 3.3 in one browser), with a code that a person carried over.
 */
export function allowedElsewhere(
  steps: readonly Message[],
  { recording, provenance }: Told,
  logins: ReadonlySet<number> = new Set(),
): string | null {
  const made = new Set([...steps.map(({ index }) => index), ...logins]);
  for (const step of steps) {
    if (answerRefuses(step) || approvalAwaited(step, recording) !== null) continue;
    const refused = recording.messages.slice(0, step.index).find((earlier) =>
      answerRefuses(earlier) && !ASKS_AGAIN.has(earlier.status) && earlier.status < 500 &&
      saidBy(earlier, provenance) === saidBy(step, provenance)
    );
    if (refused === undefined || isApproved(refused, step, recording, made)) continue;
    const login = [...logins].find((index) => index > refused.index && index < step.index);
    const allowed = login === undefined
      ? "somebody allowed the client in between, on another device or by a button, which no script can do"
      : `the client was allowed in between, by ${
        recording.at(login).trace.id
      } or what followed it, and no script is ` +
        "written for a client that waits for a person's approval";
    return `${step.trace.id} is accepted, and ${refused.trace.id} was refused although it sent the same: ${allowed}; ` +
      REMAINS;
  }
  return null;
}

/**
 * The code that the client was given is handed over and confirmed in between (RFC 8628 section 3.3) by what is made.
 * @rule off: false
 */
function isApproved(
  refused: Message,
  step: Message,
  recording: Told["recording"],
  made: ReadonlySet<number>,
): boolean {
  const approvals = approvalsOf(step, recording).filter(({ index }) => index > refused.index);
  return approvals.length > 0 && approvals.every(({ index }) => made.has(index));
}

/** A request that was answered without the credential at first, and with it when it was sent again. */
export interface Waiting {
  readonly earning: Message;
  readonly first: Message;
}

/**
 * The request that waited for a credential; `null` where none did. What the login itself sent in between may have made
 * the difference, and a cookie comes anew with any answer. Of one moment are a page's request and the one that its
 * service worker made of it (Service Workers section 4.5).
 * @rule off: null
 */
export function waitedFor(
  { extractions }: KnownValues,
  steps: readonly Message[],
  { recording, provenance }: Told,
): Waiting | null {
  for (const extraction of extractions) {
    const { locator } = extraction;
    if (locator.kind === "cookie") continue;
    const earning = recording.at(messageOf(extraction));
    const before = steps.filter(({ index }) => index < earning.index);
    const from = Math.max(-1, ...before.map(({ index }) => index)) + 1;
    const first = recording.messages.slice(from, earning.index).find((earlier) =>
      earlier.succeeded && earlier.answer !== null &&
      earlier.trace.startedAtMs < earning.trace.startedAtMs &&
      saidBy(earlier, provenance) === saidBy(earning, provenance) &&
      takeLocated(locator, earlier.answer) === undefined
    );
    if (first !== undefined) return { earning, first };
  }
  return null;
}

/**
 * Nobody types anything, so the request waited for somebody: a code that a camera reads, a message that is confirmed.
 */
export function waitedForSomebody(waiting: Waiting): string {
  return `${
    answered(waiting)
  }: somebody allowed the client in between, on another device, which no script can do; ` +
    REMAINS;
}

/** The site took its time, or somebody confirmed; either way it has to be asked until it answers. */
export function waitedForSite(waiting: Waiting): string {
  return `${
    answered(waiting)
  }: it has to be asked again until the answer holds it, and the script asks once; ` +
    REMAINS;
}

function answered({ earning, first }: Waiting): string {
  return `${earning.trace.id} hands out a credential, and ${first.trace.id} was answered without it although it sent ` +
    "the same";
}

function saidBy(message: Message, provenance: Told["provenance"]): string {
  const said = message.leaves.filter((leaf) => isSaid(leaf, message, provenance))
    .map((leaf) => [leaf.place.kind, fieldPath(leaf), leaf.value]);
  return JSON.stringify([message.method, message.url.href, said]);
}

/** All but what every client sends, and the id that a client gives each of its requests (RFC 9562). */
function isSaid(
  { place, value }: Leaf,
  { index }: Message,
  provenance: Told["provenance"],
): boolean {
  if (place.kind !== "header") return true;
  const isRequestId = () =>
    isUuid(value) && !provenance.isSentAgain(value) && provenance.find(value, index) === null;
  return !isRequestId();
}
