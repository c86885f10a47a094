/** Credentials from before the recording, credentials for anybody, and recordings in which nobody logs in. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { flowLines, flowOf } from "../support/flow_text.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const USER = { username: "mia.holt", password: "Sloop-and-9" };
const SITE = "https://boats.example";
const OLD = "q7Rk2Lm9Xc4Vb1Nz8Pt5";
const JWT = `${btoa('{"alg":"HS256"}')}.${
  btoa('{"mail":"mia@boats.example","iat":1767225}')
}.kQ8z-w2E7r5T`
  .replaceAll("=", "");

const post = (path: string, parts: TraceParts = {}) =>
  trace(`POST ${SITE}${path}`, { json: USER, answer: { ok: true }, ...parts });
const get = (path: string, parts: TraceParts = {}) =>
  trace(`GET ${SITE}${path}`, { answer: { boats: [1] }, ...parts });

const raisedOnly = (cookie: string, parts: TraceParts = {}) =>
  capture(
    post("/login", { cookie, ...parts }),
    get("/api/boats", { cookie }),
    get("/api/trips", { cookie }),
  );

const OLDER: readonly (readonly [about: string, readonly Trace[]])[] = [
  ["a session id", raisedOnly(`JSESSIONID=${OLD}`)],
  ["a UUID under a device's name", raisedOnly("device=0b1f6c1e-2a51-4f3e-9d0c-51a1c0ffee77")],
  ["a signed token", raisedOnly(`visit=${JWT}`)],
  [
    "a session id beside a language that the login sets",
    capture(
      post("/login", { cookie: `sid=${OLD}`, setCookies: ["lang=en; Path=/"] }),
      get("/api/boats", { cookie: `sid=${OLD}; lang=en` }),
      get("/api/trips", { cookie: `sid=${OLD}; lang=en` }),
    ),
  ],
];

for (const [about, traces] of OLDER) {
  Deno.test(`${about} from before the recording is not made up, and said to be older`, () => {
    const analysis = analyzeLogin(traces);
    assert.equal(analysis.kind, "refused");
    const [reason = ""] = analysis.kind === "refused" ? analysis.reasons : [];
    assert.match(
      reason,
      /was there before the recording: t_0001 already carries cookie .*private window/,
    );
  });
}

Deno.test("a guest's session that a login raises is earned from the page that gives it", () => {
  const cookie = `sess=${OLD}`;
  const flow = flowOf(analyzeLogin(capture(
    trace(`GET ${SITE}/`, { html: "<html>", setCookies: [`${cookie}; Path=/`] }),
    ...raisedOnly(cookie),
  )));
  assert.deepEqual(flowLines(flow).filter((line) => /^(s\d [A-Z]|result)/.test(line)), [
    `s1 GET ${SITE}/`,
    `s2 POST ${SITE}/login (credentials)`,
    "result cookie sess",
  ]);
});

Deno.test("what a header said before an answer is not taken out of that answer", () => {
  const headers = [["X-Client-Id", "2:88123400771:web:77aa"]] as const;
  const token = "aXb7-22c3d4e5f6g7h8";
  const flow = flowOf(analyzeLogin(capture(
    trace(`POST ${SITE}/token`, {
      headers,
      form: { grant_type: "refresh_token", refresh_token: "old-3f9a7c1e5b2d" },
      answer: { access_token: "y1Z2x3W4v5U6", project: "88123400771" },
    }),
    post("/login", { headers, answer: { token } }),
    get("/api/boats", { headers: [["Authorization", `Bearer ${token}`]] }),
  )));
  assert.deepEqual(flow.steps.map(({ trace: id }) => id), ["t_0002"]);
});

Deno.test("a token of a form whose page was shown before the recording is said to be older", () => {
  const analysis = analyzeLogin(capture(
    trace(`POST ${SITE}/login`, {
      form: { ...USER, csrf_token: "x8Kq2Wm5Zt7Yb4Nc1Rv9Lp3Jh6Gd0Fs8Ae2Ui5Oy7T" },
      setCookies: ["sid=5f6e7d8c9b0a1f2e; Path=/"],
      location: "/home",
    }),
    get("/api/boats", { cookie: "sid=5f6e7d8c9b0a1f2e" }),
  ));
  assert.equal(analysis.kind, "draft");
  const reasons = analysis.kind === "draft" ? analysis.reasons : [];
  assert.match(reasons[0]!, /^t_0001 body csrf_token: comes from before the recording/);
  assert.match(reasons.join("\n"), /--answers/);
  assert.doesNotMatch(reasons.join("\n"), /looks like a digest/);
});

const cookie = "sessionid=7d3c2b1a0f9e8d7c6b5a";
const NOBODY: readonly (readonly [about: string, readonly Trace[]])[] = [
  ["a session cookie for everybody", [
    get("/api/config", { setCookies: [`${cookie}; Path=/`] }),
    get("/api/boats", { cookie }),
    post("/api/search", { cookie, json: { q: "sloop" } }),
  ]],
  ["a guest's purchase", [
    trace(`GET ${SITE}/shop`, { html: "<html><p>Shop", setCookies: [`${cookie}; Path=/`] }),
    trace(`POST ${SITE}/basket`, {
      cookie,
      form: { csrf: "9f".repeat(32), count: "1" },
      setCookies: ["basket=7:a81b2c3d4e5f; Path=/"],
      location: "/shop",
    }),
    trace(`GET ${SITE}/shop`, { cookie: `${cookie}; basket=7:a81b2c3d4e5f`, html: "<html>" }),
    trace(`POST ${SITE}/checkout`, {
      cookie,
      form: { csrf: "8e".repeat(32), username: "jo@post.example", kind: "guest" },
      setCookies: ["sessionid=1a2b3c4d5e6f7a8b9c0d; Path=/"],
      location: "/address",
    }),
    trace(`GET ${SITE}/address`, { cookie: "sessionid=1a2b3c4d5e6f7a8b9c0d", html: "<html>" }),
  ]],
];

for (const [about, traces] of NOBODY) {
  Deno.test(`${about} is nobody's login`, () => {
    const analysis = analyzeLogin(capture(...traces));
    assert.equal(analysis.kind, "none");
    assert.match(analysis.kind === "none" ? analysis.reasons[0]! : "", /^Nobody logs in: t_000\d/);
  });
}

const SESSIONS = [
  ["Authorization", { headers: [["Authorization", `Bearer ${JWT}`]] }],
  ["a session cookie", { cookie: `sid=${OLD}` }],
] as const;

for (const [beside, parts] of SESSIONS) {
  Deno.test(`an application's key beside ${beside} from nowhere is not a login`, () => {
    const key = ["apikey", "pk-9fQ2vX7hTz41LmPw"] as const;
    const headers = [key, ..."headers" in parts ? parts.headers : []];
    const analysis = analyzeLogin(capture(
      get("/api/boats", { ...parts, headers }),
      get("/api/trips", { ...parts, headers }),
    ));
    assert.match(
      analysis.kind === "refused" ? analysis.reasons[0]! : analysis.kind,
      /starts logged in: t_0001 already carries/,
    );
  });
}

/** What a client of APIs writes into a header of each request, by the number of the request. */
const REQUEST_IDS: readonly (readonly [name: string, at: (number: number) => string])[] = [
  ["Postman-Token", (number) => `${number}b1a2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d`],
  ["Postman-Token", () => "5b1a2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"],
  ["X-Call-Token", (number) => `${number}f0a9b8c-7d6e-4f5a-9b4c-3d2e1f0a9b8c`],
];

for (const [name, idOf] of REQUEST_IDS) {
  const numbered = (number: number): TraceParts => ({ headers: [[name, idOf(number)]] });
  const used = (parts: TraceParts = {}) =>
    ["/api/boats", "/api/trips"].map((path, at) => {
      const headers = [...numbered(at + 2).headers!, ...parts.headers ?? []];
      return get(path, { ...parts, headers });
    });

  Deno.test(`${name} (${idOf(3)}) of each request is no session`, () => {
    assert.equal(analyzeLogin(capture(...used())).kind, "none");
    const refused = analyzeLogin(capture(post("/login", numbered(1)), ...used()));
    assert.equal(refused.kind, "refused");
    assert.match(
      refused.kind === "refused" ? refused.reasons.join() : "",
      /There is a login \(t_0001\), but the requests after it .* carry no credential/,
    );
    const parts = { ...numbered(1), answer: { token: OLD } };
    const bearer: TraceParts = { headers: [["Authorization", `Bearer ${OLD}`]] };
    const flow = flowOf(analyzeLogin(capture(post("/login", parts), ...used(bearer))));
    assert.deepEqual(flow.result.headers.map(([name]) => name), ["Authorization"]);
  });
}

Deno.test("a header of one value in all requests is an older session, be it a UUID", () => {
  const headers: TraceParts["headers"] = [["X-Call-Token", "5b1a2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"]];
  const analysis = analyzeLogin(
    capture(get("/api/boats", { headers }), get("/api/trips", { headers })),
  );
  assert.match(
    analysis.kind === "refused" ? analysis.reasons.join() : "",
    /starts logged in: t_0001 already carries header X-Call-Token/,
  );
});
