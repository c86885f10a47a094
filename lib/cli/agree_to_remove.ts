/** Asks before something is removed for good, having said what goes. */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";

/** @throws {AppError} `CONSENT_NEEDED` without a yes. */
export async function agreeToRemove(
  { term }: Pick<Context, "term">,
  { what, goes, yes, command }: {
    readonly what: string;
    readonly goes: readonly string[];
    readonly yes: boolean;
    /** That agrees. */
    readonly command: string;
  },
): Promise<void> {
  term.err(`With ${what} this is removed for good:`);
  for (const line of goes.length === 0 ? ["nothing but its name"] : goes) term.err(`  ${line}`);
  if (yes || term.interactive && await term.confirm(`Remove ${what}?`)) return;
  throw new AppError("CONSENT_NEEDED", `Nothing was removed: nobody agreed to remove ${what}`, {
    hint: `${command} --yes`,
    details: { goes },
  });
}
