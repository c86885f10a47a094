/** A proof without the sandbox: what the flow says is sent, and judged as the requests of its script. */
import type { LoginFlow } from "../../lib/correlate/flow.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { Evidence } from "../../lib/judge/evidence.ts";
import { judgeScript } from "../../lib/judge/judge_script.ts";
import type { ScriptRun, SentRequest } from "../../lib/judge/run.ts";
import { freshValuesFor, inventInputs } from "../../lib/replay/fresh_flow.ts";
import { FreshValues } from "../../lib/replay/fresh_values.ts";
import { judgeResult } from "../../lib/replay/judge_result.ts";
import { recordedMomentMs } from "../../lib/replay/recorded_moment.ts";
import { RandomSource } from "../../lib/replay/random_source.ts";
import { recordedEnv } from "../../lib/replay/recorded_flow.ts";
import { resultOf } from "../../lib/replay/play_script.ts";
import { stillTraces } from "../../lib/replay/reenact.ts";
import { Rehearsal } from "../../lib/replay/rehearsal.ts";
import type { AuthResult } from "../../lib/script/contract.ts";
import { generateScript } from "../../lib/script/generate.ts";
import { answerFacts } from "../../lib/correlate/answer_facts.ts";
import { playFlow } from "../../tests/replay/flow_runner.ts";

export interface Verdict {
  readonly passed: boolean;
  /** Places that it took on trust without evidence. */
  readonly open: readonly string[];
}

const random = new RandomSource({
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
});

const known = new WeakMap<readonly Trace[], Evidence>();

/** True when the right flow accepts every request and the result of the wrong one. */
export function isAcceptedBy(
  right: LoginFlow,
  wrong: LoginFlow,
  traces: readonly Trace[],
): boolean {
  if (right.inputs.length !== wrong.inputs.length) return false;
  const inputs = inventInputs(right, random);
  return played(right, wrong, traces, inputs, false).problems === 0;
}

export function playedProof(flow: LoginFlow, traces: readonly Trace[]): Verdict {
  const evidence = evidenceOf(traces);
  const recorded = new Map(flow.inputs.map((input) => [input.name, input.recorded]));
  const first = played(flow, flow, traces, inventInputs(flow, random, "plain"), false);
  const second = played(flow, flow, traces, inventInputs(flow, random, "telling"), false);
  const reenacted = played(flow, flow, traces, recorded, true);
  const { objections, assumptions } = judgeScript({
    source: generateScript(flow, { app: "bench", answers: answerFacts(traces, flow) }),
    evidence,
    hints: [],
    claimed: new Set(),
    personal: [],
    others: [],
    runs: { first: first.run, second: second.run, reenacted: reenacted.run },
  });
  return {
    passed: first.problems + second.problems + objections.length === 0,
    open: assumptions.filter(({ isSettled }) => !isSettled).map(({ where, as }) =>
      `${where} ${as}`
    ),
  };
}

function evidenceOf(traces: readonly Trace[]): Evidence {
  const evidence = known.get(traces) ?? new Evidence(traces);
  known.set(traces, evidence);
  return evidence;
}

function played(
  right: LoginFlow,
  flow: LoginFlow,
  traces: readonly Trace[],
  inputs: ReadonlyMap<string, string>,
  isReenacted: boolean,
): { run: ScriptRun; problems: number } {
  const byId = new Map(traces.map((trace) => [trace.id, trace]));
  const recordedAtMs = byId.get(right.steps[0]?.trace ?? "")?.startedAtMs ?? 0;
  const nowMs = isReenacted ? recordedMomentMs(right.generated, recordedAtMs) : Date.now();
  const evidence = evidenceOf(traces);
  const fresh = isReenacted
    ? new FreshValues(random, [], { recordedAtMs, nowMs })
    : freshValuesFor(right, right, {
      traces: byId,
      inputs,
      random,
      nowMs,
      evidence,
      refreshToken: null,
    });
  const rehearsal = new Rehearsal({
    part: right,
    generated: right.generated,
    traces: isReenacted ? stillTraces(byId, nowMs) : byId,
    fresh,
    inputs,
    refreshToken: null,
    recorded: { ...recordedEnv(right), inputs: isReenacted ? inputs : recordedEnv(right).inputs },
    nowMs: () => nowMs,
    isReenacted,
  });
  const sent: SentRequest[] = [];
  let result: AuthResult | null = null;
  let problems = 0;
  try {
    result = playFlow(flow, inputs, (request) => {
      const { answer, trace } = rehearsal.respond(request);
      sent.push({ request, trace, answer });
      return answer;
    }, nowMs);
    problems += judgeResult(result, {
      template: right.result,
      expectations: rehearsal.expectations,
      memory: { cookies: rehearsal.cookies, fresh },
      wantsRefreshToken: false,
    }).length;
  } catch {
    problems++;
  }
  problems += rehearsal.mismatches.length +
    rehearsal.steps().filter(({ status }) => status === "missing").length;
  return { run: { sent, result: result && resultOf(result), answers: inputs }, problems };
}
