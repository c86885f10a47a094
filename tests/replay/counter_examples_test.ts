/** `fixtures/counter_examples/`: the right script of each recording passes, every other one is refused. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { proveScript } from "../../lib/replay/prove.ts";
import { DEFAULT_GUEST_LIMITS } from "../../lib/sandbox/limits.ts";
import { fakeContext } from "../support/fake_context.ts";
import { type Recorded, recordedFlow } from "../../scripts/bench/recorded_flows.ts";

const FOLDER = fileURLToPath(new URL("../../fixtures/counter_examples/", import.meta.url));

function scriptsOf(recording: string): string[] {
  return [...Deno.readDirSync(FOLDER + recording)].map(({ name }) => name).sort();
}

/** `{{name}}` stands for a value of the recording: the recordings are made anew from time to time. */
function withRecordedValues(source: string, { flow }: Recorded): string {
  const values = new Map([
    ...flow.inputs.map(({ name, recorded }) => [name, recorded] as const),
    ...flow.generated.map(({ id, recorded }) => [id, recorded] as const),
    ...flow.steps.flatMap((step) => step.extractions)
      .map(({ id, recorded }) => [id, recorded] as const),
  ]);
  return source.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values.get(name);
    assert.ok(value !== undefined, `the flow has no "${name}"`);
    return value;
  });
}

function prove(subject: Recorded, source: string) {
  return proveScript(fakeContext({ nowMs: Date.now() }), {
    source,
    fileName: "auth_acquire.ts",
    flow: subject.flow,
    traces: [...subject.traces.values()],
    limits: DEFAULT_GUEST_LIMITS,
  });
}

const recordings = [...Deno.readDirSync(FOLDER)].filter(({ isDirectory }) => isDirectory)
  .map(({ name }) => name).sort();

Deno.test("there are counter-examples enough", () => {
  const wrong = recordings.flatMap(scriptsOf).filter((name) => name !== "right.ts");
  assert.ok(wrong.length >= 20, `only ${wrong.length}`);
});

for (const recording of recordings) {
  const subject = recordedFlow(`${recording}.har`)!;
  for (const name of scriptsOf(recording)) {
    const template = Deno.readTextFileSync(`${FOLDER}${recording}/${name}`);
    const wanted = /^\/\/ Found: (.+)$/m.exec(template)?.[1];
    Deno.test(`${recording}/${name} is ${wanted === undefined ? "proven" : "refused"}`, async () => {
      const proof = await prove(subject, withRecordedValues(template, subject));
      const lines = proof.mismatches.map(({ where, problem }) => `${where}: ${problem}`);
      if (wanted === undefined) assert.deepEqual(lines, []);
      else assert.ok(lines.some((line) => line.startsWith(wanted)), lines.join("\n"));
      assert.equal(proof.passed, wanted === undefined);
    });
  }
}
