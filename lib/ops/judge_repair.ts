/**
 * Whether a script mends a login that broke at the site. Where the site is as it was, the script is held to the
 * recording like any other; where it changed, to what the site answered to the run that failed.
 */
import type { Context } from "../base/context.ts";
import type { LoginFlow } from "../correlate/flow.ts";
import type { Trace } from "../http/exchange.ts";
import { type Assumption, type Objection, unsettled } from "../judge/finding.ts";
import type { Mismatch, ToldInput } from "../replay/proof.ts";
import type { TriedScript } from "../llm/script_task.ts";
import { replayLive } from "../replay/repair/live_replay.ts";
import type { SiteChange } from "../replay/repair/site_changes.ts";
import { DEFAULT_GUEST_LIMITS } from "../sandbox/limits.ts";
import { proveRecorded } from "./analyze_with_model.ts";

export interface RepairEvidence {
  readonly flow: LoginFlow;
  readonly traces: readonly Trace[];
  /** Other recordings of the app. */
  readonly others: readonly (readonly Trace[])[];
  readonly hints: readonly ToldInput[];
  /** Of the run that failed; empty where nothing was sent. */
  readonly live: readonly Trace[];
  readonly changes: readonly SiteChange[];
  /** What was answered to its prompts, by label. */
  readonly answers: ReadonlyMap<string, string>;
}

export async function judgeRepair(
  ctx: Context,
  source: string,
  evidence: RepairEvidence,
): Promise<TriedScript> {
  const { flow, traces, live, changes, answers } = evidence;
  const proof = await proveRecorded(ctx, source, evidence);
  const kept = proof.mismatches.filter((mismatch) => isWhereSiteIsAsItWas(mismatch, evidence));
  if (kept.length > 0 || live.length === 0) return proof;
  const { problems, asked } = await replayLive(ctx, {
    source,
    fileName: "auth_acquire.ts",
    flow,
    recorded: traces,
    live,
    answers,
    limits: DEFAULT_GUEST_LIMITS,
  });
  const mismatches = problems.map((problem) => asMismatch(problem, flow));
  const assumptions = [...proof.assumptions, ...proof.passed ? [] : changes.map(trusted)];
  return { ...proof, passed: mismatches.length === 0, mismatches, assumptions, asked };
}

/** A complaint about a step before the first that changed; behind that the recording measures nothing. */
function isWhereSiteIsAsItWas(
  { step, problem }: Mismatch,
  { flow, changes }: RepairEvidence,
): boolean {
  const [first] = changes;
  if (first === undefined) return true;
  // What a script holds of the recording it holds whatever the site answers.
  if (step === null) return /^holds /.test(problem);
  const order = flow.steps.map(({ id }) => id);
  return order.indexOf(step) < order.indexOf(first.step);
}

function asMismatch({ trace, where, problem }: Objection, { steps }: LoginFlow): Mismatch {
  const step = steps.find((one) => one.trace === trace)?.id ?? null;
  return { step, trace, where, problem: `${problem} (against what the site answers now)` };
}

function trusted({ trace, what }: SiteChange): Assumption {
  const why = `${what}; the script was held to what the site answered to the login that failed`;
  return unsettled({ trace, where: "the answer" }, "constant", why);
}
