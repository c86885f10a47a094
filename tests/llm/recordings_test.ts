/** Every recorded fixture: nothing secret is shown of it, and the draft shown of its script is whole. */
import assert from "node:assert/strict";
import { answerFacts } from "../../lib/correlate/answer_facts.ts";
import { recordedLogin } from "../../lib/llm/recorded_login.ts";
import { checkCandidate } from "../../lib/llm/candidate.ts";
import { generateScript } from "../../lib/script/generate.ts";
import { prepareScript } from "../../lib/script/prepare.ts";
import { EncodedText } from "../../lib/codec/encoded_text.ts";
import { isHarmless } from "../../lib/llm/vocabulary.ts";
import { type Recorded, recordedFlows } from "../../scripts/bench/recorded_flows.ts";

const recordings = recordedFlows();

function loginOf({ flow, traces }: Recorded, script: string | null = null) {
  return recordedLogin("fixture", [...traces.values()], flow, { typed: [], script });
}

/** What was typed and what the server handed out; a path or a protocol's word is neither. */
function secretsOf({ flow }: Recorded): string[] {
  const steps = [...flow.steps, ...flow.refresh?.steps ?? []];
  const values = [
    ...flow.inputs.map(({ recorded }) => recorded),
    ...steps.flatMap((step) => [
      ...step.extractions.map(({ recorded }) => recorded),
      ...step.cookies.map(({ recorded }) => recorded),
    ]),
  ];
  return [...new Set(values)].filter((value) =>
    value.length >= 6 && !/^(https?:\/)?\//.test(value) && !isHarmless(value) &&
    !/^\d+$/.test(value)
  );
}

Deno.test("recordedLogin() shows no credential and nothing a server handed out, in any recording", () => {
  let checked = 0;
  for (const recorded of recordings) {
    const { view, draft } = loginOf(recorded);
    const shown = [
      draft,
      view.summary(),
      ...[...recorded.traces.keys()].map((id) => JSON.stringify(view.trace(id))),
    ].join("\n");
    for (const secret of secretsOf(recorded)) {
      assert.ok(!new EncodedText(secret).isIn(shown), `${recorded.name} shows ${secret}`);
      checked++;
    }
  }
  assert.ok(checked > 150, String(checked));
});

for (const from of ["the flow", "the script itself"]) {
  Deno.test(`the draft from ${from}, filled in, is the script again, in any recording`, () => {
    assert.ok(recordings.length > 40);
    for (const recorded of recordings) {
      const { name, flow, traces } = recorded;
      const source = generateScript(flow, {
        app: "fixture",
        answers: answerFacts([...traces.values()], flow),
      });
      const { view, draft } = loginOf(recorded, from === "the flow" ? null : source);
      const { placeholders } = view.redaction;
      const checked = checkCandidate(draft, { draft, placeholders, hosts: flow.hosts });
      assert.ok(checked.kind === "ready", `${name}: ${JSON.stringify(checked)}`);
      assert.equal(bodyOf(checked.source), bodyOf(source), name);
      if (from === "the script itself") {
        assert.equal(unescaped(checked.source), unescaped(source), name);
      }
    }
  });
}

/** Comments, types and layout too. */
function unescaped(source: string): string {
  return source.replace(/\\u([0-9a-f]{4})/g, (_, code) => String.fromCharCode(parseInt(code, 16)))
    .replace(/\\(["'`$\\])/g, "$1");
}

/** The code that runs; not its white space, escapes, and names for long texts. */
function bodyOf(source: string): string {
  const code = prepareScript(source, "script.ts").javascript
    .replace(/\\u([0-9a-f]{4})/g, (_, code) => String.fromCharCode(parseInt(code, 16)))
    .replace(/\\(["'`$\\])/g, "$1").replace(/\s+/g, "");
  const named = [...code.matchAll(/const([A-Z_\d]+)=("[^;]*?(?:;[^;]*?)*?");/g)];
  return named.reduce(
    (text, [whole, name, value = ""]) =>
      text.replace(whole, "").replaceAll(new RegExp(`:${name}(?=[,}])`, "g"), () => `:${value}`),
    code,
  );
}
