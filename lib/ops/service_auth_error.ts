/** A verdict that leaves nothing to call with, as the error of the call. */
import { AppError, type ErrorCode } from "../base/error.ts";
import type { Misfit } from "../resolve/fit.ts";
import type { Resolution } from "../resolve/resolve_auth.ts";
import { type Verdict, verdictSummary } from "../resolve/verdict.ts";

/** Codes that say more than that a credential is missing; the first that occurs is the error's. */
const TELLING_CODES: readonly ErrorCode[] = ["AUTH_REFUSED", "UNREACHABLE", "UPSTREAM_FAILED"];

/** `details`: `{ verdict }`, the same object `auth explain` prints. */
export function unresolvedError(
  service: string,
  tool: string,
  { verdict, outcomes }: Pick<Resolution, "verdict" | "outcomes">,
): AppError {
  const codes = [...outcomes.values()].map((outcome) =>
    outcome.kind === "failed" ? outcome.code : null
  );
  const code = TELLING_CODES.find((telling) => codes.includes(telling)) ?? "AUTH_NEEDED";
  const message = `Cannot authenticate "${tool}" of "${service}": ${verdictSummary(verdict)}`;
  return new AppError(code, message, {
    hint: hintOf(verdict) ?? `keysmith auth explain ${service} ${tool}`,
    details: { verdict },
  });
}

/** Credentials that are there and cannot be used, such as a key that does not belong to its certificate. */
export function unusableError(service: string, tool: string, cause: Misfit): AppError {
  const message = `Cannot authenticate "${tool}" of "${service}": ${cause.message}`;
  return new AppError("AUTH_NEEDED", message, {
    hint: `keysmith auth explain ${service} ${tool}`,
    cause,
  });
}

/** What the user can do in person comes before what they would have to configure. */
function hintOf({ alternatives }: Verdict): string | null {
  const requirements = alternatives.flatMap((alternative) => alternative.requirements);
  const waiting = requirements.find(({ status }) => status === "interactive-required");
  return (waiting ?? requirements.find(({ hint }) => hint !== null))?.hint ?? null;
}
