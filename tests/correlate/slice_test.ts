/** What becomes a step, and how its address, cookies and headers come to be. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { flowLines, flowOf, linesOf } from "../support/flow_text.ts";
import { capture, RECORDED_AT_MS, trace, type TraceParts } from "../support/traces.ts";

const TOKEN = "acc-7f6e5d4c3b2a1908";
const FORM = { username: "ann.b", password: "hunter2!" };
const USE = trace("GET https://a.example/api/me", {
  headers: [["Authorization", `Bearer ${TOKEN}`]],
  answer: { name: "Ann" },
});

function stepsOf(...traces: readonly Trace[]): string[] {
  return flowLines(flowOf(analyzeLogin(capture(...traces))))
    .filter((line) => /^s\d+ [A-Z]/.test(line));
}

Deno.test("a step is what earned a value, and nothing beside it", () => {
  const page = trace("GET https://a.example/login", {
    html: `<form><input type=hidden name=csrf value="c5Rf9a8b7c6d5e4f"></form>`,
  });
  assert.deepEqual(
    stepsOf(
      trace("GET https://a.example/", { html: "<p>Welcome" }),
      trace("GET https://a.example/api/config", { answer: { theme: "dark" } }),
      page,
      trace("GET https://a.example/logo", { text: "..." }),
      trace("POST https://a.example/login", {
        form: { ...FORM, csrf: "c5Rf9a8b7c6d5e4f" },
        answer: { token: TOKEN },
      }),
      USE,
    ),
    ["s1 GET https://a.example/login", "s2 POST https://a.example/login (credentials)"],
  );
});

Deno.test("an address with parts that change is taken whole from a redirect or a form", () => {
  const lines = stepsOf(
    trace("GET https://a.example/start", {
      location: "https://id.example/auth?tx=tx5a6b7c8d9e0f1a",
    }),
    trace("GET https://id.example/auth?tx=tx5a6b7c8d9e0f1a", {
      html: `<form method=post action="/login?session_code=5x6c7b8a9d0e1f2a"></form>`,
    }),
    trace("POST https://id.example/login?session_code=5x6c7b8a9d0e1f2a", {
      form: FORM,
      answer: { token: TOKEN },
    }),
    USE,
  );
  assert.deepEqual(lines, [
    "s1 GET https://a.example/start",
    "s2 GET {{redirect_url}}",
    "s3 POST {{form_action}} (credentials)",
  ]);
});

Deno.test("an address that an answer gave in parts is put together", () => {
  const flow = flowOf(analyzeLogin(capture(
    trace("POST https://a.example/tx", { answer: { tx: "tx5a6b7c8d9e0f1a", lang: "en" } }),
    trace("POST https://a.example/tx/tx5a6b7c8d9e0f1a/login?lang=en", {
      form: FORM,
      answer: { token: TOKEN },
    }),
    USE,
  )));
  assert.deepEqual(linesOf(flow, "s2 POST", "s2 query"), [
    "s2 POST https://a.example/tx/{tx}/login (credentials)",
    's2 query lang = "en"',
  ]);
});

Deno.test("what the user typed stays an input inside an address", () => {
  const flow = flowOf(analyzeLogin(capture(
    trace("POST https://a.example/login", { form: FORM, answer: { token: TOKEN } }),
    trace("GET https://a.example/users/ann.b/session", {
      headers: [["X-Token", TOKEN]],
      answer: { key: "kE7y-11a2Zz33q44Wx55" },
    }),
    trace("GET https://a.example/api/notes", {
      headers: [["X-Key", "kE7y-11a2Zz33q44Wx55"]],
      answer: [],
    }),
  )));
  assert.deepEqual(linesOf(flow, "s2 GET", "s2 header"), [
    "s2 GET https://a.example/users/$username/session",
    "s2 header X-Token = {token}",
  ]);
});

Deno.test("a cookie that an answer set is left to the jar, and its answer becomes a step", () => {
  const lines = flowLines(flowOf(analyzeLogin(capture(
    trace("GET https://a.example/", { html: "<p>hi", setCookies: ["sid=5x6c7b8a9d0e; Path=/"] }),
    trace("GET https://a.example/login", {
      html: "<p>hi",
      cookie: "sid=5x6c7b8a9d0e; _ga=GA1.2.3",
    }),
    trace("POST https://a.example/login", {
      cookie: "sid=5x6c7b8a9d0e; _ga=GA1.2.3",
      form: FORM,
      setCookies: ["sid=9e8d7c6b5a4f; Path=/; HttpOnly"],
      location: "/home",
    }),
    trace("GET https://a.example/home", {
      cookie: "sid=9e8d7c6b5a4f; _ga=GA1.2.3",
      html: "<p>Ann",
    }),
  ))));
  assert.deepEqual(lines, [
    "s1 GET https://a.example/",
    "s2 POST https://a.example/login (credentials)",
    "s2 cookie sid = jar",
    "s2 body username = $username",
    "s2 body password = $password",
    "result cookie sid",
  ]);
});

Deno.test("a cookie that a page's script wrote is written by the client, from where its value came", () => {
  const flow = flowOf(analyzeLogin(capture(
    trace("POST https://a.example/login", { form: FORM, answer: { token: TOKEN } }),
    trace("GET https://a.example/home", { cookie: `auth=${TOKEN}; theme=dark`, html: "<p>Ann" }),
    trace("GET https://a.example/api/me", { cookie: `auth=${TOKEN}; theme=dark`, answer: {} }),
  )));
  assert.deepEqual(linesOf(flow, "result"), [
    "result cookie auth",
    "result client cookie auth = {token}",
  ]);
});

Deno.test("a double-submit cookie goes into the header decoded", () => {
  const encoded = encodeURIComponent("c5Rf9a8b7c6d5e4f==");
  const flow = flowOf(analyzeLogin(capture(
    trace("GET https://a.example/csrf", {
      setCookies: [`XSRF-TOKEN=${encoded}; Path=/`],
      status: 204,
    }),
    trace("POST https://a.example/login", {
      cookie: `XSRF-TOKEN=${encoded}`,
      headers: [["X-XSRF-TOKEN", "c5Rf9a8b7c6d5e4f=="]],
      form: FORM,
      answer: { token: TOKEN },
    }),
    USE,
  )));
  assert.deepEqual(linesOf(flow, "s1 gives", "s2 header", "s2 cookie"), [
    "s1 gives xsrf_token <- cookie XSRF-TOKEN url-decode",
    "s2 header X-XSRF-TOKEN = {xsrf_token}",
    "s2 cookie XSRF-TOKEN = jar",
  ]);
});

Deno.test("headers a client sends by itself are left to it, the app's own are kept", () => {
  const flow = flowOf(analyzeLogin(capture(
    trace("POST https://a.example/login", {
      headers: [
        ["Accept", "application/json"],
        ["Accept-Language", "en"],
        ["Origin", "https://a.example"],
        ["Referer", "https://a.example/login?next=/private"],
        ["User-Agent", "ShopApp/7.1 (Android)"],
        ["sec-ch-ua", '"x"'],
        ["X-App-Version", "7.1.0"],
        ["Authorization", "Bearer null"],
      ],
      form: FORM,
      answer: { token: TOKEN },
    }),
    USE,
  )));
  assert.deepEqual(linesOf(flow, "s1 header"), [
    's1 header Accept = "application/json"',
    's1 header Origin = "https://a.example"',
    's1 header Referer = "https://a.example/"',
    's1 header User-Agent = "ShopApp/7.1 (Android)"',
    's1 header X-App-Version = "7.1.0"',
  ]);
});

Deno.test("a login calls itself the browser that was recorded, as the calls after it do", () => {
  const agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36";
  const headers = [["User-Agent", agent]] as const;
  const flow = flowOf(analyzeLogin(capture(
    trace("POST https://a.example/login", {
      headers,
      form: FORM,
      setCookies: ["sid=5x6c7b8a9d0e"],
    }),
    trace("GET https://a.example/me", { headers, cookie: "sid=5x6c7b8a9d0e", answer: {} }),
  )));
  assert.deepEqual(linesOf(flow, "s1 header", "result"), [
    `s1 header User-Agent = "${agent}"`,
    "result cookie sid",
  ]);
});

Deno.test("a login does not send the token of a session that was over", () => {
  const at = (seconds: number) =>
    `eyJhbGciOiJIUzI1NiJ9.${btoa(`{"exp":${seconds}}`).replaceAll("=", "")}.c2lnbmF0dXJl`;
  const old = (line: string, token: string, parts: TraceParts = {}) =>
    trace(line, { headers: [["Authorization", `Bearer ${token}`]], answer: {}, ...parts });
  const kept = (token: string, ...before: readonly Trace[]) => {
    const login = old("POST https://a.example/login", token, {
      form: FORM,
      answer: { token: TOKEN },
    });
    return linesOf(flowOf(analyzeLogin(capture(...before, login, USE))), "s1 header").length;
  };
  const PAGE = "GET https://a.example/api/me";
  const nowSec = RECORDED_AT_MS / 1000;
  assert.equal(kept("old-0a9b8c7d6e5f", old(PAGE, "old-0a9b8c7d6e5f", { status: 401 })), 0);
  assert.equal(
    kept("old-0a9b8c7d6e5f", old("POST https://a.example/logout", "old-0a9b8c7d6e5f")),
    0,
  );
  assert.equal(kept(at(nowSec - 60)), 0);
  assert.equal(kept("app-0a9b8c7d6e5f", old(PAGE, "app-0a9b8c7d6e5f")), 1);
  assert.equal(
    kept(
      "app-0a9b8c7d6e5f",
      old("POST https://a.example/login", "app-0a9b8c7d6e5f", { form: FORM, status: 401 }),
    ),
    1,
  );
});

Deno.test("bodies keep their form: JSON types, order of fields, text", () => {
  const flow = flowOf(analyzeLogin(capture(
    trace("POST https://a.example/start", { json: { v: 2 }, answer: { tx: 48151623 } }),
    trace("POST https://a.example/login", {
      json: { a: [1, null, true], tx: 48151623, user: { name: "ann.b", password: "hunter2!" } },
      answer: { token: TOKEN },
    }),
    USE,
  )));
  assert.deepEqual(linesOf(flow, "s2 body"), [
    "s2 body a.0 = 1",
    "s2 body a.1 = null",
    "s2 body a.2 = true",
    "s2 body tx = {tx} as number",
    "s2 body user.name = $username",
    "s2 body user.password = $password",
  ]);
  const xml = flowOf(analyzeLogin(capture(
    trace("POST https://a.example/login", {
      body: ["text/xml", "<login><user>ann.b</user><password>hunter2!</password></login>"],
      answer: { token: TOKEN },
    }),
    USE,
  )));
  assert.deepEqual(linesOf(xml, "s1 body"), [
    's1 body = "<login><user>" + xml-escape($username) + "</user><password>" + ' +
    'xml-escape($password) + "</password></login>"',
  ]);
});

Deno.test("the step that sends a code is one, though nothing is taken from its answer", () => {
  const lines = stepsOf(
    trace("POST https://a.example/otp/send", {
      json: { phone: "+4915112345678" },
      answer: { ok: true },
    }),
    trace("POST https://a.example/otp/verify", {
      json: { phone: "+4915112345678", otp: "493817" },
      answer: { token: TOKEN },
    }),
    USE,
  );
  assert.deepEqual(lines, [
    "s1 POST https://a.example/otp/send",
    "s2 POST https://a.example/otp/verify (credentials)",
  ]);
});

Deno.test("who logs in is typed also where the page before asked for it alone", () => {
  const flow = flowOf(analyzeLogin(capture(
    trace("POST https://a.example/login/identifier", {
      json: { username: "ann.b" },
      answer: { flow: "fl0w-5a6b7c8d9e0f" },
    }),
    trace("POST https://a.example/login/password", {
      json: { flow: "fl0w-5a6b7c8d9e0f", password: "hunter2!" },
      answer: { token: TOKEN },
    }),
    USE,
  )));
  assert.deepEqual(linesOf(flow, "s1 body", "s2 body"), [
    "s1 body username = $username",
    "s2 body flow = {flow}",
    "s2 body password = $password",
  ]);
  assert.deepEqual(flow.inputs.map(({ name }) => name), ["username", "password"]);
});

Deno.test("an e-mail address in a request that the login needs is typed, whatever the address of the request", () => {
  const flow = flowOf(analyzeLogin(capture(
    trace("POST https://a.example/api/people/lookup", {
      json: { email: "ann@site.example", contact: "help@site.example" },
      answer: { ticket: "tk-93kdXq20aZ" },
    }),
    trace("POST https://a.example/login", {
      json: { ticket: "tk-93kdXq20aZ", password: "hunter2!" },
      answer: { token: TOKEN },
    }),
    USE,
  )));
  assert.equal(linesOf(flow, "s1 body")[0], "s1 body email = $email");
  assert.deepEqual(flow.inputs.map(({ recorded }) => recorded), [
    "ann@site.example",
    "help@site.example",
    "hunter2!",
  ]);
});

Deno.test("an e-mail address that an answer gave the client is taken from there", () => {
  const flow = flowOf(analyzeLogin(capture(
    trace("GET https://a.example/api/config", { answer: { support: "help@site.example" } }),
    trace("POST https://a.example/api/start", {
      json: { contact: "help@site.example" },
      answer: { ticket: "tk-93kdXq20aZ" },
    }),
    trace("POST https://a.example/login", {
      json: { user: "ann", ticket: "tk-93kdXq20aZ", password: "hunter2!" },
      answer: { token: TOKEN },
    }),
    USE,
  )));
  assert.deepEqual(flow.inputs.map(({ name }) => name), ["username", "password"]);
});

const BUTTON_FORM = `<form method=post><input name=username><input type=password name=password>
  <button type=submit name=login>Log on</button></form>`;

Deno.test("a button of the login's form is not asked for, whatever it is called", () => {
  const flow = flowOf(analyzeLogin(capture(
    trace("GET https://a.example/login", { html: BUTTON_FORM }),
    trace("POST https://a.example/login", {
      form: { ...FORM, login: "Log on" },
      answer: { token: TOKEN },
    }),
    USE,
  )));
  assert.deepEqual(flow.inputs.map(({ name }) => name), ["username", "password"]);
});

Deno.test("a button of a step before the password is not asked for", () => {
  const flow = flowOf(analyzeLogin(capture(
    trace("GET https://a.example/login", {
      html:
        `<form method=post><input name=email><button name=login value=next>Next</button></form>`,
    }),
    trace("POST https://a.example/login", {
      form: { email: "ann@b.example", login: "next" },
      html:
        `<form action="/login/password" method=post><input type=hidden name=tx value=tx5a6b7c8d9e>
        <input type=password name=password></form>`,
    }),
    trace("POST https://a.example/login/password", {
      form: { tx: "tx5a6b7c8d9e", password: "hunter2!" },
      answer: { token: TOKEN },
    }),
    USE,
  )));
  assert.deepEqual(flow.inputs.map(({ name }) => name), ["email", "password"]);
});

Deno.test("the submission that leads to a page of the login is a step, and its written field typed", () => {
  const page = (token: string, field: string) =>
    `<form method=post><input type=hidden name=t value="${token}"><input ${field}></form>`;
  const flow = flowOf(analyzeLogin(capture(
    trace("GET https://a.example/online", {
      html: page("c5Rf9a8b7c6d5e4f", "name=customer.id"),
      setCookies: ["sid=1x2y3z4a5b6c; Path=/"],
    }),
    trace("POST https://a.example/online/step?at=1", {
      cookie: "sid=1x2y3z4a5b6c",
      form: { t: "c5Rf9a8b7c6d5e4f", "customer.id": "annb" },
      location: "/online/step?at=2",
    }),
    trace("GET https://a.example/online/step?at=2", {
      cookie: "sid=1x2y3z4a5b6c",
      html: page("d6Sg0b9c8d7e6f5a", "type=password name=password"),
    }),
    trace("POST https://a.example/online/step?at=2", {
      cookie: "sid=1x2y3z4a5b6c",
      form: { t: "d6Sg0b9c8d7e6f5a", password: "hunter2!" },
      setCookies: ["sid=7d8e9f0a1b2c; Path=/"],
      location: "/home",
    }),
    trace("GET https://a.example/api/me", { cookie: "sid=7d8e9f0a1b2c", answer: { n: 1 } }),
  )));
  assert.deepEqual(flow.steps.map(({ trace }) => trace), ["t_0001", "t_0002", "t_0003", "t_0004"]);
  assert.deepEqual(linesOf(flow, "s2 body customer.id"), ["s2 body customer.id = $username"]);
});

Deno.test("an address that a redirect gives somebody after the login is taken from it", () => {
  const lines = stepsOf(
    trace("POST https://a.example/login", { form: FORM, location: "/client/T3ACME" }),
    trace("GET https://a.example/client/T3ACME", {
      html: `<script>var boot = {"api_token":"${TOKEN}"}</script>`,
    }),
    USE,
  );
  assert.deepEqual(lines, [
    "s1 POST https://a.example/login (credentials)",
    "s2 GET {{redirect_url}}",
  ]);
});
