/** The server's side of the proof, on every recording there is, without scripts and without network. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { readHar } from "../../lib/capture/har.ts";
import { authMarks } from "../../lib/capture/marks.ts";
import { noiseReason } from "../../lib/capture/noise.ts";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { LoginFlow } from "../../lib/correlate/flow.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { Dice } from "../../lib/replay/dice.ts";
import { freshValuesFor, inventInputs } from "../../lib/replay/fresh_flow.ts";
import { judgeResult } from "../../lib/replay/judge_result.ts";
import { recordedEnv } from "../../lib/replay/recorded_flow.ts";
import { Rehearsal } from "../../lib/replay/rehearsal.ts";
import { flowMutations } from "./flow_mutations.ts";
import { playFlow } from "./flow_runner.ts";

const RECORDINGS = fileURLToPath(new URL("../../fixtures/recordings/", import.meta.url));
/** The invented values differ from run to run; each must do. */
const RUNS = 3;

interface Recorded {
  readonly name: string;
  readonly flow: LoginFlow;
  readonly traces: ReadonlyMap<string, Trace>;
}

function recordings(): Recorded[] {
  const names = [...Deno.readDirSync(RECORDINGS)].map(({ name }) => name)
    .filter((name) => name.endsWith(".har")).sort();
  return names.flatMap((name) => {
    const { exchanges } = readHar(Deno.readFileSync(RECORDINGS + name), name);
    const traces = exchanges.map((exchange, index): Trace => ({
      ...exchange,
      id: `t_${String(index + 1).padStart(4, "0")}`,
      captureId: "c1",
      marks: authMarks(exchange),
      noise: noiseReason(exchange),
    }));
    const analysis = analyzeLogin(traces);
    if (analysis.kind !== "flow") return [];
    return [{ name, flow: analysis.flow, traces: new Map(traces.map((t) => [t.id, t])) }];
  });
}

/** What the proof finds wrong with `played` on the recording of another flow. */
function findings({ flow, traces }: Recorded, played: LoginFlow): string[] {
  const dice = new Dice({ bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) });
  const inputs = inventInputs(flow, dice);
  const nowMs = Date.now();
  const fresh = freshValuesFor(flow, flow, { traces, inputs, dice, nowMs, refreshToken: null });
  const rehearsal = new Rehearsal({
    part: flow,
    generated: flow.generated,
    traces,
    fresh,
    inputs,
    refreshToken: null,
    recorded: recordedEnv(flow),
    nowMs: () => nowMs,
  });
  const found: string[] = [];
  try {
    const result = playFlow(played, inputs, (request) => rehearsal.respond(request));
    const memory = { cookies: rehearsal.cookies, fresh };
    const { expectations } = rehearsal;
    found.push(
      ...judgeResult(result, {
        template: flow.result,
        expectations,
        memory,
        wantsRefreshToken: true,
      }).map(({ where, problem }) => `${where}: ${problem}`),
    );
  } catch (thrown) {
    found.push(`failed: ${thrown}`);
  }
  found.push(...rehearsal.mismatches.map(({ where, problem }) => `${where}: ${problem}`));
  const missing = rehearsal.steps().filter(({ status }) => status === "missing");
  return [...found, ...missing.map(({ step }) => `${step} was never made`)];
}

const subjects = recordings();

Deno.test("Rehearsal accepts every flow of the recordings, whatever values are invented", () => {
  assert.ok(subjects.length >= 40);
  for (const subject of subjects) {
    for (let run = 0; run < RUNS; run++) {
      assert.deepEqual(findings(subject, subject.flow), [], subject.name);
    }
  }
});

Deno.test("Rehearsal refuses every flow that is wrong in one place", () => {
  let count = 0;
  const passed: string[] = [];
  for (const subject of subjects) {
    for (const mutation of flowMutations(subject.flow)) {
      count++;
      if (findings(subject, mutation.flow).length === 0) {
        passed.push(`${subject.name} ${mutation.name}`);
      }
    }
  }
  assert.ok(count >= 1000, `only ${count} mutations`);
  assert.deepEqual(passed, []);
});
