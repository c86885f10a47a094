import assert from "node:assert/strict";
import { copiedValues } from "../../lib/judge/copied_values.ts";
import { Evidence } from "../../lib/judge/evidence.ts";
import type { ScriptRun } from "../../lib/judge/run.ts";
import { recordedLiterals } from "../../lib/judge/copied_literals.ts";
import { writtenValues } from "../../lib/script/written_values.ts";
import { capture, trace } from "../support/traces.ts";

const APP = "https://app.example";
const TOKEN = "Zq81mmT0pLx4Rr7";
const FRESH = "Ab23ccD4eeF5gg6";

const evidence = new Evidence(capture(
  trace(`POST ${APP}/enter`, { json: { who: "ann" }, answer: { data: { key: TOKEN } } }),
  trace(`GET ${APP}/data`, { headers: [["X-Key", TOKEN]], answer: {} }),
));

/** A script that is handed `FRESH` and then sends one header. */
function runSending(value: string): ScriptRun {
  const [entered] = capture(trace(`POST ${APP}/enter`, { answer: { data: { key: FRESH } } }));
  const [data] = capture(trace(`GET ${APP}/data`, { headers: [["X-Key", value]] }));
  return {
    sent: [
      { request: entered!.request, trace: "t_0001", answer: entered!.response! },
      { request: data!.request, trace: "t_0002", answer: data!.response! },
    ],
    result: null,
    answers: new Map(),
  };
}

const hidden: Record<string, string> = {
  "as it is": TOKEN,
  "behind a scheme": `Token ${TOKEN}`,
  "in base64 behind a scheme": `Basic ${btoa(`x:${TOKEN}`)}`,
  "in JSON in base64": btoa(JSON.stringify({ k: [TOKEN] })),
  "in a JWT": `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify({ k: TOKEN }))}.`.replaceAll(
    "=",
    "",
  ),
  "between other text": `v1.${TOKEN}x99`,
};

for (const [how, value] of Object.entries(hidden)) {
  Deno.test(`copiedValues() finds a recorded value ${how}`, () => {
    assert.deepEqual(copiedValues(runSending(value), evidence), [{
      trace: "t_0002",
      where: 'header "X-Key"',
      problem: 'holds a recorded value, to be taken from the answer of t_0001, JSON "data.key"',
    }]);
  });
}

Deno.test("copiedValues() says nothing of a value that this run was handed", () => {
  assert.deepEqual(copiedValues(runSending(FRESH), evidence), []);
  assert.deepEqual(
    copiedValues({ ...runSending(TOKEN), answers: new Map([["key", TOKEN]]) }, evidence),
    [],
  );
});

Deno.test("copiedValues() looks at the result, cookie by cookie", () => {
  const run = {
    sent: [],
    answers: new Map(),
    result: { headers: { Cookie: `a=1; b=${TOKEN}` }, parameters: [], computed: [] },
  };
  assert.equal(copiedValues(run, evidence)[0]?.where, 'result cookie "b"');
});

Deno.test("recordedLiterals() finds a recorded value in a literal, escaped too, not in a comment", () => {
  const escaped = TOKEN.replace("Z", "\\u005a");
  const source = `// ${TOKEN}\nconst a = 1;\nconst b = '${escaped}';\nconst c = \`x-\${a}\`;`;
  assert.deepEqual(
    recordedLiterals({ written: writtenValues(source, "a.ts"), evidence }).map(({ where }) =>
      where
    ),
    [
      "script line 3",
    ],
  );
});

Deno.test("copiedValues() leaves a constant alone that holds a number some answer holds too", () => {
  const number = "515190234471";
  const recorded = capture(
    trace(`POST ${APP}/renew`, {
      headers: [["X-App-Id", `1:${number}:web`]],
      answer: { id: number },
    }),
  );
  const run = {
    sent: [{
      request: recorded[0]!.request,
      trace: "t_0001",
      answer: { status: 200, headers: [], body: null },
    }],
    result: null,
    answers: new Map(),
  };
  assert.deepEqual(copiedValues(run, new Evidence(recorded)), []);
});
