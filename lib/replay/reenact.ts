/**
 * The recording played again as it was: the server answers with the recorded values, the clock stands
 * where it stood, and the prompts are answered as they are told. What a script then sends can be held
 * against what the recorded client sent.
 */
import type { Context } from "../base/context.ts";
import { endsCookie } from "../http/cookie_jar.ts";
import { parseSetCookie } from "../http/cookies.ts";
import type { HttpResponse, Trace } from "../http/exchange.ts";
import type { ScriptRun } from "../judge/run.ts";
import { FreshValues } from "./fresh_values.ts";
import { type Desk, playScript } from "./play_script.ts";
import { PromptDesk } from "./prompt_desk.ts";
import type { ProofRequest } from "./proof_request.ts";
import { RandomSource } from "./random_source.ts";
import { atRecordedMoment, recordedMomentMs } from "./recorded_moment.ts";
import { ReplayedSite } from "./replayed_site.ts";

/** Neither a whole number of days nor of minutes. */
const LATER_MS = 3 * 86_400_000 + 12_345_678;

export interface Reenacted {
  readonly run: ScriptRun;
  /** The moment at which it was played. Milliseconds since the Unix epoch. */
  readonly momentMs: number;
}

/**
 * @param inputs by `Input.name`
 * @param desk answers the prompts; else the inputs of the flow do
 * @param chance whether the script is handed the recorded random values where it makes its own; `later`: it makes
 * its own, with its clock some days on
 */
export async function reenact(
  ctx: Context,
  request: ProofRequest,
  inputs: ReadonlyMap<string, string>,
  chance: "recorded" | "own" | "later" = "own",
  desk?: Desk,
): Promise<Reenacted> {
  const { flow, source } = request;
  const traces = new Map(request.traces.map((trace) => [trace.id, trace]));
  const startMs = traces.get(flow.steps[0]?.trace ?? "")?.startedAtMs ?? 0;
  const momentMs = recordedMomentMs(flow.generated, startMs);
  const site = new ReplayedSite({
    steps: flow.steps,
    traces: stillTraces(traces, momentMs),
    fresh: asRecorded(ctx, momentMs),
    nowMs: () => momentMs,
    answersAll: request.claimed !== undefined,
  });
  const { run } = await playScript(ctx, {
    ...request,
    source: atRecordedMoment(
      source,
      chance === "later" ? momentMs + LATER_MS : momentMs,
      chance === "recorded" ? flow.generated : [],
    ),
    onDebug: undefined,
    entry: { kind: "acquire" },
    site,
    desk: desk ??
      new PromptDesk({ inputs: flow.inputs, answers: inputs, tooEarly: () => null }),
  });
  return { run, momentMs };
}

/** No value is another one. */
function asRecorded(ctx: Context, momentMs: number): FreshValues {
  const shift = { recordedAtMs: momentMs, nowMs: momentMs };
  return new FreshValues(new RandomSource(ctx.random), [], shift);
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
