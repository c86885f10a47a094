/** Logins as routers, stores, identity services and old libraries have them. */
import assert from "node:assert/strict";
import { noiseReason } from "../../lib/capture/noise.ts";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { AnalysisOptions } from "../../lib/correlate/analyze.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { flowLines, flowOf } from "../support/flow_text.ts";
import { capture, RECORDED_AT_MS, trace, type TraceParts } from "../support/traces.ts";

const SITE = "https://cove.example";
const TOKEN = "Zk3v8QxT1bRm6WzC0nHd";
const bearer = (token: string): TraceParts => ({ headers: [["Authorization", `Bearer ${token}`]] });

const reading = (parts: TraceParts): Trace[] =>
  ["/api/boats", "/api/piers"].map((path) =>
    trace(`GET ${SITE}${path}`, { answer: { list: [1] }, ...parts })
  );

const linesOf = (traces: readonly Trace[], options: AnalysisOptions = {}) =>
  flowLines(flowOf(analyzeLogin(capture(...traces), options)));

const has = (lines: readonly string[], ...wanted: readonly string[]) => {
  for (const line of wanted) assert.ok(lines.includes(line), `${line}\n${lines.join("\n")}`);
};

Deno.test("an address of a form stays whole where a segment of it is called like the user", () => {
  const action = `${SITE}/realms/harbour/enter?run=Kgjqywj29BP&code=q0w9e8r7t6y5u4i3`;
  const lines = linesOf([
    trace(`GET ${SITE}/realms/harbour/auth`, {
      html: `<form method="post" action="${action.replace("&", "&amp;")}"><input name="username">` +
        '<input type="password" name="password"></form>',
    }),
    trace(`POST ${action}`, {
      form: { username: "harbour", password: "Salt 4" },
      answer: { token: TOKEN },
    }),
    ...reading(bearer(TOKEN)),
  ]);
  has(lines, "s2 POST {{form_action}} (credentials)", "s2 body username = $username");
});

Deno.test("an answer in a function's call is data, and the call's name has the time in it", () => {
  const now = String(RECORDED_AT_MS + 500);
  const call = (path: string, data: unknown) => ({
    ...trace(`GET ${SITE}${path}&callback=jQuery17_${now}`, {
      answerHeaders: [["Content-Type", "application/javascript"]],
      text: `jQuery17_${now}(${JSON.stringify(data)});`,
    }),
  });
  const plain = (one: Trace): Trace => ({
    ...one,
    response: { ...one.response!, headers: [["Content-Type", "application/javascript"]] },
  });
  const traces = [
    call("/ws/login?user=noor&pwd=Salt+4", { result: "OK", sid: TOKEN }),
    call(`/ws/lines?sid=${TOKEN}`, [1]),
    call(`/ws/stops?sid=${TOKEN}`, [1]),
  ].map(plain);
  for (const one of traces) assert.equal(noiseReason(one), null);
  assert.equal(
    noiseReason(plain(trace(`GET ${SITE}/app?v=jQuery`, { text: "var a;" }))),
    "static-asset",
  );
  const lines = linesOf(traces);
  has(lines, "s1 query user = $username", "s1 query pwd = $password");
  assert.ok(lines.some((line) => line.startsWith("result query sid = {")), lines.join("\n"));
  assert.ok(!lines.some((line) => line.includes(now)), lines.join("\n"));
});

Deno.test("u and p are user name and password, and two texts from nowhere are no guest's", () => {
  const login = (json: Record<string, string>) =>
    trace(`POST ${SITE}/in`, { json, answer: { t: "kq9f", n: 12 } });
  const lines = linesOf([
    login({ u: "barista", p: "latte-3" }),
    ...reading({ headers: [["X-T", "kq9f"]] }),
  ]);
  has(lines, "s1 body u = $username", "s1 body p = $password", "result header X-T = {t}");
  const unknown = analyzeLogin(capture(
    trace(`POST ${SITE}/in`, { json: { mast: "barista", keel: "latte-3" }, answer: { t: TOKEN } }),
    ...reading({ headers: [["X-T", TOKEN]] }),
  ));
  assert.ok(unknown.kind === "none" || unknown.kind === "refused", unknown.kind);
});

Deno.test("a session that each call of one remote method carries first is the login's", () => {
  const call = (params: unknown, result: unknown) =>
    trace(`POST ${SITE}/ubus`, {
      json: [{ id: 1, method: "call", params }] as never,
      answer: [{ id: 1, result }] as never,
    });
  const lines = linesOf([
    call(["0".repeat(32), "session", "login", { username: "root", password: "call" }], [0, {
      session: "9f8e7d6c5b4a39281706f5e4d3c2b1a0",
    }]),
    call(["9f8e7d6c5b4a39281706f5e4d3c2b1a0", "system", "board"], [0, {}]),
    call(["9f8e7d6c5b4a39281706f5e4d3c2b1a0", "network", "status"], [0, {}]),
  ]);
  has(lines, "s1 body 0.params.3.password = $password", 's1 body 0.method = "call"');
  has(lines, "result body 0.params.0 = {session_value}");
});

Deno.test("a customer's number beside a secret is who logs in", () => {
  const lines = linesOf([
    trace(`POST ${SITE}/auth`, {
      json: { customer: "300145", secret: "Kork" },
      answer: { t: TOKEN },
    }),
    ...reading(bearer(TOKEN)),
  ]);
  has(lines, "s1 body customer = $username", "s1 body secret = $password");
});

Deno.test("a token against forgery is asked for by a word, whatever the password is", () => {
  const basic = ["Authorization", `Basic ${btoa("noor:Fetch")}`] as const;
  const lines = linesOf([
    trace(`GET ${SITE}/odata/`, {
      headers: [basic, ["X-CSRF-Token", "Fetch"]],
      answerHeaders: [["X-CSRF-Token", TOKEN]],
      answer: {},
    }),
    trace(`POST ${SITE}/odata/orders`, {
      headers: [basic, ["X-CSRF-Token", TOKEN]],
      json: { n: 1 },
      answer: {},
    }),
  ]);
  has(lines, 's1 header X-CSRF-Token = "Fetch"');
});

Deno.test("an application's key that goes as a bearer token until the login stays what it is", () => {
  const key = "pk1.Zm9vYmFyYmF6cXV4.9sK2lD8wQ4";
  const headers = (token: string): TraceParts => ({
    headers: [["apikey", key], ["Authorization", `Bearer ${token}`]],
  });
  const lines = linesOf([
    trace(`POST ${SITE}/token`, {
      ...headers(key),
      json: { email: "noor@cove.example", password: "Salt 4" },
      answer: { access_token: TOKEN },
    }),
    ...reading(headers(TOKEN)),
  ]);
  has(lines, `s1 header Authorization = "Bearer ${key}"`);
  has(lines, 'result header Authorization = "Bearer " + {access_token}');
});

Deno.test("a digest in JSON inside a string of JSON is computed of the password that was told", async () => {
  const digest = new Uint8Array(
    await crypto.subtle.digest("SHA-256", new TextEncoder().encode("Salt and rope")),
  ).toHex();
  const message = JSON.stringify({
    method: "login",
    params: [{ user: { username: "noor.feld" }, password: { digest, algorithm: "sha-256" } }],
  });
  const lines = linesOf([
    trace(`POST ${SITE}/method/login`, { json: { message }, answer: { token: TOKEN } }),
    ...reading(bearer(TOKEN)),
  ], {
    hints: [
      { kind: "identifier", name: "Username", value: "noor.feld", place: { kind: "text" } },
      { kind: "password", name: "Password", value: "Salt and rope", place: { kind: "text" } },
    ],
  });
  const line = lines.find((one) => one.startsWith("s1 body message")) ?? "";
  assert.match(line, /sha256-hex\(\$password\)/);
  assert.match(line, /\$username/);
});

Deno.test("Basic that is made of a key which Basic earned comes from the answer", () => {
  const basic = (pair: string): TraceParts => ({
    headers: [["Authorization", `Basic ${btoa(pair)}`]],
  });
  const lines = linesOf([
    trace(`POST ${SITE}/keys`, {
      ...basic("noor:Salt 4"),
      json: { label: "cli" },
      answer: { key_id: "8823019", key_secret: TOKEN },
    }),
    ...reading(basic(`8823019:${TOKEN}`)),
  ]);
  has(lines, 's1 header Authorization = "Basic " + base64($username + ":" + $password)');
  has(lines, 'result header Authorization = "Basic " + base64({key_id} + ":" + {key_secret})');
});

Deno.test("one half of Basic alone is a key, and the other half stays empty", () => {
  const basic = (pair: string): TraceParts => ({
    headers: [["Authorization", `Basic ${btoa(pair)}`]],
  });
  for (const [pair, text] of [[`${TOKEN}:`, '$api_key + ":"'], [`:${TOKEN}`, '":" + $api_key']]) {
    const flow = flowOf(analyzeLogin(capture(...reading(basic(pair!)))));
    assert.deepEqual(flow.inputs.map(({ label, secret }) => [label, secret]), [["API key", true]]);
    has(flowLines(flow), `result header Authorization = "Basic " + base64(${text})`);
  }
});

Deno.test("a code that a page's script holds with escapes of its own is taken from there", () => {
  const code = "Zk3v8QxT1bRm6WzC0nHd-q0w9e8r7_t6y5";
  const script = `data.code='${code.replace("-", "\\x2D").replace("_", "\\x5F")}';`;
  const lines = linesOf([
    trace(`POST ${SITE}/authn`, {
      json: { username: "noor", password: "Salt 4" },
      answer: { sessionToken: TOKEN },
    }),
    trace(`GET ${SITE}/authorize?sessionToken=${TOKEN}`, { html: `<script>${script}</script>` }),
    trace(`POST ${SITE}/token`, {
      form: { grant_type: "authorization_code", code },
      answer: { access_token: "acc.q0w9e8r7t6y5u4i3" },
    }),
    ...reading(bearer("acc.q0w9e8r7t6y5u4i3")),
  ]);
  assert.ok(lines.some((line) => /^s3 body code = \{/.test(line)), lines.join("\n"));
});

Deno.test("a nonce with a UUID behind a dot is not a signed value", () => {
  const nonce = "6389aa0417.0b0c7f3e-1d2a-4c55-9e3b-2f6a7d8c9b10";
  const lines = linesOf([
    trace(`GET ${SITE}/authorize?nonce=${nonce}`, {
      html:
        '<form method="post" action="/login"><input name="user"><input type="password" name="pass">' +
        '<input type="hidden" name="run" value="q0w9e8r7t6y5u4i3"></form>',
    }),
    trace(`POST ${SITE}/login`, {
      form: { user: "noor", pass: "Salt 4", run: "q0w9e8r7t6y5u4i3" },
      answer: { token: TOKEN },
    }),
    ...reading(bearer(TOKEN)),
  ]);
  has(lines.filter((line) => line.startsWith("s1 query")), "s1 query nonce = ~nonce");
});

Deno.test("the address that cookies are read at holds nothing of the session", () => {
  const folder = "0b0c7f3e-1d2a-4c55-9e3b-2f6a7d8c9b10";
  const cookie = "berth=q0w9e8r7t6y5u4i3";
  const flow = flowOf(analyzeLogin(capture(
    trace(`POST ${SITE}/login`, {
      form: { user: "noor", pass: "Salt 4" },
      setCookies: [`${cookie}; Path=/`],
      answer: { workspace: folder },
    }),
    trace(`GET ${SITE}/w/${folder}/boats`, { cookie, answer: { list: [1] } }),
    trace(`GET ${SITE}/w/${folder}/piers`, { cookie, answer: { list: [1] } }),
  )));
  assert.deepEqual(flow.result.cookies?.urls, [`${SITE}/w/`]);
});
