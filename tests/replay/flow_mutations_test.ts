/** The server's side of the proof, on every recording there is, without scripts and without network. */
import assert from "node:assert/strict";
import type { LoginFlow } from "../../lib/correlate/flow.ts";
import { RandomSource } from "../../lib/replay/random_source.ts";
import { Evidence } from "../../lib/judge/evidence.ts";
import { freshValuesFor, inventInputs } from "../../lib/replay/fresh_flow.ts";
import { judgeResult } from "../../lib/replay/judge_result.ts";
import { recordedEnv } from "../../lib/replay/recorded_flow.ts";
import { Rehearsal } from "../../lib/replay/rehearsal.ts";
import { flowMutations } from "./flow_mutations.ts";
import { playFlow } from "./flow_runner.ts";
import { type Recorded, recordedFlows } from "./recorded_flows.ts";

/** The invented values differ from run to run; each must do. */
const RUNS = 3;

/** What the proof finds wrong with `played` on the recording of another flow. */
function findings({ flow, traces }: Recorded, played: LoginFlow): string[] {
  const random = new RandomSource({
    bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  });
  const inputs = inventInputs(flow, random);
  const nowMs = Date.now();
  const fresh = freshValuesFor(flow, flow, {
    traces,
    inputs,
    random,
    nowMs,
    refreshToken: null,
    evidence: new Evidence([...traces.values()]),
  });
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
    const result = playFlow(played, inputs, (request) => rehearsal.respond(request).answer);
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

const subjects = recordedFlows();

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
