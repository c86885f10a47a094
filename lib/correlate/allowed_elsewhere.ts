/**
 * A request that was refused at first and accepted later although it said the very same: what made the difference
 * is in no request. Somebody allowed the client in between: on another device (RFC 8628 section 3.3), by a
 * button on the appliance, in a message that was confirmed.
 */
import { takeLocated } from "../codec/locators.ts";
import type { KnownValues } from "./known_values.ts";
import { fieldPath } from "./leaves.ts";
import { answerRefuses } from "./login_run.ts";
import type { Message, Recording } from "./recording.ts";
import { REMAINS } from "./refusals.ts";

/** Refusals that ask for the same again later, whoever it is (RFC 9110 section 15.5, RFC 6585 section 4). */
const ASKS_AGAIN: ReadonlySet<number> = new Set([0, 408, 425, 429]);

/** Why these requests, sent again, would be refused; `null` where nothing shows it. */
export function allowedElsewhere(steps: readonly Message[], recording: Recording): string | null {
  for (const step of steps) {
    if (answerRefuses(step)) continue;
    const refused = recording.messages.slice(0, step.index).find((earlier) =>
      answerRefuses(earlier) && !ASKS_AGAIN.has(earlier.status) && earlier.status < 500 &&
      saidBy(earlier) === saidBy(step)
    );
    if (refused === undefined) continue;
    return `${step.trace.id} is accepted, and ${refused.trace.id} was refused although it sent the same: somebody ` +
      `allowed the client in between, on another device or by a button, which no script can do; ${REMAINS}`;
  }
  return null;
}

/**
 * Where nobody types anything, a request that was answered without the credential at first and with it later
 * waited for somebody: a code that a camera reads, a message that is confirmed.
 * @rule off: null
 */
export function waitedFor(known: KnownValues, recording: Recording): string | null {
  if (known.inputs.length > 0) return null;
  for (const { step, locator } of known.extractions) {
    const earning = recording.at(Number(step.slice(1)));
    const waiting = recording.messages.slice(0, earning.index).find((earlier) =>
      earlier.succeeded && earlier.answer !== null && saidBy(earlier) === saidBy(earning) &&
      takeLocated(locator, earlier.answer) === undefined
    );
    if (waiting === undefined) continue;
    return `${earning.trace.id} hands out a credential, and ${waiting.trace.id} was answered without it although it ` +
      `sent the same: somebody allowed the client in between, on another device, which no script can do; ${REMAINS}`;
  }
  return null;
}

function saidBy({ method, url, leaves }: Message): string {
  const said = leaves.map((leaf) => [leaf.place.kind, fieldPath(leaf), leaf.value]);
  return JSON.stringify([method, url.href, said]);
}
