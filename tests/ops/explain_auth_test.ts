import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import { explainAnalysis, explainAuth } from "../../lib/ops/explain_auth.ts";
import type { ExplainedFlow, FlowValue } from "../../lib/ops/flow_explanation.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { analyzeAuth } from "../../lib/ops/analyze_auth.ts";
import { importCapture } from "../../lib/ops/import_capture.ts";
import { openHome } from "../../lib/store/home.ts";
import { readAuthScript, writeAuthScript } from "../../lib/token/script_file.ts";
import { fakeContext } from "../support/fake_context.ts";
import { withTempFolder } from "../support/temp_folder.ts";
import { capture, trace } from "../support/traces.ts";

const CSRF = "c5Rf-9a8b7c6d5e4f";
const SESSION = "s3ss10n-4f5e6d7c8b9a";
const ACCESS = "acc-7f6e5d4c3b2a1908";
const REFRESH = "ref-0a1b2c3d4e5f6071";

const TRACES = capture(
  trace("GET https://id.example/login", {
    html: `<form method=post action="/login"><input type=hidden name=csrf value="${CSRF}">
      <input name=username><input name=password type=password></form>`,
    setCookies: [`pre=${SESSION}; Path=/`],
  }),
  trace("POST https://id.example/login", {
    form: { csrf: CSRF, username: "ann.b", password: "hunter2!" },
    cookie: `pre=${SESSION}`,
    answer: { access_token: ACCESS, refresh_token: REFRESH, expires_in: 3600 },
  }),
  trace("GET https://api.example/users/ann.b/notes", {
    headers: [["Authorization", `Bearer ${ACCESS}`]],
    answer: [{ id: 1 }],
  }),
  trace("GET https://api.example/me", {
    headers: [["Authorization", `Bearer ${ACCESS}`]],
    answer: { name: "Ann" },
  }),
  trace("POST https://id.example/refresh", {
    json: { refresh_token: REFRESH },
    answer: { access_token: "acc-2b3c4d5e6f708192", refresh_token: "ref-9f8e7d6c5b4a3021" },
  }),
);

function explain(traces: readonly Trace[]) {
  return explainAnalysis(analyzeLogin(traces), traces);
}

function flowOf(traces: readonly Trace[]): ExplainedFlow {
  const { flow } = explain(traces);
  assert.ok(flow !== null);
  return flow;
}

function valueNamed(flow: ExplainedFlow, name: string): FlowValue {
  const value = flow.values.find((candidate) => candidate.name === name);
  assert.ok(value !== undefined, `no value "${name}" among ${flow.values.map(({ name }) => name)}`);
  return value;
}

Deno.test("explainAnalysis() says of each value where it comes from and where it goes", () => {
  const flow = flowOf(TRACES);
  assert.deepEqual(flow.values.map(({ name, kind }) => [name, kind]), [
    ["username", "typed"],
    ["password", "typed"],
    ["csrf", "taken"],
    ["access_token", "taken"],
    ["expires_in", "taken"],
    ["refresh_token", "taken"],
    ["new_access_token", "taken"],
    ["new_refresh_token", "taken"],
    ["cookie pre", "cookie"],
  ]);
  assert.deepEqual(valueNamed(flow, "csrf"), {
    name: "csrf",
    kind: "taken",
    origin: 't_0001 response form field "csrf"',
    step: "s1",
    uses: [{ step: "s2", place: "body csrf" }],
  });
  assert.deepEqual(valueNamed(flow, "cookie pre"), {
    name: "cookie pre",
    kind: "cookie",
    origin: 't_0001 response cookie "pre"',
    step: "s1",
    uses: [{ step: "s2", place: "cookie pre" }],
  });
  assert.deepEqual(valueNamed(flow, "refresh_token").uses, [
    { step: "result", place: "refresh token" },
    { step: "r1", place: "body refresh_token" },
  ]);
  assert.deepEqual(flow.yields.carries, [{
    place: "header Authorization",
    from: ["Bearer ", { value: "access_token" }],
    kind: "taken",
  }]);
  assert.equal(flow.yields.expiresIn, "the answer says it");
  assert.equal(flow.refresh?.source, "recorded");
  assert.deepEqual(flow.refresh.yields.carries[0]?.from, ["Bearer ", {
    value: "new_access_token",
  }]);
});

Deno.test("explainAnalysis() tells each step: what it asks for, sends and takes", () => {
  const [first, second] = flowOf(TRACES).steps;
  assert.deepEqual(
    { ...first, sends: [] },
    {
      id: "s1",
      trace: "t_0001",
      method: "GET",
      host: "id.example:443",
      path: "/login",
      status: 200,
      submitsCredentials: false,
      asks: ["username", "password"],
      sends: [],
      takes: [
        { value: "csrf", place: 'form field "csrf"' },
        { value: "cookie pre", place: 'cookie "pre"' },
      ],
    },
  );
  assert.deepEqual(second?.asks, []);
  assert.equal(second?.submitsCredentials, true);
  assert.deepEqual(second?.sends.map(({ place, kind }) => [place, kind]), [
    ["cookie pre", "cookie"],
    ["body csrf", "taken"],
    ["body username", "typed"],
    ["body password", "typed"],
  ]);
});

Deno.test("explainAnalysis() asks for a one-time code where it is sent, not at the start", () => {
  const { steps } = flowOf(capture(
    trace("POST https://a.example/login", {
      json: { email: "ann@a.example", password: "hunter2!" },
      answer: { ticket: "tck-5a6b7c8d9e0f1a2b" },
    }),
    trace("POST https://a.example/login/otp", {
      json: { ticket: "tck-5a6b7c8d9e0f1a2b", otp: "493817" },
      answer: { token: ACCESS },
    }),
    trace("GET https://a.example/api/me", {
      headers: [["Authorization", `Bearer ${ACCESS}`]],
      answer: {},
    }),
  ));
  assert.deepEqual(steps.map(({ asks }) => asks), [["email", "password"], ["one_time_code"]]);
});

Deno.test("explainAnalysis() shows computations with the names of what goes in", () => {
  const basic = btoa("ann.b:hunter2!");
  const flow = flowOf(capture(
    trace("GET https://a.example/api/me", {
      headers: [["Authorization", `Basic ${basic}`]],
      answer: { name: "Ann" },
    }),
  ));
  assert.deepEqual(flow.steps, []);
  assert.deepEqual(flow.yields.carries, [{
    place: "header Authorization",
    from: ["Basic base64(", { value: "username" }, ":", { value: "password" }, ")"],
    kind: "computed",
  }]);
});

Deno.test("explainAnalysis() marks what a draft leaves unexplained", () => {
  const { result, reasons, flow } = explain(capture(
    trace("POST https://a.example/login", {
      json: { username: "ann.b", password: "9f86d081884c7d65".repeat(4) },
      answer: { token: ACCESS },
    }),
    trace("GET https://a.example/api/me", {
      headers: [["Authorization", `Bearer ${ACCESS}`]],
      answer: {},
    }),
  ));
  assert.equal(result, "draft");
  assert.match(reasons.join(), /t_0001 body password/);
  const open = flow?.steps[0]?.sends.filter(({ kind }) => kind === "unexplained");
  assert.deepEqual(open?.map(({ place }) => place), ["body password"]);
});

Deno.test("explainAnalysis() has the reasons alone where there is no login", () => {
  const { result, reasons, flow } = explain(capture(
    trace("POST https://a.example/login", {
      json: { username: "ann", password: "hunter2!", "g-recaptcha-response": "03AGdBq25x" },
      answer: { token: ACCESS },
    }),
    trace("GET https://a.example/api/me", {
      headers: [["Authorization", `Bearer ${ACCESS}`]],
      answer: {},
    }),
  ));
  assert.equal(result, "refused");
  assert.match(reasons.join(), /CAPTCHA/);
  assert.equal(flow, null);
});

Deno.test("explainAnalysis() shows no recorded value, also where one is part of a name", () => {
  const hidden = capture(
    trace("POST https://a.example/login", {
      json: { username: "ann.b", password: "hunter2!" },
      answer: { users: { "ann.b": { token: ACCESS } } },
      setCookies: ["sid_ann.b=k3Xw9QzL7mNp; Path=/"],
    }),
    trace("GET https://a.example/u/ann.b/token", {
      cookie: "sid_ann.b=k3Xw9QzL7mNp",
      headers: [["X-Auth-Token", ACCESS]],
      answer: { api: "key-1122334455667788" },
    }),
    trace("GET https://a.example/api/9f8e7d6c5b4a39281706", {
      headers: [["X-Auth-Token", ACCESS], ["X-Key", "key-1122334455667788"]],
      cookie: "sid_ann.b=k3Xw9QzL7mNp",
      answer: {},
    }),
  );
  for (const traces of [hidden, TRACES]) {
    const text = JSON.stringify(explain(traces));
    const secrets = ["ann.b", "hunter2!", ACCESS, "k3Xw9QzL7mNp", CSRF, SESSION, REFRESH];
    for (const secret of [...secrets, "key-1122334455667788"]) {
      assert.ok(!text.includes(secret), `"${secret}" is shown: ${text}`);
    }
  }
});

Deno.test("explainAuth() tells whether the script is the one that was proven", async () => {
  await withTempFolder(async (folder) => {
    const ctx = fakeContext({ home: folder });
    const file = new URL("../../fixtures/recordings/json_bearer.har", import.meta.url).pathname;
    await importCapture(ctx, { app: "shop", files: [file] });
    assert.equal((await explainAuth(ctx, { app: "shop" })).script, null);
    assert.equal((await analyzeAuth(ctx, { app: "shop" })).result, "script");
    const proven = await explainAuth(ctx, { app: "shop" });
    assert.equal(proven.script?.state, "proven");
    assert.equal(proven.script.source, "correlation");
    assert.deepEqual(
      proven.script.proof?.steps.map(({ step }) => step),
      [...proven.flow!.steps, ...proven.flow!.refresh!.steps].map(({ id }) => id),
    );
    const home = openHome(ctx);
    const script = await readAuthScript(home, "shop");
    await writeAuthScript(home, "shop", `${script!.source}\n// edited\n`);
    assert.equal((await explainAuth(ctx, { app: "shop" })).script?.state, "stale");
  });
});

Deno.test("explainAuth() names an app that does not exist", async () => {
  await withTempFolder(async (folder) => {
    await assert.rejects(explainAuth(fakeContext({ home: folder }), { app: "nobody" }), {
      code: "NOT_FOUND",
    });
  });
});
