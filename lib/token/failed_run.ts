/** Which answer of a failed run tells why it failed, and what that says. Pure. */
import type { GuestOutcome } from "../sandbox/host.ts";
import type { GuestExchange } from "../sandbox/guest_run.ts";
import type { WatchedAnswer } from "../sandbox/protocol.ts";
import { type FailedAnswer, judgeFailedAnswer } from "./failed_answer.ts";
import { isRequestOf, type RecordedStep } from "./recorded_step.ts";

/** `null` where the recorded steps give no measure for the last answer. */
export function judgeFailedRun(
  { exchanges, answers }: Pick<GuestOutcome, "exchanges" | "answers">,
  steps: readonly RecordedStep[],
): FailedAnswer | null {
  const last = exchanges.at(-1);
  if (last === undefined || last.status === null || !steps.some(({ submits }) => submits)) {
    return null;
  }
  const handedOver = exchanges.findLastIndex((exchange) => submittedBy(exchange, steps) !== null);
  if (handedOver < 0) return isRefusal(last.status) ? { kind: "broken", said: null } : null;
  const step = submittedBy(exchanges[handedOver]!, steps)!;
  const isLater = handedOver < exchanges.length - 1;
  if (isLater && isAfter(last, step, steps)) {
    // The site took the credentials: what it refuses now is the script's.
    return isRefusal(last.status) ? { kind: "broken", said: null } : null;
  }
  const answer = answers.findLast((one) => isAnswerTo(one, last));
  if (answer === undefined) return null;
  return judgeFailedAnswer(answer, step, steps, exchanges.slice(0, handedOver));
}

function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 423 && status !== 429;
}

function submittedBy(
  { method, url }: GuestExchange,
  steps: readonly RecordedStep[],
): RecordedStep | null {
  const matching = steps.filter((step) => isRequestOf(step, method, url));
  // The request of another step may be of the same form; the exact one counts.
  const exact = matching.find(({ request }) => !request.endsWith("*")) ?? matching[0];
  return exact?.submits ? exact : null;
}

/** True for a request that the recording has behind `step` and not before it. */
function isAfter(
  { method, url }: GuestExchange,
  step: RecordedStep,
  steps: readonly RecordedStep[],
): boolean {
  const at = steps.indexOf(step);
  const isAmong = (some: readonly RecordedStep[]) =>
    some.some((one) => isRequestOf(one, method, url));
  return isAmong(steps.slice(at + 1)) && !isAmong(steps.slice(0, at + 1));
}

function isAnswerTo(answer: WatchedAnswer, { method, url, status }: GuestExchange): boolean {
  if (answer.method !== method || answer.status !== status) return false;
  const [one, other] = [new URL(answer.url), new URL(url)];
  return one.origin === other.origin && one.pathname === other.pathname;
}
