/** A proof without the sandbox: what the flow says is sent, and judged as the requests of its script. */
import type { LoginFlow } from "../../lib/correlate/flow.ts";
import { answerFacts } from "../../lib/correlate/answer_facts.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { Evidence } from "../../lib/judge/evidence.ts";
import { judgeScript } from "../../lib/judge/judge_script.ts";
import type { Objection } from "../../lib/judge/finding.ts";
import type { ScriptRun, SentRequest } from "../../lib/judge/run.ts";
import { flowDemands } from "../../lib/replay/flow_demands.ts";
import { freshValuesFor } from "../../lib/replay/fresh_flow.ts";
import { inventInputs } from "../../lib/replay/invent_inputs.ts";
import { FreshValues } from "../../lib/replay/fresh_values.ts";
import { resultOf } from "../../lib/replay/play_script.ts";
import { RandomSource } from "../../lib/replay/random_source.ts";
import { recordedMomentMs, stillTraces } from "../../lib/replay/recorded_moment.ts";
import { ReplayedSite } from "../../lib/replay/replayed_site.ts";
import type { AuthResult } from "../../lib/script/contract.ts";
import { writtenValues } from "../../lib/script/written_values.ts";
import { generateScript } from "../../lib/script/generate.ts";
import { madeValues, playFlow } from "./play_flow.ts";

export interface Verdict {
  readonly passed: boolean;
  /** Places that it took on trust without evidence. */
  readonly open: readonly string[];
}

export interface PlayedVerdict extends Verdict {
  readonly objections: readonly Objection[];
}

let random = newRandom();

function newRandom(): RandomSource {
  return new RandomSource({ bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) });
}

/** Makes what is drawn next depend on `crypto.getRandomValues` alone. */
export function forgetDrawn(): void {
  random = newRandom();
}

const known = new WeakMap<readonly Trace[], Evidence>();

/**
 * The first run that goes wrong refuses a flow: nothing more is played then.
 *
 * @param right what the site answers and demands
 * @param played what is sent; the same where an analysis is judged by itself
 */
export function playedProof(
  right: LoginFlow,
  traces: readonly Trace[],
  played: LoginFlow = right,
): PlayedVerdict {
  const evidence = evidenceOf(traces);
  const recorded = new Map(right.inputs.map((input) => [input.name, input.recorded]));
  const play = (inputs: ReadonlyMap<string, string>, isReenacted: boolean) =>
    playedRun(right, played, traces, inputs, isReenacted);
  const first = play(inventInputs(right, random, "plain"), false);
  if (first.noted.length > 0) return refusedFor(first.noted);
  const second = play(inventInputs(right, random, "telling"), false);
  if (second.noted.length > 0) return refusedFor(second.noted);
  const reenacted = play(recorded, true);
  const source = sourceOf(played, traces);
  const { objections, assumptions } = judgeScript({
    source,
    written: writtenValues(source, "played.ts"),
    evidence,
    hints: [],
    claimed: [],
    personal: [],
    others: [],
    demands: flowDemands(right, { wantsRefreshToken: true, momentMs: momentOf(right, traces) }),
    runs: { first: first.run, second: second.run, reenacted: reenacted.run },
  });
  return {
    passed: objections.length === 0,
    objections,
    open: assumptions.filter(({ isSettled }) => !isSettled).map(({ where, as }) =>
      `${where} ${as}`
    ),
  };
}

function refusedFor(objections: readonly Objection[]): PlayedVerdict {
  return { passed: false, objections, open: [] };
}

/**
 * True when both flows send the same requests and hand over the same, for the same people, answers and made-up
 * values: what one of them says otherwise makes no difference.
 */
export function sendsTheSame(
  right: LoginFlow,
  wrong: LoginFlow,
  traces: readonly Trace[],
): boolean {
  if (right.inputs.length !== wrong.inputs.length) return false;
  const inputs = inventInputs(right, random);
  const nowMs = Date.now();
  const byId = new Map(traces.map((trace) => [trace.id, trace]));
  const context = {
    traces: byId,
    inputs,
    random,
    nowMs,
    evidence: evidenceOf(traces),
    refreshToken: null,
  };
  const fresh = freshValuesFor(right, right, context);
  const made = madeValues(right.generated, nowMs);
  const seen = [right, wrong].map((flow) => {
    const site = new ReplayedSite({ steps: right.steps, traces: byId, fresh, nowMs: () => nowMs });
    const sent: SentRequest["request"][] = [];
    try {
      const result = playFlow(
        flow,
        inputs,
        (request) => {
          sent.push(request);
          return site.respond(request).answer;
        },
        nowMs,
        new Map([...madeValues(flow.generated, nowMs), ...made]),
      );
      return JSON.stringify([sent.map((one) => ({ ...one, body: one.body?.toHex() })), result]);
    } catch {
      return null;
    }
  });
  return seen[0] !== null && seen[0] === seen[1];
}

function sourceOf(flow: LoginFlow, traces: readonly Trace[]): string {
  return generateScript(flow, { app: "bench", answers: answerFacts(traces, flow) });
}

function evidenceOf(traces: readonly Trace[]): Evidence {
  const evidence = known.get(traces) ?? new Evidence(traces);
  known.set(traces, evidence);
  return evidence;
}

function momentOf({ steps, generated }: LoginFlow, traces: readonly Trace[]): number {
  const first = traces.find(({ id }) => id === steps[0]?.trace);
  return recordedMomentMs(generated, first?.startedAtMs ?? 0);
}

function playedRun(
  right: LoginFlow,
  flow: LoginFlow,
  traces: readonly Trace[],
  inputs: ReadonlyMap<string, string>,
  isReenacted: boolean,
): { run: ScriptRun; noted: Objection[] } {
  const byId = new Map(traces.map((trace) => [trace.id, trace]));
  const nowMs = isReenacted ? momentOf(right, traces) : Date.now();
  const evidence = evidenceOf(traces);
  const site = new ReplayedSite({
    steps: right.steps,
    traces: isReenacted ? stillTraces(byId, nowMs) : byId,
    fresh: isReenacted
      ? new FreshValues(random, [], { recordedAtMs: nowMs, nowMs })
      : freshValuesFor(right, right, {
        traces: byId,
        inputs,
        random,
        nowMs,
        evidence,
        refreshToken: null,
      }),
    nowMs: () => nowMs,
  });
  const sent: SentRequest[] = [];
  let result: AuthResult | null = null;
  const failures: Objection[] = [];
  try {
    result = playFlow(flow, inputs, (request) => {
      const { answer, trace } = site.respond(request);
      sent.push({ request, trace, answer });
      return answer;
    }, nowMs);
  } catch (thrown) {
    failures.push({ trace: null, where: "script", problem: `failed: ${thrown}` });
  }
  const missing = site.missing().map(({ trace }) => ({
    trace,
    where: "request",
    problem: "was never made",
  }));
  return {
    run: { sent, result: result && resultOf(result), answers: inputs },
    noted: [...failures, ...site.mismatches, ...missing],
  };
}
