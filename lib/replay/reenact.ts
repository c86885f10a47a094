/**
 * The recording played again as it was: the server answers with the recorded values, the clock stands
 * where it stood, and the prompts are answered as they are told. What a script then sends can be held
 * against what the recorded client sent.
 */
import type { Context } from "../base/context.ts";
import type { LoginFlow } from "../correlate/flow.ts";
import { endsCookie } from "../http/cookie_jar.ts";
import { parseSetCookie } from "../http/cookies.ts";
import type { HttpResponse, Trace } from "../http/exchange.ts";
import type { ScriptRun } from "../judge/run.ts";
import type { GuestLimits } from "../sandbox/limits.ts";
import { RandomSource } from "./random_source.ts";
import { FreshValues } from "./fresh_values.ts";
import { judgeResult } from "./judge_result.ts";
import { PromptDesk } from "./prompt_desk.ts";
import type { Mismatch } from "./proof.ts";
import { atRecordedMoment, recordedMomentMs } from "./recorded_moment.ts";
import { recordedEnv } from "./recorded_flow.ts";
import { Rehearsal } from "./rehearsal.ts";
import { playScript } from "./play_script.ts";

export interface Reenactment {
  readonly source: string;
  readonly fileName: string;
  readonly flow: LoginFlow;
  readonly traces: readonly Trace[];
  readonly limits: GuestLimits;
  readonly signal: AbortSignal;
  /** By `Input.name`. */
  readonly inputs: ReadonlyMap<string, string>;
  /** Whether the script is handed the recorded UUIDs where it makes its own. */
  readonly chance: "recorded" | "own";
}

export interface Reenacted {
  readonly mismatches: readonly Mismatch[];
  readonly run: ScriptRun;
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
    isReenacted: true,
  });
  const desk = new PromptDesk({ inputs: flow.inputs, answers: inputs, tooEarly: () => null });
  const { outcome, run: performed } = await playScript({
    source: atRecordedMoment(run.source, nowMs, run.chance === "own" ? [] : flow.generated),
    fileName: run.fileName,
    entry: { kind: "acquire" },
    hosts: flow.hosts,
    limits: run.limits,
    signal: run.signal,
    rehearsal,
    desk,
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
  return {
    run: performed,
    mismatches: rehearsal.mismatches.filter(isOfScript),
    made: rehearsal.expectations.env.generated,
  };
}

/**
 * Every answer comes at the one moment, so that nothing in it is moved in time. Cookies live as long as
 * the browser does: the jar of the script has the clock of today.
 */
export function stillTraces(traces: ReadonlyMap<string, Trace>, nowMs: number): Map<string, Trace> {
  return new Map(
    [...traces].map((
      [id, trace],
    ) => [id, { ...trace, startedAtMs: nowMs, response: lasting(trace.response, nowMs) }]),
  );
}

function lasting(response: HttpResponse | null, nowMs: number): HttpResponse | null {
  if (response === null) return null;
  const headers = response.headers.map(([name, value]) =>
    [name, /^set-cookie$/i.test(name) ? lastingCookie(value, nowMs) : value] as const
  );
  return { ...response, headers };
}

/** Cookies that were deleted stay deleted. */
function lastingCookie(line: string, nowMs: number): string {
  const cookie = parseSetCookie(line);
  if (cookie === null || endsCookie(cookie, nowMs)) return line;
  return line.replace(/;\s*expires\s*=[^;]*/i, "");
}

/** Recorded answers hold recorded values: that is the point here and nothing to complain about. */
function isOfScript({ problem }: Mismatch): boolean {
  return !problem.includes("could not be replaced by a fresh one");
}
