/** What a model sees of a login whose page computes what nothing explains. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { Findings } from "../../lib/correlate/finding.ts";
import type { TypedValue } from "../../lib/correlate/typed_value.ts";
import { FindingDesk, openOf } from "../../lib/llm/findings/finding_desk.ts";
import { recordedLogin } from "../../lib/llm/recorded_login.ts";
import { capture, trace } from "../support/traces.ts";

const SITE = "https://weir.example";
const MAC = "6kf4xhjK0feg8SB1bTddsYPWS4PUtLEDHdc5i9tSx/E=";
const NONCE = "vC1EJlGY14_R";
const PASS = "JT-hUGf-pLQuGMv6NFd-k9rG";
const BERTH = "no.4411";
const PASSWORD = "sailor%Moon 8";

const TRACES = capture(
  trace(`GET ${SITE}/harbour`, {
    html: "<form action=/x><input name=berth><input type=password name=key></form>",
  }),
  trace(`GET ${SITE}/static/weir.js`, {
    noise: "static-asset",
    answerHeaders: [["Content-Type", "application/javascript"]],
    text: 'post("/gate/enter", { "X-Weir-Auth": "WEIR1 " + nonce + ":" + mac + ":" + stamp })',
  }),
  trace(`POST ${SITE}/gate/nonce`, { json: { app: "web" }, answer: { nonce: NONCE } }),
  trace(`POST ${SITE}/gate/enter`, {
    headers: [["X-Weir-Auth", `WEIR1 ${NONCE}:${MAC}:20261129T092917Z`]],
    json: { berth: BERTH, device: "browser" },
    answer: { pass: PASS },
  }),
  trace(`GET ${SITE}/people/marlene/me`, {
    headers: [["Authorization", `Pass ${PASS}`]],
    answer: { name: "marlene" },
  }),
);

const HINTS: readonly TypedValue[] = [
  { kind: "other", name: "berth", value: BERTH, place: { kind: "text" } },
  { kind: "password", name: "password", value: PASSWORD, place: { kind: "text" } },
];

function shown() {
  const analyze = (findings?: Findings) =>
    analyzeLogin(TRACES, { hints: HINTS, ...findings === undefined ? {} : { findings } });
  const open = openOf(analyze())!;
  const { view } = recordedLogin("weir", TRACES, open.flow, { typed: HINTS, script: null });
  const desk = new FindingDesk({
    traces: TRACES,
    typed: HINTS,
    analyze,
    known: { values: [], steps: [], functions: [] },
    run: () => Promise.reject(new Error("nothing is called")),
    random: { bytes: (length) => new Uint8Array(length) },
  }, view.redaction);
  return { view, desk };
}

Deno.test("an unexplained value is opened, its parts named as they are elsewhere", () => {
  const { view, desk } = shown();
  const [gap] = desk.gaps.map((one) => desk.describe(one));
  const nonce = /"nonce":"‹(\w+#\d+)/.exec(JSON.stringify(view.trace("t_0003")))![1]!;
  assert.match(gap!, /^t_0004 header X-Weir-Auth = ‹secret#\d+ unexplained: \S/);
  assert.match(
    gap!,
    new RegExp(`: \\S.* ${nonce} 12 base64:secret#\\d+ 44 base64:secret#\\d+ 16 `),
  );
  for (const secret of [NONCE, MAC, BERTH, PASSWORD]) assert.ok(!gap!.includes(secret));
});

Deno.test("what was told under whatever label is typed by the user, and no part of it stands", () => {
  const { view, desk } = shown();
  const sent = JSON.stringify(view.trace("t_0004"));
  assert.match(sent, /"berth":"‹user#1 typed by the user›"/);
  assert.deepEqual(desk.told, ['typed("berth")', 'typed("password")']);
});

Deno.test("the paths that an application's own files spell stand, a person's name in one does not", () => {
  const summary = shown().view.summary();
  assert.match(summary, /GET https:\/\/weir\.example\/static\/weir\.js/);
  assert.match(summary, /POST https:\/\/weir\.example\/gate\/enter/);
  assert.doesNotMatch(summary, /marlene/);
});

Deno.test("a password is one under the name of its box, too, and is compared with what was told", async () => {
  const { desk } = shown();
  const wrong = await desk.explain("t_0004.request.body.device", 'sha256-hex(typed("Key"))');
  assert.match(wrong, /^wrong: /, "it is known, so that it is compared");
  const other = await desk.explain("t_0004.request.body.device", 'sha256-hex(typed("Branch"))');
  assert.match(other, /^not comparable: what is typed as "Branch"|^error/);
  const code = await desk.explain("t_0004.request.body.device", 'sha256-hex(typed("PIN"))');
  assert.match(code, /^not comparable: what is typed as "PIN"|^error/, "a code is not a password");
});
