/** A client that somebody approved elsewhere, by the protocol it speaks. */
import { words } from "../http/vocabulary.ts";
import { allowedElsewhere, type Told } from "./allowed_elsewhere.ts";
import { approvalsOf, sharesHandle } from "./carried_codes.ts";
import { isBodyField } from "./leaves.ts";
import type { Message } from "./recording.ts";
import { REMAINS } from "./refusals.ts";

/**
 * Why one of these requests is refused when it is sent again: a client was given a code to be approved with, or waits
 * for its user's own device (OpenID Connect CIBA section 10), and no request of the recording approves it.
 */
export function approvedElsewhere(steps: readonly Message[], told: Told): string | null {
  const { recording } = told;
  const waiting = recording.messages.filter((message) =>
    message.method === "POST" && message.succeeded && waitsForApproval(message)
  );
  for (const step of waiting.length === 0 ? [] : steps) {
    if (!step.succeeded || !step.fields.some(isBodyField)) continue;
    const asked = waiting.find((earlier) =>
      earlier.index < step.index && sharesHandle(earlier, step, recording)
    );
    if (asked === undefined || approvalsOf(step, recording).length > 0) continue;
    return allowedElsewhere([step], told) ??
      `${step.trace.id} gets what ${asked.trace.id} asked for once its user has approved that, and no request of ` +
        "the recording approves it: somebody did elsewhere, as on another device, which no script can do; " +
        REMAINS;
  }
  return null;
}

/** In whatever case and with whatever between the words; taking a long answer apart costs more than a look at its text. */
const ASKING = /auth.?req.?id|user.?code/i;

/** By the members of RFC 8628 section 3.2 and of CIBA section 7.3. */
function waitsForApproval(message: Message): boolean {
  if (!ASKING.test(message.responseText)) return false;
  const names = new Set([...message.named("json")].map(({ name }) => words(name)));
  return names.has("auth req id") ||
    names.has("user code") &&
      ["device code", "verification uri", "verification url"].some((name) => names.has(name));
}
