import assert from "node:assert/strict";
import { explanationLines } from "../../lib/cli/explain_text.ts";
import type { ExplainAuthOutput, ExplainedScript } from "../../lib/ops/explain_auth.ts";

const NOTHING: ExplainAuthOutput = {
  app: "shop",
  result: "none",
  reasons: [],
  inputs: [],
  hosts: [],
  apiOrigins: [],
  flow: null,
  refresh: "none",
  script: null,
};

const LOGIN: ExplainAuthOutput = {
  ...NOTHING,
  result: "draft",
  reasons: ['t_0002 header "X-Sign" is unexplained'],
  inputs: [{ name: "pin", label: "PIN", secret: true, kind: "password" }],
  hosts: ["shop.example.com:443"],
  apiOrigins: ["https://api.example.com"],
  flow: {
    values: [],
    steps: [{
      id: "s1",
      trace: "t_0002",
      method: "POST",
      host: "shop.example.com:443",
      path: "/login",
      status: 200,
      submitsCredentials: true,
      asks: ["pin"],
      sends: [
        { place: "body pin", from: [{ value: "pin" }], kind: "typed" },
        { place: "header X-Sign", from: ["something"], kind: "unexplained" },
      ],
      takes: [{ value: "token", place: "body token" }],
    }],
    yields: {
      id: "result",
      carries: [{
        place: "header Authorization",
        from: ["Bearer ", { value: "token" }],
        kind: "computed",
      }],
      keeps: [],
      expiresIn: null,
    },
    refresh: null,
  },
};

Deno.test("explanationLines() tells each step with what it asks, sends and takes", () => {
  assert.deepEqual(explanationLines(LOGIN), [
    "Part of the login is unexplained.",
    '- t_0002 header "X-Sign" is unexplained',
    "",
    "s1  t_0002 POST shop.example.com:443/login -> 200",
    "    asks  PIN (not shown)",
    "    sends body pin = {pin}",
    "    sends header X-Sign = something (unexplained)",
    "    takes token <- body token",
    "",
    "Every request to the API then carries",
    "          header Authorization = Bearer {token}",
    "    ends  when the server says so",
    "",
    "There is no refresh: when the token ends, the login is repeated",
    "",
    "asks for  PIN (not shown)",
    "talks to  shop.example.com:443",
    "sends to  https://api.example.com",
    "script    none; keysmith auth analyze shop",
  ]);
});

Deno.test("explanationLines() of a recording without a login is the verdict and its reasons", () => {
  const refused = explanationLines({ ...NOTHING, result: "refused", reasons: ["a CAPTCHA"] });
  assert.deepEqual(refused, ["This login cannot be reproduced by a script.", "- a CAPTCHA"]);
});

const STATES: readonly (readonly [ExplainedScript["state"], ExplainedScript["source"], string])[] =
  [
    ["proven", "correlation", "script    proven"],
    ["unproven", "adopted", "script    unproven, written by hand"],
    ["stale", "correlation", "script    changed since its proof; the next login proves it again"],
  ];

for (const [state, source, wants] of STATES) {
  Deno.test(`explanationLines() says of a script that it is ${state}`, () => {
    const lines = explanationLines({ ...LOGIN, script: { state, source, proof: null } });
    assert.equal(lines.at(-1), wants);
  });
}

Deno.test("explanationLines() says but for what the script is proven", () => {
  const open = {
    trace: "t_0003",
    where: 'header "X-App"',
    as: "constant",
    why: "no answer holds it",
    isSettled: false,
  } as const;
  const proof = {
    passed: true,
    steps: [],
    mismatches: [],
    assumptions: [open, { ...open, where: 'body field "nonce"', isSettled: true }],
    refresh: "none",
    provedAt: "2026-05-01T10:00:00Z",
  } as const;
  const script = { state: "proven", source: "correlation", proof } as const;
  const lines = explanationLines({ ...LOGIN, script });
  assert.deepEqual(lines.slice(-3), [
    "script    proven but for 1 assumption",
    '- t_0003 header "X-App", taken for a constant: no answer holds it',
    "A recording with another account settles most of it, where there is none yet: keysmith learn shop --again, " +
    "or keysmith capture import shop FILE and keysmith auth analyze shop; " +
    "whether the site takes what stays open, keysmith auth login shop shows",
  ]);
});
