/** Which values of the API's requests are credentials. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { flowLines, flowOf, linesOf } from "../support/flow_text.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const TOKEN = "acc-7f6e5d4c3b2a1908";
const OTHER = "oth-1a29b8c756afbecd";
const API = "https://a.example/api";

function login(parts: TraceParts = {}): Trace {
  return trace("POST https://a.example/login", {
    form: { username: "ann.b", password: "hunter2!" },
    answer: { token: TOKEN, other: OTHER, user: { id: "u-77aa88bb99cc" } },
    ...parts,
  });
}

function resultOf(...traces: readonly Trace[]): string[] {
  return linesOf(flowOf(analyzeLogin(capture(...traces))), "result");
}

const get = (path: string, parts: TraceParts = {}) =>
  trace(`GET ${API}${path}`, { answer: {}, ...parts });
const post = (path: string, parts: TraceParts) =>
  trace(`POST ${API}${path}`, { answer: {}, ...parts });

const RESULTS: readonly (readonly [string, readonly Trace[], readonly string[]])[] = [
  ["a bearer header", [
    login(),
    get("/me", { headers: [["Authorization", `Bearer ${TOKEN}`]] }),
  ], ['result header Authorization = "Bearer " + {token}']],
  ["a custom header", [
    login(),
    get("/me", { headers: [["X-Auth-Token", TOKEN]] }),
  ], ["result header X-Auth-Token = {token}"]],
  ["a quoted parameter of a header", [
    login(),
    get("/me", { headers: [["Authorization", `Token token="${TOKEN}", v="2"`]] }),
  ], ['result header Authorization = "Token token=\\"" + {token} + "\\", v=\\"2\\""']],
  ["a query parameter", [
    login(),
    get(`/notes?token=${TOKEN}`),
    get(`/me?token=${TOKEN}&page=2`),
  ], ["result query token = {token}"]],
  ["a JSON field", [
    login(),
    post("/notes", { json: { auth: { token: TOKEN }, page: 1 } }),
    post("/me", { json: { auth: { token: TOKEN } } }),
  ], ["result body auth.token = {token}"]],
  ["a form field", [
    login(),
    post("/notes", { form: { session_token: TOKEN, page: "1" } }),
    post("/me", { form: { session_token: TOKEN } }),
  ], ["result body session_token = {token}"]],
  ["session cookies", [
    login({ setCookies: ["sid=5x6c7b8a9d0e; Path=/; Max-Age=600"] }),
    get("/me", { cookie: "sid=5x6c7b8a9d0e; _ga=GA1.2.3" }),
  ], ["result cookie sid", "result expires 600"]],
  ["the session that a ticket in a redirect is exchanged for", [
    login({ location: "https://sso.example/finish?ticket=ST-1-9f8e7d6c5b4a" }),
    trace("GET https://sso.example/finish?ticket=ST-1-9f8e7d6c5b4a", {
      location: "https://app.example/",
      setCookies: ["sid=5x6c7b8a9d0e; Domain=example; Path=/"],
    }),
    trace("GET https://app.example/me", { cookie: "sid=5x6c7b8a9d0e", answer: {} }),
  ], ["result cookie sid"]],
  ["two credentials side by side", [
    login(),
    get("/me", { headers: [["Authorization", `Bearer ${TOKEN}`], ["X-Second-Token", OTHER]] }),
    get("/notes", { headers: [["Authorization", `Bearer ${TOKEN}`], ["X-Second-Token", OTHER]] }),
  ], [
    'result header Authorization = "Bearer " + {token}',
    "result header X-Second-Token = {other}",
  ]],
  ["a device's id that every request carries", [
    login({ headers: [["X-Device-Id", "5d8c1f0e7a6b4392"]] }),
    get("/me", {
      headers: [["Authorization", `Bearer ${TOKEN}`], ["X-Device-Id", "5d8c1f0e7a6b4392"]],
    }),
  ], [
    'result header Authorization = "Bearer " + {token}',
    "result header X-Device-Id = ~x_device_id",
  ]],
];

for (const [about, traces, expected] of RESULTS) {
  Deno.test(`a login yields ${about}`, () => assert.deepEqual(resultOf(...traces), expected));
}

Deno.test("an id that requests name now and then is not a credential", () => {
  const bearer: TraceParts = { headers: [["Authorization", `Bearer ${TOKEN}`]] };
  assert.deepEqual(
    resultOf(
      login(),
      get("/users?owner=u-77aa88bb99cc", bearer),
      get("/notes", bearer),
      get("/tags", bearer),
      get("/me", bearer),
    ),
    ['result header Authorization = "Bearer " + {token}'],
  );
});

Deno.test("the first value the login handed out is the one to reproduce, not a renewed one", () => {
  const renewed = "acc-0918273645fedcba";
  assert.deepEqual(
    resultOf(
      login(),
      get("/me", { headers: [["Authorization", `Bearer ${TOKEN}`]] }),
      post("/token/renew", {
        headers: [["Authorization", `Bearer ${TOKEN}`]],
        json: {},
        answer: { token: renewed },
      }),
      get("/me", { headers: [["Authorization", `Bearer ${renewed}`]] }),
    ),
    [
      'result header Authorization = "Bearer " + {token}',
      // The token renews itself.
      "result refresh token = {token}",
    ],
  );
});

Deno.test("what the user did in the app is never a step, whatever its answer handed out", () => {
  const created = "kE7y-11a2Zz33q44Wx55";
  const bearer: TraceParts["headers"] = [["Authorization", `Bearer ${TOKEN}`]];
  const lines = flowLines(flowOf(analyzeLogin(capture(
    login(),
    post("/orders", { headers: bearer, json: { item: 7 }, answer: { order: created } }),
    get("/me", { headers: [...bearer, ["X-Order", created]] }),
    get("/notes", { headers: [...bearer, ["X-Order", created]] }),
  ))));
  assert.ok(!lines.some((line) => line.includes("/orders")), lines.join("\n"));
  assert.deepEqual(lines.filter((line) => line.startsWith("result")), [
    'result header Authorization = "Bearer " + {token}',
  ]);
});

Deno.test("what the user did in the app is never a step for a cookie that a later page was sent", () => {
  const csrf = "c5Rf9a8b7c6d5e4f3a2b";
  const page = `<form><input type=hidden name=csrf value="${csrf}"></form>`;
  const flow = flowOf(analyzeLogin(capture(
    login({ setCookies: ["sid=5x6c7b8a9d0e"] }),
    post("/settings", {
      form: { theme: "dark" },
      cookie: "sid=5x6c7b8a9d0e",
      setCookies: ["position=1@17953458"],
    }),
    trace("GET https://a.example/form", {
      cookie: "sid=5x6c7b8a9d0e; position=1@17953458",
      html: page,
    }),
    post("/notes", {
      form: { csrf, text: "a" },
      cookie: "sid=5x6c7b8a9d0e; position=1@17953458",
    }),
    post("/me", { form: { csrf }, cookie: "sid=5x6c7b8a9d0e; position=1@17953458" }),
  )));
  assert.deepEqual(flowLines(flow).filter((line) => /^s\d+ [A-Z]/.test(line)), [
    "s1 POST https://a.example/login (credentials)",
    "s2 GET https://a.example/form",
  ]);
});

Deno.test("a credential of a later safe request is earned by repeating that request", () => {
  const key = "kE7y-11a2Zz33q44Wx55";
  const flow = flowOf(analyzeLogin(capture(
    login({ answer: {}, setCookies: ["sid=5x6c7b8a9d0e; Path=/"] }),
    get("/session", { cookie: "sid=5x6c7b8a9d0e", answer: { apiKey: key } }),
    get("/me", { headers: [["X-Api-Key", key]] }),
    get("/notes", { headers: [["X-Api-Key", key]] }),
  )));
  assert.deepEqual(linesOf(flow, "s2", "result"), [
    "s2 GET https://a.example/api/session",
    "s2 cookie sid = jar",
    "s2 gives api_key <- json apiKey",
    "result header X-Api-Key = {api_key}",
    "result cookie sid",
  ]);
});

const POSTED: readonly (readonly [about: string, Readonly<Record<string, string>>, boolean])[] = [
  ["OAuth's form_post", { code: "c0de-1a2b3c4d5e6f", state: "s7A8b9C0d1E2f3G4" }, true],
  ["a SAML response", { SAMLResponse: "PHNhbWxwOlJlc3BvbnNl1a2b3c4d5e6f" }, true],
  ["WS-Federation", { wa: "wsignin1.0", wresult: "r3sult-1a2b3c4d5e6f" }, true],
  ["a form of the app", { code: "c0de-1a2b3c4d5e6f", coupon: "s7A8b9C0d1E2f3G4" }, false],
];

for (const [about, form, isStep] of POSTED) {
  Deno.test(`a session that starts when the app is posted ${about}, at any path: ${isStep}`, () => {
    const fields = Object.entries(form).map(([name, value]) =>
      `<input type="hidden" name="${name}" value="${value}">`
    );
    const session = { cookie: "session=s1d-77aa88bb99cc", answer: { name: "Ann" } };
    const analysis = analyzeLogin(capture(
      trace("GET https://id.example/login", { html: "<form><input type=password name=password>" }),
      trace("POST https://id.example/login", {
        form: { username: "ann.b", password: "hunter2!" },
        setCookies: ["idp_session=1dp-5x6c7b8a9d0e; Path=/"],
        location: "/resume",
      }),
      trace("GET https://id.example/resume", {
        cookie: "idp_session=1dp-5x6c7b8a9d0e",
        setCookies: ["idp_session=1dp-9f8e7d6c5b4a; Path=/"],
        html: `<form method="post" action="https://a.example/cb">${fields.join("")}</form>`,
      }),
      trace("POST https://a.example/cb", {
        form,
        setCookies: ["session=s1d-77aa88bb99cc; Path=/"],
        location: "/",
      }),
      get("/me", session),
      get("/notes", session),
    ));
    const lines = analysis.kind === "flow" ? flowLines(analysis.flow) : [];
    assert.equal(lines.some((line) => line.endsWith("POST https://a.example/cb")), isStep);
    assert.equal(lines.includes("result cookie session"), isStep, lines.join("\n"));
  });
}

Deno.test("a cookie that the one request carrying it uses up is not a credential", () => {
  const session = { cookie: "sid=s1d-77aa88bb99cc", answer: { name: "Ann" } };
  assert.deepEqual(
    resultOf(
      trace("GET https://a.example/login", {
        setCookies: ["login_flow=fl0w-5a6b7c8d9e0f; Path=/"],
        html: "<form><input type=password name=password>",
      }),
      login({ cookie: "login_flow=fl0w-5a6b7c8d9e0f", answer: {}, location: "/callback" }),
      get("/callback", {
        cookie: "login_flow=fl0w-5a6b7c8d9e0f",
        setCookies: [
          "login_flow=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
          "sid=s1d-77aa88bb99cc; Path=/",
        ],
        location: "/",
      }),
      get("/me", session),
      get("/notes", session),
    ),
    ["result cookie sid"],
  );
});

Deno.test("the probe is a safe request about the caller that names nobody", () => {
  const bearer: TraceParts = { headers: [["Authorization", `Bearer ${TOKEN}`]] };
  const flow = flowOf(analyzeLogin(capture(
    login(),
    get("/users/ann.b", bearer),
    get("/catalog", bearer),
    get("/me", bearer),
    post("/profile", { ...bearer, json: {} }),
  )));
  assert.equal(flow.probe?.url, `${API}/me`);
  assert.deepEqual(flow.apiOrigins, ["https://a.example"]);
  assert.deepEqual(flow.hosts, ["a.example:443"]);
});

Deno.test("the probe is rather what nobody may see without a login than a numbered thing", () => {
  const bearer: TraceParts = { headers: [["Authorization", `Bearer ${TOKEN}`]] };
  const plain = flowOf(analyzeLogin(capture(
    login(),
    get("/members/2", bearer),
    get("/notes", bearer),
  )));
  assert.equal(plain.probe?.url, `${API}/notes`);
  const contrasted = flowOf(analyzeLogin(capture(
    get("/notes", { status: 401, answer: { error: "log in first" } }),
    login(),
    get("/catalog", bearer),
    get("/me", bearer),
    get("/notes", bearer),
  )));
  assert.equal(contrasted.probe?.url, `${API}/notes`);
});

Deno.test("what the user made in the app is not a step of the login, nor what hangs on it", () => {
  const bearer = ["Authorization", `Bearer ${TOKEN}`] as const;
  const desk = {
    headers: [bearer, ["X-Desk", "d-7712aa90bb"], ["X-Desk-Key", "dk-5521aaBB77cc"]],
  } as const;
  const flow = flowOf(analyzeLogin(capture(
    login({ answer: { token: TOKEN } }),
    post("/desks", { headers: [bearer], json: { size: "s" }, answer: { id: "d-7712aa90bb" } }),
    get("/desks/d-7712aa90bb/status", { headers: [bearer], answer: { key: "dk-5521aaBB77cc" } }),
    get("/files", desk),
    get("/notes", desk),
  )));
  assert.deepEqual(flowLines(flow).filter((line) => /^s\d+ [A-Z]/.test(line)), [
    "s1 POST https://a.example/login (credentials)",
  ]);
});
