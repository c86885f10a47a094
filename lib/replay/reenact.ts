/**
 * The recording played again as it was: the server answers with the recorded values, the clock stands
 * where it stood, and the prompts are answered as they are told. What a script then sends can be held
 * against what the recorded client sent.
 */
import type { Context } from "../base/context.ts";
import type { LoginFlow } from "../correlate/flow.ts";
import type { Trace } from "../http/exchange.ts";
import { runGuest } from "../sandbox/host.ts";
import type { GuestLimits } from "../sandbox/limits.ts";
import { RandomSource } from "./random_source.ts";
import { FreshValues } from "./fresh_values.ts";
import { judgeResult } from "./judge_result.ts";
import { PromptDesk } from "./prompt_desk.ts";
import type { Mismatch } from "./proof.ts";
import { atRecordedMoment, recordedMomentMs } from "./recorded_moment.ts";
import { recordedEnv } from "./recorded_flow.ts";
import { Rehearsal } from "./rehearsal.ts";
import { startReplayServer } from "./replay_server.ts";

export interface Reenactment {
  readonly source: string;
  readonly fileName: string;
  readonly flow: LoginFlow;
  readonly traces: readonly Trace[];
  readonly limits: GuestLimits;
  readonly signal: AbortSignal;
  /** By `Input.name`. */
  readonly inputs: ReadonlyMap<string, string>;
}

export interface Reenacted {
  readonly mismatches: readonly Mismatch[];
  /** What the script made, by `Generated.id`. */
  readonly made: ReadonlyMap<string, string>;
}

export async function reenact(ctx: Context, run: Reenactment): Promise<Reenacted> {
  const { flow, inputs } = run;
  const traces = new Map(run.traces.map((trace) => [trace.id, trace]));
  const startMs = traces.get(flow.steps[0]?.trace ?? "")?.startedAtMs ?? 0;
  const nowMs = recordedMomentMs(flow.generated, startMs);
  const shift = { recordedAtMs: nowMs, nowMs };
  const fresh = new FreshValues(new RandomSource(ctx.random), [], shift);
  const recorded = { ...recordedEnv(flow), inputs };
  const rehearsal = new Rehearsal({
    part: flow,
    generated: flow.generated,
    traces: stillTraces(traces, nowMs),
    fresh,
    inputs,
    refreshToken: null,
    recorded,
    nowMs: () => nowMs,
  });
  const desk = new PromptDesk({ inputs: flow.inputs, answers: inputs, tooEarly: () => null });
  const server = startReplayServer((request) => rehearsal.respond(request).answer);
  try {
    const outcome = await runGuest({
      source: atRecordedMoment(run.source, nowMs, flow.generated),
      fileName: run.fileName,
      entry: { kind: "acquire" },
      network: { kind: "replay", port: server.port, hosts: flow.hosts },
      limits: run.limits,
      dialog: {
        promptText: (label) => Promise.resolve(desk.answer(label, false)),
        promptSecret: (label) => Promise.resolve(desk.answer(label, true)),
        confirm: () => Promise.resolve(),
        tell: () => {},
        debug: () => {},
      },
      signal: run.signal,
    });
    if (outcome.kind === "result") {
      const findings = judgeResult(outcome.result, {
        template: flow.result,
        expectations: rehearsal.expectations,
        memory: { cookies: rehearsal.cookies, fresh },
        wantsRefreshToken: false,
      });
      for (const finding of findings) rehearsal.note(null, finding);
    } else if (rehearsal.mismatches.length === 0) {
      rehearsal.note(null, { where: "script", problem: "does not come to its end" });
    }
  } finally {
    await server.close();
  }
  return {
    mismatches: rehearsal.mismatches.filter(isOfScript),
    made: rehearsal.expectations.env.generated,
  };
}

/** Every answer comes at the one moment, so that nothing in it is moved in time. */
function stillTraces(traces: ReadonlyMap<string, Trace>, nowMs: number): Map<string, Trace> {
  return new Map([...traces].map(([id, trace]) => [id, { ...trace, startedAtMs: nowMs }]));
}

/** Recorded answers hold recorded values: that is the point here and nothing to complain about. */
function isOfScript({ problem }: Mismatch): boolean {
  return !problem.includes("could not be replaced by a fresh one");
}
