/** Logins that no script can repeat, or only by what a person has: told from those that look alike. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { flowLines, flowOf } from "../support/flow_text.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const SITE = "https://kelp.example";
const TOKEN = "Zk3v8QxT1bRm6WzC0nHd";
const bearer: TraceParts = { headers: [["Authorization", `Bearer ${TOKEN}`]] };

const reading = (parts: TraceParts): Trace[] =>
  ["/api/boats", "/api/piers"].map((path) =>
    trace(`GET ${SITE}${path}`, { answer: { list: [1] }, ...parts })
  );

function said(...traces: Trace[]): [kind: string, text: string] {
  const analysis = analyzeLogin(capture(...traces));
  return [analysis.kind, analysis.kind === "flow" ? "" : analysis.reasons.join("\n")];
}

const linesOf = (...traces: Trace[]) => flowLines(flowOf(analyzeLogin(capture(...traces))));

const has = (lines: readonly string[], ...wanted: readonly string[]) => {
  for (const line of wanted) assert.ok(lines.includes(line), `${line}\n${lines.join("\n")}`);
};

Deno.test("what a poll hands out at last was allowed elsewhere, where nobody typed anything", () => {
  const poll = (answer: Record<string, string>) =>
    trace(`GET ${SITE}/qr/status?id=q-7731`, { answer });
  const start = trace(`POST ${SITE}/qr`, { json: {}, answer: { id: "q-7731" } });
  const [kind, text] = said(
    start,
    poll({ state: "waiting" }),
    poll({ state: "done", token: TOKEN }),
    ...reading(bearer),
  );
  assert.equal(kind, "refused");
  assert.match(text, /t_0003 hands out a credential, and t_0002 was answered without it/);
  assert.equal(said(start, poll({ state: "done", token: TOKEN }), ...reading(bearer))[0], "flow");
});

Deno.test("a credential that is polled for after somebody typed makes a draft: a script asks once", () => {
  const login = trace(`POST ${SITE}/sessions`, {
    json: { user: "noor", password: "Salt 4" },
    answer: { job: "j-5120ffa1" },
  });
  const poll = (requestId: string, answer: Record<string, string>) =>
    trace(`GET ${SITE}/sessions/jobs/j-5120ffa1`, {
      headers: [["X-Request-Id", requestId]],
      answer,
    });
  const waiting = poll("5ab6a2dc-bb58-4f78-8ad7-e0f4818ce7ef", { state: "pending" });
  const done = poll("0d844dd4-564c-4eb9-b358-8dd2eda4d674", { state: "done", token: TOKEN });
  const [kind, text] = said(login, waiting, done, ...reading(bearer));
  assert.equal(kind, "draft");
  assert.match(text, /t_0003 hands out a credential, and t_0002 .* the script asks once/);
  assert.equal(said(login, done, ...reading(bearer))[0], "flow");
});

Deno.test("what is asked before the login and after it is not a poll: the login lies in between", () => {
  const session = (answer: Record<string, string>) => trace(`GET ${SITE}/session`, { answer });
  const login = trace(`POST ${SITE}/enter`, {
    json: { user: "noor", password: "Salt 4" },
    answer: { ok: "yes" },
  });
  const traces = [session({ user: "" }), login, session({ token: TOKEN }), ...reading(bearer)];
  assert.equal(said(...traces)[0], "flow");
});

Deno.test("a registration is not a login, by its path or by a password that is written twice", () => {
  const login = { email: "noor@kelp.example", password: "Salt 4" };
  const enter = (path: string, json: Record<string, string>) =>
    trace(`POST ${SITE}${path}`, { json, answer: { token: TOKEN } });
  for (
    const one of [
      enter("/api/register", login),
      enter("/api/people", { ...login, passwordConfirm: "Salt 4" }),
    ]
  ) {
    const [kind, text] = said(one, ...reading(bearer));
    assert.equal(kind, "refused");
    assert.match(text, /t_0001 registers somebody, which is done once/);
  }
  const reset = { ticket: TOKEN, password: "Salt 4", password2: "Salt 4" };
  const [, text] = said(enter("/api/forgotten", reset), ...reading(bearer));
  assert.match(text, /t_0001 sets a new password, which is done once/);
  assert.equal(said(enter("/api/people", login), ...reading(bearer))[0], "flow");
});

Deno.test("requests that are signed with what the login gave are no session to hand over", () => {
  const signed = (signature: string) =>
    reading({ headers: [["X-Key", TOKEN], ["X-Sign", signature]] }).slice(0, 1);
  const login = trace(`POST ${SITE}/login`, {
    json: { email: "noor@kelp.example", password: "Salt 4" },
    answer: { key: TOKEN },
  });
  const [one, other] = ["9f8e7d6c5b4a39281706f5e4d3c2b1a0", "0a1b2c3d4e5f60718293a4b5c6d7e8f9"];
  const [kind, text] = said(login, ...signed(one!), ...signed(other!));
  assert.equal(kind, "refused");
  assert.match(text, /Each request is signed anew \(header X-Sign\)/);
  const query = [one, other].map((signature) =>
    trace(`GET ${SITE}/?Action=List&Signature=${signature}`, { answer: {} })
  );
  assert.match(said(...query)[1], /^Each request is signed anew \(query Signature\)/);
  assert.doesNotMatch(said(login, ...signed(one!), ...signed(one!))[1], /signed anew/);
});

Deno.test("a PIN in the first request that sends anything is a secret beside who logs in", () => {
  const lines = linesOf(
    trace(`POST ${SITE}/login`, {
      json: { ansatt: "4417", pin: "0099" },
      answer: { token: TOKEN },
    }),
    ...reading(bearer),
  );
  has(lines, "s1 body ansatt = $username", "s1 body pin = $password");
});

Deno.test("a visitor's country and channel are settings, and what they earn is for anybody", () => {
  const lines = linesOf(
    trace(`POST ${SITE}/visit`, {
      json: { country: "NORWAY", channel: "webshop" },
      answer: { visitor: TOKEN },
    }),
    ...reading({ headers: [["X-Visitor", TOKEN]] }),
  );
  has(lines, 's1 body country = "NORWAY"', "result header X-Visitor = {visitor}");
});

Deno.test("a password in a text that nothing takes apart makes no guest of who sent it", () => {
  const frame = JSON.stringify([JSON.stringify({ login: [{ password: "Salt 4" }] })]);
  const [kind, text] = said(
    trace(`POST ${SITE}/send`, { body: ["text/plain", frame], status: 204 }),
    trace(`POST ${SITE}/poll`, { answer: { token: TOKEN } }),
    ...reading({ headers: [["X-Auth-Token", TOKEN]] }),
  );
  assert.equal(kind, "refused");
  assert.match(text, /t_0001 hands a password over inside a text/);
});

Deno.test("a body that is base64 of JSON is written anew around what is asked for", () => {
  for (const screen of ["1920x1080", "x".repeat(9_000)]) {
    const body = btoa(JSON.stringify({ user: "noor", password: "Salt 4", screen }));
    const lines = linesOf(
      trace(`POST ${SITE}/login`, { body: ["text/plain", body], answer: { token: TOKEN } }),
      ...reading(bearer),
    );
    const line = lines.find((one) => one.startsWith("s1 body")) ?? "";
    assert.match(line, /base64\(.*json-escape\(\$username\).*json-escape\(\$password\)/);
  }
});

Deno.test("a login in the query of a GET is asked for, and the name of the call is not", () => {
  const lines = linesOf(
    trace(`GET ${SITE}/login.json?cb=cb_77&bruker=noor&kode=Quay+5`, {
      text: 'cb_77({"status":"ok"});',
      setCookies: ["kelp=q0w9e8r7t6y5u4i3; Path=/"],
    }),
    ...reading({ cookie: "kelp=q0w9e8r7t6y5u4i3" }),
  );
  has(lines, "s1 query bruker = $username", "s1 query kode = $password", 's1 query cb = "cb_77"');
});

Deno.test("a program's client credentials are asked for, those of a page are the page's", () => {
  const secret = "q0w9e8r7t6y5u4i3";
  const form = { grant_type: "client_credentials" };
  const own = { client_id: "kelp-7", client_secret: secret };
  const grant = (parts: TraceParts) =>
    trace(`POST ${SITE}/token`, { ...parts, answer: { access_token: TOKEN } });
  const body = grant({ form: { ...form, ...own } });
  const basic = grant({ form, headers: [["Authorization", `Basic ${btoa(`kelp-7:${secret}`)}`]] });
  for (const one of [body, basic]) {
    const flow = flowOf(analyzeLogin(capture(one, ...reading(bearer))));
    assert.deepEqual(flow.inputs.map(({ label, secret }) => [label, secret]), [
      ["Client id", false],
      ["Client secret", true],
    ]);
  }
  const page = trace(`GET ${SITE}/`, { html: `<script>var secret = "${secret}";</script>` });
  assert.deepEqual(flowOf(analyzeLogin(capture(page, body, ...reading(bearer)))).inputs, []);
});
