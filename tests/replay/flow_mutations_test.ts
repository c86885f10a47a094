/** The whole of a proof but the sandbox, on every recording there is: right flows, and wrong in one place. */
import assert from "node:assert/strict";
import { flowMutations } from "../../scripts/bench/flow_mutations.ts";
import { playedProof } from "../../scripts/bench/played_proof.ts";
import { recordedFlows } from "../../scripts/bench/recorded_flows.ts";

const subjects = recordedFlows().map(({ name, flow, traces }) => ({
  name,
  flow,
  traces: [...traces.values()],
}));

Deno.test("the judge accepts every flow of the recordings, whatever values are invented", () => {
  assert.ok(subjects.length >= 40);
  for (const { name, flow, traces } of subjects) {
    for (let run = 0; run < 2; run++) {
      assert.deepEqual(playedProof(flow, traces).objections, [], name);
    }
  }
});

Deno.test("the judge refuses every flow that is wrong in one place, or names the place", () => {
  let count = 0;
  const passed: string[] = [];
  for (const { name, flow, traces } of subjects) {
    const known = new Set(playedProof(flow, traces).open);
    for (const mutation of flowMutations(flow)) {
      count++;
      const verdict = playedProof(flow, traces, mutation.flow);
      const isNamed = verdict.open.some((place) => !known.has(place));
      if (verdict.passed && !isNamed) passed.push(`${name} ${mutation.name}`);
    }
  }
  assert.ok(count >= 1000, `only ${count} mutations`);
  assert.deepEqual(passed, []);
});
