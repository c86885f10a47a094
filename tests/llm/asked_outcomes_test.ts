/** For every outcome of the analysis: whether a model is asked, or why not, and that what is shown is what is sent. */
import assert from "node:assert/strict";
import { applyTransform } from "../../lib/codec/transforms.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { analyzeAuth } from "../../lib/ops/analyze_auth.ts";
import { analyzeWithModel, promptsFor } from "../../lib/ops/analyze_with_model.ts";
import { fakeContext } from "../support/fake_context.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";
import { type FakeAnswer, withFakeModel } from "./fake_model.ts";
import { APP, withRecording } from "./recording_home.ts";

const SITE = "https://weir.example";
const TOKEN = "JT-hUGf-pLQuGMv6NFd-k9rG";
const [USER, PASSWORD] = ["okafor.i", "Tr0ub4dor&3"];
const post = (path: string, parts: TraceParts) => trace(`POST ${SITE}${path}`, parts);
const me = (token = TOKEN, parts: TraceParts = {}) =>
  trace(`GET ${SITE}/api/me`, {
    headers: [["Authorization", `Bearer ${token}`]],
    answer: { berth: 7 },
    ...parts,
  });
const login = (fields: Readonly<Record<string, string>>) =>
  post("/login", { json: { username: USER, ...fields }, answer: { token: TOKEN } });
const NUMBERS = "7c1e93ab0f52d8e64b19ac703f85d2e14c6b7a905d3e8f21ab4c6d7e8f901234";
const [STAMP, SALT] = ["20261129T0940", "wharf-side"];
const SEAL = applyTransform("hmac-sha256-hex", [PASSWORD, `${USER}|${STAMP}`]) as string;
const asked = (seal: string) =>
  trace(`GET ${SITE}/e?b=${USER}&t=${STAMP}&x=${seal}`, { answer: { g: TOKEN, s: SALT } });

type Outcome = readonly [
  what: string,
  traces: readonly Trace[],
  result: string,
  why: RegExp | null,
];

const OUTCOMES: readonly Outcome[] = [
  ["nothing is open", [login({ password: PASSWORD }), me()], "script", /script is proven, and/],
  [
    "a constant is taken on trust",
    [login({ password: PASSWORD, app: "weir-k7Rz31" }), me()],
    "script",
    null,
  ],
  ["a value is computed", [login({ password: PASSWORD, seal: NUMBERS }), me()], "draft", null],
  [
    "SRP",
    [
      post("/login", {
        json: { username: USER, srp_A: NUMBERS, srp_M1: NUMBERS.slice(2) },
        answer: { token: TOKEN },
      }),
      me(),
    ],
    "refused",
    null,
  ],
  ["what somebody typed is not told", [asked(SEAL), me()], "draft", null],
  [
    "no request has anything of a login",
    [trace(`GET ${SITE}/`, { html: "<h1>Hi</h1>" })],
    "none",
    null,
  ],
  [
    "names that nobody knows",
    [
      post("/call", { json: { op: "enter", who: USER, word: "Kelp" }, answer: { handle: "irfv" } }),
      ...["list", "stat"].map((op) =>
        post("/call", { json: { op, handle: "irfv" }, answer: { rows: [1] } })
      ),
    ],
    "refused",
    null,
  ],
  [
    "a CAPTCHA",
    [login({ password: PASSWORD, "g-recaptcha-response": NUMBERS }), me()],
    "refused",
    /CAPTCHA/,
  ],
  [
    "a passkey",
    [
      post("/login", {
        json: { clientDataJSON: NUMBERS, authenticatorData: NUMBERS },
        answer: { token: TOKEN },
      }),
      me(),
    ],
    "refused",
    /passkey/,
  ],
  [
    "logins that were refused",
    [post("/login", {
      json: { username: USER, password: PASSWORD },
      status: 401,
      answer: { error: "invalid_credentials" },
    })],
    "refused",
    /refused by the server/,
  ],
  [
    "a session from before",
    [1, 2].map(() => trace(`GET ${SITE}/api/me`, { cookie: `sid=${TOKEN}`, answer: { berth: 7 } })),
    "refused",
    /starts logged in/,
  ],
  ["a recording that ends", [login({ password: PASSWORD })], "refused", /ends with the login/],
];

async function tried(
  traces: readonly Trace[],
  answers: readonly FakeAnswer[],
  hints: readonly (readonly [string, string])[] = [],
) {
  return await withRecording(
    capture(...traces),
    SITE,
    (folder) =>
      withFakeModel(answers, async (model) => {
        const env = new Map([["HOME", folder], ["OPENAI_BASE_URL", model.baseURL]]);
        const ctx = {
          ...fakeContext({ home: folder }),
          env: { get: (name: string) => env.get(name) },
        };
        const prompts = await promptsFor(ctx, { app: APP, hints });
        const before = await analyzeAuth(ctx, { app: APP, hints });
        const after = await analyzeWithModel(ctx, { app: APP, hints, mode: "always" }, before);
        return { prompts, before, after, requests: model.requests };
      }),
  );
}

for (const [what, traces, result, why] of OUTCOMES) {
  Deno.test(`--llm ${why === null ? "asks" : "says why it does not ask"}: ${what}`, async () => {
    const { prompts, before, after, requests } = await tried(traces, [{ text: "NO_AUTH" }]);
    assert.equal(before.result, result, before.reasons.join("\n"));
    if (why === null) {
      assert.deepEqual(requests[0]?.body.messages, prompts.messages);
      assert.equal(prompts.why, undefined);
      assert.equal(prompts.onDemand === true, result === "script" || result === "none");
    } else {
      assert.deepEqual([requests.length, prompts.messages], [0, []]);
      assert.match(prompts.why!, why);
      assert.ok(after.reasons.includes(`model: not asked, because ${prompts.why}`));
    }
  });
}

Deno.test("a model makes out a login that the analysis does not, and what it found is proven", async () => {
  const place = (name: string) => `t_0001.request.query.${name}`;
  const { before, after, requests } = await tried([asked(SEAL), me(), me()], [
    {
      calls: [
        ["declare_typed", { place: place("b"), label: "Berth", secret: false }],
        ["explain", { value: place("t"), expression: 'now("iso")' }],
        ["explain", {
          value: place("x"),
          expression: `hmac-sha256-hex(typed("Password"), ${place("b")} + "|" + ${place("t")})`,
        }],
      ],
    },
    { calls: [["declare_constant", { place: place("t") }]] },
    { text: "I stop" },
    { text: "I stop" },
    { text: "I stop" },
  ], [["Berth", USER], ["Password", PASSWORD]]);
  const told = JSON.stringify(requests.at(-1)!.body.messages.slice(2));
  assert.notEqual(before.result, "script");
  assert.equal(after.result, "script", `${after.reasons.join("\n")}\n${told}`);
  for (const secret of [USER, PASSWORD, SEAL, TOKEN]) {
    assert.ok(requests.every(({ text }) => !text.includes(secret)), secret);
  }
});

Deno.test("where no login is made out a wrong expression is told apart, and what was typed is not", async () => {
  const place = (name: string) => `t_0001.request.query.${name}`;
  const { before, requests } = await tried([asked(SEAL)], [
    {
      calls: [
        ["explain", {
          value: place("x"),
          expression: `hmac-sha256-hex(typed("Password"), ${place("b")} + "/" + ${place("t")})`,
        }],
        ["explain", { value: place("b"), expression: '"okafor"' }],
      ],
    },
    ...[1, 2, 3].map(() => ({ text: "I stop" })),
  ], [["Berth", USER], ["Password", PASSWORD]]);
  assert.equal(before.result, "none", before.reasons.join("\n"));
  const told = requests.at(-1)!.body.messages.filter(({ role }) => role === "tool")
    .map(({ content }) => content);
  assert.match(told[0]!, /^wrong: it yields 64 hex, recorded are 64 hex; the first difference is/);
  assert.deepEqual(told.slice(1), ["wrong: it differs"]);
});

Deno.test("more calls than a round answers are told to be made again", async () => {
  const calls = Array.from({ length: 9 }, () => ["inspect_trace", { id: "t_0001" }] as const);
  const { requests } = await tried([trace(`GET ${SITE}/`, { html: "<h1>Hi</h1>" })], [
    { calls },
    { text: "NO_AUTH" },
  ]);
  const told = requests.at(-1)!.body.messages.at(-1)!.content;
  assert.match(told, /^error: not answered: 8 calls of a round are answered; call again$/);
});
