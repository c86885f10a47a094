/**
 * Proof of a script: it logs in as somebody else, against a replay of the capture in which every
 * value that an answer issued is another, twice with different people, and once with everything as
 * it was recorded. A script that hard-codes what it should ask for or extract cannot pass, and
 * nothing of this touches the real site.
 *
 * Where something is computed of what the client makes up, a digest over its own nonce, the recording is
 * played once more with the recorded random values. Where something seems to be made up, it is played again some days
 * later: what is the same then is computed, and not as the recorded client did.
 *
 * The flow says which recorded requests to answer, what to ask for, and by name what has to be carried.
 * Whether the values are right, `judge/` says from the recording alone, so that a mistake of the analysis
 * does not vouch for itself.
 */
import { createHash } from "node:crypto";
import type { Context } from "../base/context.ts";
import { Evidence } from "../judge/evidence.ts";
import type { JudgedRuns } from "../judge/compared_values.ts";
import { judgeScript, type Verdict } from "../judge/judge_script.ts";
import type { JudgedScript } from "../judge/script_case.ts";
import type { Mismatch, Proof, ProofRequest } from "./proof.ts";
import { Prover, type ProvingRun } from "./prover.ts";
import { flowDemands } from "./flow_demands.ts";

/**
 * Runs the script against the replay and says what it did right and wrong.
 *
 * @throws {AppError} `SCRIPT_REFUSED` when the script is not run at all, `INTERRUPTED` on abort.
 */
export async function proveScript(
  ctx: Context,
  request: ProofRequest,
  evidence: Evidence = new Evidence(request.traces),
): Promise<Proof> {
  const { flow, source, fileName, hints = [], claimed = [], others = [] } = request;
  const { prepareScript } = await import("../script/prepare.ts");
  const { writtenValues } = await import("../script/written_values.ts");
  const hasRefresh = prepareScript(source, fileName).exports.has("refresh_token");
  const written = writtenValues(source, fileName);
  const prover = new Prover(ctx, request, evidence);
  const inputs = new Map(flow.inputs.map(({ name, recorded }) => [name, recorded]));
  const [login, other, reenacted] = await Promise.all([
    prover.login("plain"),
    prover.login("telling"),
    prover.reenact(inputs),
  ]);
  const told: Omit<JudgedScript, "runs"> = {
    source,
    written,
    evidence,
    hints: hints.map(({ value }) => value),
    claimed,
    personal: flow.inputs.map(({ name, recorded }) => ({ name, value: recorded })),
    others: others.map((traces) => new Evidence(traces)),
    demands: flowDemands(flow, { wantsRefreshToken: hasRefresh, momentMs: prover.momentMs }),
  };
  const runs = { first: login.run, second: other.run, reenacted };
  const verdict = await verdictOf(prover, inputs, runs, (runs) => judgeScript({ ...told, runs }));
  for (const one of verdict.objections) login.site.note(one);
  const mismatches = withoutRepeats([...login.site.mismatches, ...other.site.mismatches]);
  const passed = mismatches.length === 0;
  const refresh = flow.refresh !== null && hasRefresh && passed
    ? await prover.refresh(flow.refresh, login)
    : null;
  return {
    passed,
    steps: [
      ...stepsOf(login, mismatches),
      ...refresh === null ? [] : stepsOf(refresh, refresh.site.mismatches),
    ],
    mismatches: [...mismatches, ...refresh?.site.mismatches ?? []],
    assumptions: verdict.assumptions.map((one) => ({ ...one, where: login.fresh.mask(one.where) })),
    refresh: refreshVerdict(flow.refresh !== null && hasRefresh, refresh),
    scriptSha256: createHash("sha256").update(source).digest("hex"),
    provedAt: new Date(ctx.clock.nowMs()).toISOString(),
  };
}

/** Plays what the runs so far leave open. */
async function verdictOf(
  prover: Prover,
  inputs: ReadonlyMap<string, string>,
  runs: JudgedRuns,
  judged: (runs: JudgedRuns) => Verdict,
): Promise<Verdict> {
  const onItsOwn = judged(runs);
  const drawn = new Set(prover.request.flow.generated.map(({ recorded }) => recorded));
  const mayBeComputed = onItsOwn.objections.length > 0 && drawn.size > 0;
  const reproduced: JudgedRuns = mayBeComputed
    ? { ...runs, drawn, reproduced: await prover.reenact(inputs, "recorded") }
    : runs;
  const asReproduced = mayBeComputed ? judged(reproduced) : onItsOwn;
  const isMade = asReproduced.objections.length === 0 &&
    asReproduced.assumptions.some(({ as, isSettled }) => as === "generated" && !isSettled);
  return isMade
    ? judged({ ...reproduced, repeated: await prover.reenact(inputs, "later") })
    : asReproduced;
}

function stepsOf({ site }: ProvingRun, mismatches: readonly Mismatch[]): Proof["steps"] {
  return site.steps(new Set(mismatches.map(({ trace }) => trace)));
}

function refreshVerdict(isOffered: boolean, run: ProvingRun | null): Proof["refresh"] {
  if (!isOffered) return "none";
  return run !== null && run.site.mismatches.length === 0 ? "proven" : "failed";
}

function withoutRepeats(mismatches: readonly Mismatch[]): Mismatch[] {
  return [...new Map(mismatches.map((one) => [JSON.stringify(one), one])).values()];
}
