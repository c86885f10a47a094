/** Recordings in which nobody hands a password over. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { flowLines, flowOf } from "../support/flow_text.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const TOKEN = "acc-7f6e5d4c3b2a1908";
const KEY = "k9Xw2QzL7mNp4RtB";

const BASIC = ["Authorization", `Basic ${btoa("ann:hunter2!")}`] as const;

const get = (path: string, parts: TraceParts = {}) =>
  trace(`GET https://a.example${path}`, { answer: {}, ...parts });

const rpc = (method: string, ...params: string[]) =>
  trace("POST https://a.example/rpc", {
    json: { jsonrpc: "2.0", id: 1, method, params },
    answer: { jsonrpc: "2.0", id: 1, result: [] },
  });

const LOGINS: readonly (readonly [
  about: string,
  traces: readonly Trace[],
  inputs: readonly string[],
  lines: readonly string[],
])[] = [
  [
    "HTTP Digest is computed per request",
    [
      get("/api/me", { status: 401, answerHeaders: [["WWW-Authenticate", 'Digest realm="r"']] }),
      get("/api/me", {
        headers: [["Authorization", 'Digest username="ann", realm="r", response="0123"']],
      }),
    ],
    ["identifier username", "password password"],
    ["result http_digest $username $password"],
  ],
  [
    "HTTP Basic is base64 of what is typed",
    [
      get("/api/me", { headers: [["Authorization", `Basic ${btoa("ann:hunter2!")}`]] }),
    ],
    ["identifier username", "password password"],
    [
      'result header Authorization = "Basic " + base64($username + ":" + $password)',
    ],
  ],
  [
    "HTTP Basic that earns a token is a login",
    [
      get("/session", {
        headers: [["Authorization", `Basic ${btoa("ann:hunter2!")}`]],
        answer: { token: TOKEN },
      }),
      get("/api/me", { headers: [["X-Auth-Token", TOKEN]] }),
    ],
    ["identifier username", "password password"],
    [
      "s1 GET https://a.example/session (credentials)",
      's1 header Authorization = "Basic " + base64($username + ":" + $password)',
      "s1 gives token <- json token",
      "result header X-Auth-Token = {token}",
    ],
  ],
  [
    "user name and password in the query of every request are the credentials",
    [
      get("/api/me?u=ann&password=hunter2!"),
      get("/api/notes?u=ann&password=hunter2!"),
    ],
    ["identifier username", "password password"],
    ["result query u = $username", "result query password = $password"],
  ],
  [
    "a token beside a device id in one header is taken out of its surroundings",
    [
      trace("POST https://a.example/session", {
        headers: [["X-Client", 'App Device="d1e2v3i4c5e6"']],
        json: { user: "ann", secret: "hunter2!" },
        answer: { token: TOKEN },
      }),
      get("/api/me", { headers: [["X-Client", `App Device="d1e2v3i4c5e6", Token="${TOKEN}"`]] }),
    ],
    ["identifier username", "password password"],
    [
      "s1 POST https://a.example/session (credentials)",
      String.raw`s1 header X-Client = "App Device=\"d1e2v3i4c5e6\""`,
      "s1 body user = $username",
      "s1 body secret = $password",
      "s1 gives token <- json token",
      String.raw`result header X-Client = "App Device=\"d1e2v3i4c5e6\", Token=\"" + {token} + "\""`,
    ],
  ],
  [
    "a static key in a header is asked for once",
    [
      get("/api/items", { headers: [["X-Api-Key", KEY]] }),
      get("/api/me", { headers: [["X-Api-Key", KEY]] }),
    ],
    ["api-key api_key"],
    ["result header X-Api-Key = $api_key"],
  ],
  [
    "a static key in the query",
    [
      get(`/api/items?api_key=${KEY}`),
      get(`/api/me?api_key=${KEY}`),
    ],
    ["api-key api_key"],
    ["result query api_key = $api_key"],
  ],
  [
    "a static key with a scheme",
    [
      get("/api/me", { headers: [["Authorization", `ApiKey ${KEY}`]] }),
    ],
    ["api-key api_key"],
    ['result header Authorization = "ApiKey " + $api_key'],
  ],
  [
    "a link from a message is pasted",
    [
      trace("POST https://a.example/login/magic", { json: { email: "ann@a.example" }, answer: {} }),
      trace("GET https://a.example/magic?token=k9Xw2QzL7mNp4RtB8YcD", {
        location: "/home",
        setCookies: ["sid=5x6c7b8a9d0e; Path=/"],
      }),
      get("/home", { cookie: "sid=5x6c7b8a9d0e" }),
    ],
    ["identifier email", "link sign_in_link"],
    [
      "s1 POST https://a.example/login/magic",
      "s1 body email = $email",
      "s2 GET {$sign_in_link} (credentials)",
      "result cookie sid",
    ],
  ],
  [
    "a request that mints the token under names nobody knows is the login",
    [
      trace("POST https://a.example/enter", {
        json: { member_id: "ann", passphrase_blob: "open sesame now" },
        answer: { token: TOKEN },
      }),
      get("/api/me", { headers: [["X-Auth-Token", TOKEN]] }),
    ],
    ["identifier username", "password password"],
    [
      "s1 POST https://a.example/enter (credentials)",
      "s1 body member_id = $username",
      "s1 body passphrase_blob = $password",
      "s1 gives token <- json token",
      "result header X-Auth-Token = {token}",
    ],
  ],
  [
    "a key that a page gives anybody needs nobody to type",
    [
      trace("GET https://a.example/", { html: `<script>var API_KEY = "${KEY}";</script>` }),
      get("/api/items", { headers: [["X-Api-Key", KEY]] }),
      get("/api/more", { headers: [["X-Api-Key", KEY]] }),
    ],
    [],
    [
      "s1 GET https://a.example/",
      "s1 gives x_api_key <- between",
      "result header X-Api-Key = {x_api_key}",
    ],
  ],
  [
    "a password that is the whole body of a login",
    [
      trace("POST https://a.example/login", { body: ["text/plain", "hunter2!"], text: KEY }),
      get("/api/me", { headers: [["Authorization", `Bearer ${KEY}`]] }),
    ],
    ["password password"],
    [
      "s1 POST https://a.example/login (credentials)",
      "s1 body = $password",
      "s1 gives authorization <- body",
      'result header Authorization = "Bearer " + {authorization}',
    ],
  ],
  [
    "a submission under unknown names that replaces a guest's session",
    [
      get("/api/config", {
        setCookies: [`SESSION=${KEY}; Path=/`, "XSRF-TOKEN=g7f6e5d4c3b2; Path=/"],
      }),
      trace("POST https://a.example/api/open", {
        cookie: `SESSION=${KEY}; XSRF-TOKEN=g7f6e5d4c3b2`,
        headers: [["X-XSRF-TOKEN", "g7f6e5d4c3b2"]],
        json: { email: "ann@a.example", geheim: "hunter2!" },
        setCookies: ["SESSION=9h8g7f6e5d4c3b2a; Path=/"],
      }),
      get("/api/me", { cookie: "SESSION=9h8g7f6e5d4c3b2a; XSRF-TOKEN=g7f6e5d4c3b2" }),
    ],
    ["identifier email", "password password"],
    [
      "s1 GET https://a.example/api/config",
      "s1 gives xsrf_token <- cookie XSRF-TOKEN",
      "s2 POST https://a.example/api/open (credentials)",
      "s2 header X-XSRF-TOKEN = {xsrf_token}",
      "s2 cookie SESSION = jar",
      "s2 cookie XSRF-TOKEN = jar",
      "s2 body email = $email",
      "s2 body geheim = $password",
      "result cookie SESSION",
      "result cookie XSRF-TOKEN",
    ],
  ],
  [
    "a session id that a refusal hands out",
    [
      get("/rpc", { status: 409, answerHeaders: [["X-Session-Id", KEY]] }),
      get("/rpc", { headers: [["X-Session-Id", KEY]] }),
      get("/rpc?m=2", { headers: [["X-Session-Id", KEY]] }),
    ],
    [],
    [
      "s1 GET https://a.example/rpc",
      "s1 gives x_session_id <- header x-session-id",
      "result header X-Session-Id = {x_session_id}",
    ],
  ],
  [
    "a key before the arguments of every remote call",
    [rpc("list", "token:blue sky 1"), rpc("add", "token:blue sky 1", "rose")],
    ["api-key api_key"],
    ['result body params.0 = "token:" + $api_key'],
  ],
  [
    "a key in the body of every request",
    [
      trace("POST https://a.example/list", { json: { api_key: KEY, page: 1 }, answer: {} }),
      trace("POST https://a.example/add", { json: { api_key: KEY, what: "rose" }, answer: {} }),
    ],
    ["api-key api_key"],
    ["result body api_key = $api_key"],
  ],
  [
    "a refusal that hands out a session id to HTTP Basic, before anything was done",
    [
      trace("POST https://a.example/rpc", {
        headers: [BASIC],
        json: { method: "add", what: "rose" },
        status: 409,
        answerHeaders: [["X-Session-Id", KEY]],
      }),
      trace("POST https://a.example/rpc", {
        headers: [BASIC, ["X-Session-Id", KEY]],
        json: { method: "add", what: "rose" },
        answer: { id: 7 },
      }),
      trace("POST https://a.example/rpc", {
        headers: [BASIC, ["X-Session-Id", KEY]],
        json: { method: "list" },
        answer: { beds: [] },
      }),
    ],
    ["identifier username", "password password"],
    [
      "s1 POST https://a.example/rpc (credentials)",
      's1 header Authorization = "Basic " + base64($username + ":" + $password)',
      's1 body method = "add"',
      's1 body what = "rose"',
      "s1 gives x_session_id <- header x-session-id",
      'result header Authorization = "Basic " + base64($username + ":" + $password)',
      "result header X-Session-Id = {x_session_id}",
    ],
  ],
  [
    "HTTP Basic of a browser whose recorder left it out where it was challenged",
    [
      trace("GET https://a.example/", {
        html: "<link rel=stylesheet href=/s.css>",
        setCookies: [`csrf=${TOKEN}`],
      }),
      trace("GET https://a.example/s.css", {
        headers: [BASIC],
        cookie: `csrf=${TOKEN}`,
        noise: "static-asset",
      }),
      get("/api/me", { headers: [BASIC, ["X-Csrf", TOKEN]], cookie: `csrf=${TOKEN}` }),
    ],
    ["identifier username", "password password"],
    [
      "s1 GET https://a.example/ (credentials)",
      's1 header Authorization = "Basic " + base64($username + ":" + $password)',
      "s1 gives csrf <- cookie csrf",
      'result header Authorization = "Basic " + base64($username + ":" + $password)',
      "result header X-Csrf = {csrf}",
      "result cookie csrf",
    ],
  ],
];

for (const [about, traces, inputs, lines] of LOGINS) {
  Deno.test(`analyzeLogin(): ${about}`, () => {
    const flow = flowOf(analyzeLogin(capture(...traces)));
    assert.deepEqual(flow.inputs.map(({ kind, name }) => `${kind} ${name}`), inputs);
    assert.deepEqual(flowLines(flow), lines);
  });
}

Deno.test("analyzeLogin(): a flow without steps still names its hosts and a probe", () => {
  const flow = flowOf(analyzeLogin(capture(get("/api/me", { headers: [["X-Api-Key", KEY]] }))));
  assert.deepEqual(flow.hosts, ["a.example:443"]);
  assert.deepEqual(flow.apiOrigins, ["https://a.example"]);
  assert.equal(flow.probe?.url, "https://a.example/api/me");
});

Deno.test("analyzeLogin(): what was challenged is the probe of HTTP Basic", () => {
  const basic: TraceParts = { headers: [["Authorization", `Basic ${btoa("ann:hunter2!")}`]] };
  const flow = flowOf(analyzeLogin(capture(
    get("/", { status: 401, answerHeaders: [["WWW-Authenticate", 'Basic realm="x"']] }),
    get("/", { ...basic, html: "<h1>Hello</h1>" }),
    get("/locales.json", { ...basic, answer: { de: "Deutsch" } }),
  )));
  assert.equal(flow.probe?.url, "https://a.example/");
});

Deno.test("analyzeLogin(): what changes, or stands at one endpoint only, is not a key", () => {
  const cases: readonly (readonly [about: string, traces: readonly Trace[]])[] = [
    ["another first argument", [rpc("list", KEY), rpc("add", "b7Yq3LmZx9Rt1WvC")]],
    ["one operation", [rpc("show", KEY), rpc("show", KEY)]],
    ["a plain word first", [rpc("list", "roses"), rpc("add", "roses")]],
  ];
  for (const [about, traces] of cases) {
    assert.equal(analyzeLogin(capture(...traces)).kind, "none", about);
  }
});
