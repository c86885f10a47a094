import assert from "node:assert/strict";
import {
  basicCredentials,
  findSubmissions,
  firstAcceptedRun,
  isClientAuthentication,
} from "../../lib/correlate/login_run.ts";
import { Occurrences } from "../../lib/correlate/occurrences.ts";
import { Recording } from "../../lib/correlate/recording.ts";
import { answerRefuses } from "../../lib/correlate/refused_attempt.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const LOGIN = "POST https://a.example/login";

/** `kind name=value` of what the first submission found typed; empty when there is no submission. */
function typedIn(...traces: readonly Trace[]): string[] {
  const submissions = findSubmissions(new Recording(capture(...traces)));
  return (submissions.at(-1)?.typed ?? []).map(({ kind, name, value }) =>
    `${kind} ${name}=${value}`
  );
}

/** The traces of the first run that was accepted. */
function runOf(...traces: readonly Trace[]): string[] {
  const recording = new Recording(capture(...traces));
  const provenance = new Occurrences(recording);
  return firstAcceptedRun(findSubmissions(recording), recording, provenance)
    .map(({ index }) => recording.at(index).trace.id);
}

const TYPED: readonly (readonly [about: string, parts: TraceParts, typed: readonly string[]])[] = [
  ["a form", { form: { username: "ann", password: "hunter2!" } }, [
    "identifier username=ann",
    "password password=hunter2!",
  ]],
  ["nested form names", { form: { "user[email]": "a@b.example", "user[password]": "hunter2!" } }, [
    "identifier email=a@b.example",
    "password password=hunter2!",
  ]],
  ["JSON", { json: { data: { loginId: "ann", pwd: "hunter2!", remember: true } } }, [
    "identifier loginId=ann",
    "password pwd=hunter2!",
  ]],
  ["GraphQL variables", {
    json: {
      query: "mutation L($e: String!, $p: String!) { login(email: $e, password: $p) { token } }",
      variables: { email: "a@b.example", password: "hunter2!" },
    },
  }, ["identifier email=a@b.example", "password password=hunter2!"]],
  ["arguments inside a GraphQL document", {
    json: { query: 'mutation { login(email: "a@b.example", password: "hunter2!") { token } }' },
  }, ["identifier email=a@b.example", "password password=hunter2!"]],
  ["elements of XML", {
    body: [
      "text/xml",
      "<s:Body><login><user>ann</user><password>hunter2!</password></login></s:Body>",
    ],
  }, ["identifier user=ann", "password password=hunter2!"]],
  ["positional parameters of a remote call", {
    json: { jsonrpc: "2.0", method: "user.login", params: ["ann", "hunter2!"] },
  }, ["identifier username=ann", "password password=hunter2!"]],
  ["positional parameters of XML-RPC", {
    body: [
      "text/xml",
      "<methodCall><methodName>auth.login</methodName><params><param><value><string>ann</string></value>" +
      "</param><param><value>hunter2!</value></param></params></methodCall>",
    ],
  }, ["identifier username=ann", "password password=hunter2!"]],
  ["XML-RPC that is not a login", {
    body: [
      "text/xml",
      "<methodCall><methodName>notes.add</methodName><value>ann</value></methodCall>",
    ],
  }, []],
  ["user:password in base64", { json: { auth: btoa("ann:hunter2!") } }, [
    "identifier username=ann",
    "password password=hunter2!",
  ]],
  ["a SAML message", {
    form: { SAMLRequest: btoa('<p:AuthnRequest xmlns:p="urn:x" ID="_5a6b"/>') },
  }, []],
  ["a code", { json: { otp: "493817" } }, ["one-time-code otp=493817"]],
  ["a PIN of a member", { json: { memberId: "ann", pin: "4711" } }, [
    "identifier memberId=ann",
    "password pin=4711",
  ]],
  ["a grant of OAuth", {
    form: { grant_type: "password", username: "ann", password: "hunter2!" },
  }, ["identifier username=ann", "password password=hunter2!"]],
  ["the field before the password", { form: { badge: "ann", password: "hunter2!" } }, [
    "identifier badge=ann",
    "password password=hunter2!",
  ]],
  ["a form with a button", {
    form: { "ctl00$user": "ann", "ctl00$pwd": "hunter2!", "ctl00$btnLogin": "Sign in" },
  }, ["identifier user=ann", "password pwd=hunter2!"]],
  ["a change of password", { form: { password: "hunter2!", new_password: "hunter3!" } }, []],
  ["a flag", { json: { password: true, email: "a@b.example" } }, []],
  ["an empty password", { form: { username: "ann", password: "" } }, []],
  ["nothing typed", { json: { page: 1, q: "shoes" } }, []],
];

for (const [about, parts, typed] of TYPED) {
  Deno.test(`findSubmissions() reads what was typed: ${about}`, () => {
    assert.deepEqual(typedIn(trace(LOGIN, { ...parts, answer: {} })), typed);
  });
}

Deno.test("findSubmissions() goes by a page's password box, in whatever language the field is named", () => {
  const page = trace("GET https://a.example/login", {
    html: `<form><input name="brugernavn"><input type="password" name="adgangskode"></form>`,
  });
  const login = trace(LOGIN, { form: { brugernavn: "ann", adgangskode: "hunter2!" } });
  assert.deepEqual(typedIn(page, login), [
    "identifier brugernavn=ann",
    "password adgangskode=hunter2!",
  ]);
});

Deno.test("findSubmissions() knows the user name by the box before the password box, not by a hidden field", () => {
  const page = trace("GET https://a.example/page?id=start", {
    html: `<form method=post><input type=hidden name=id value=start>
      <input type=hidden name=login value="open the door"><input name=u>
      <input type=password name=p></form>`,
  });
  const form = { id: "start", login: "open the door", u: "ann", p: "hunter2!" };
  assert.deepEqual(typedIn(page, trace("POST https://a.example/page?id=start", { form })), [
    "identifier u=ann",
    "password p=hunter2!",
  ]);
});

Deno.test("findSubmissions() keeps a user name that the second page of a login has in a hidden field", () => {
  const page = trace("POST https://a.example/who", {
    form: { username: "ann" },
    html: `<form><input type=hidden name=username value=ann><input type=password name=pass></form>`,
  });
  const login = trace(LOGIN, { form: { username: "ann", pass: "hunter2!" } });
  assert.deepEqual(typedIn(page, login), ["identifier username=ann", "password pass=hunter2!"]);
});

Deno.test("findSubmissions() takes a PIN for a code where somebody was named before", () => {
  const asked = trace("POST https://a.example/start", { json: { phone: "+4915112345678" } });
  const login = trace(LOGIN, { json: { phone: "+4915112345678", pin: "471123" } });
  assert.deepEqual(typedIn(asked, login), [
    "identifier phone=+4915112345678",
    "one-time-code pin=471123",
  ]);
});

Deno.test("findSubmissions() takes nothing for typed that a page shows as a button", () => {
  const page = trace("GET https://a.example/login", {
    html: `<form><input name="badge"><input type="password" name="pass">
      <input type="submit" name="login" value="Log on now"></form>`,
  });
  const login = trace(LOGIN, { form: { badge: "ann", pass: "hunter2!", login: "Log on now" } });
  assert.deepEqual(typedIn(page, login), ["identifier badge=ann", "password pass=hunter2!"]);
});

Deno.test("findSubmissions() leaves registrations, preflights and unanswered requests out", () => {
  const parts = { form: { username: "ann", password: "hunter2!" } };
  assert.deepEqual(typedIn(trace("POST https://a.example/register", parts)), []);
  assert.deepEqual(typedIn(trace("OPTIONS https://a.example/login", parts)), []);
  assert.deepEqual(typedIn(trace(LOGIN, { ...parts, status: 0 })), []);
});

Deno.test("answerRefuses() knows a no by status, by error, and by the same form again", () => {
  const form = { username: "ann", password: "wrong" };
  const loginForm = `<form><input name=username><input type=password name=password></form>`;
  const cases: [string, TraceParts, boolean][] = [
    ["2xx", { form, answer: { token: "t" } }, false],
    ["a redirect", { form, location: "/home" }, false],
    ["401", { form, status: 401, answer: {} }, true],
    ["500", { form, status: 500 }, true],
    ["no answer", { form, status: 0 }, true],
    ["JSON-RPC error", { form, answer: { error: { code: -1 } } }, true],
    ["an empty error", { form, answer: { error: null, token: "t" } }, false],
    ["error: false", { form, answer: { error: false, token: "t" } }, false],
    ["GraphQL errors", { form, answer: { errors: [{ message: "no" }], data: null } }, true],
    ["no GraphQL errors", { form, answer: { errors: [], data: {} } }, false],
    ["success: false", { form, answer: { success: false } }, true],
    ["ok: false", { form, answer: { ok: false } }, true],
    ["the form again", { form, html: loginForm }, true],
    ["another page", { form, html: "<h1>Hello Ann</h1>" }, false],
  ];
  for (const [about, parts, expected] of cases) {
    const [message] = new Recording(capture(trace(LOGIN, parts))).messages;
    assert.equal(answerRefuses(message!), expected, about);
  }
});

const PASSWORD = { form: { username: "ann", password: "hunter2!" } };
const TOKEN = "acc-7f6e5d4c3b2a1908";
const USE = trace("GET https://a.example/api/me", {
  headers: [["Authorization", `Bearer ${TOKEN}`]],
  answer: {},
});

Deno.test("firstAcceptedRun() passes over attempts that were refused", () => {
  assert.deepEqual(
    runOf(
      trace(LOGIN, { ...PASSWORD, status: 401, answer: {} }),
      trace(LOGIN, { ...PASSWORD, answer: { success: false } }),
      trace(LOGIN, { ...PASSWORD, answer: { token: TOKEN } }),
      USE,
    ),
    ["t_0003"],
  );
});

Deno.test("firstAcceptedRun() takes the later of two attempts when nothing came of the first", () => {
  const silent = trace(LOGIN, { ...PASSWORD, html: "<p>Wrong user name or password</p>" });
  assert.deepEqual(
    runOf(silent, trace(LOGIN, { ...PASSWORD, answer: { token: TOKEN } }), USE),
    ["t_0002"],
  );
});

Deno.test("firstAcceptedRun() stays with the first login that was used", () => {
  const again = trace(LOGIN, { ...PASSWORD, answer: { token: "acc-0918273645fedcba" } });
  assert.deepEqual(
    runOf(trace(LOGIN, { ...PASSWORD, answer: { token: TOKEN } }), USE, again),
    ["t_0001"],
  );
  const cookie = trace(LOGIN, { ...PASSWORD, setCookies: ["sid=k3Xw9QzL7mNp"] });
  const home = trace("GET https://a.example/home", { cookie: "sid=k3Xw9QzL7mNp", html: "<p>hi" });
  assert.deepEqual(runOf(cookie, home, cookie), ["t_0001"]);
});

Deno.test("firstAcceptedRun() joins the steps of one login, and no later reauthentication", () => {
  const password = trace(LOGIN, { ...PASSWORD, answer: { ticket: TOKEN } });
  const code = trace("POST https://a.example/login/otp", {
    json: { ticket: TOKEN, otp: "493817" },
    answer: { token: TOKEN },
  });
  assert.deepEqual(runOf(password, code, USE), ["t_0001", "t_0002"]);
  const work = Array.from({ length: 26 }, () => USE);
  assert.deepEqual(runOf(password, ...work, code), ["t_0001"]);
});

Deno.test("basicCredentials() reads user and password, colons in the password kept", () => {
  const cases: [string, { user: string; password: string } | null][] = [
    [`Basic ${btoa("ann:a:b")}`, { user: "ann", password: "a:b" }],
    [`basic ${btoa("ann:")}`, { user: "ann", password: "" }],
    [`Basic ${btoa("nocolon")}`, null],
    ["Bearer abc", null],
    ["Basic ???", null],
  ];
  for (const [header, expected] of cases) {
    const [message] = new Recording(
      capture(trace("GET https://a.example/", { headers: [["Authorization", header]] })),
    ).messages;
    assert.deepEqual(basicCredentials(message!), expected, header);
  }
});

Deno.test("isClientAuthentication() is true where Basic names the OAuth client", () => {
  const messageOf = (parts: TraceParts) =>
    new Recording(capture(trace("POST https://a.example/token", parts))).messages[0]!;
  assert.equal(isClientAuthentication(messageOf({ form: { grant_type: "refresh_token" } })), true);
  assert.equal(isClientAuthentication(messageOf({ form: { user: "ann" } })), false);
  assert.equal(isClientAuthentication(messageOf({ json: { grant_type: "password" } })), false);
});

Deno.test("findSubmissions() finds who logs in in the address where the answer names them", () => {
  const put = (answer: TraceParts["answer"]) =>
    trace("PUT https://a.example/v1/auth/login/ann", {
      json: { password: "hunter2!" },
      answer: answer!,
    });
  assert.deepEqual(typedIn(put({ auth: { metadata: { username: "ann" } } })), [
    "identifier username=ann",
    "password password=hunter2!",
  ]);
  assert.deepEqual(typedIn(put({ method: "ann" })), ["password password=hunter2!"]);
});

Deno.test("findSubmissions() takes no field a page fills in and hides for who logs in", () => {
  const page = trace("GET https://a.example/login", {
    html: `<form><input type="password" name="password">
      <input type="hidden" name="_eventId" value="proceed"></form>`,
  });
  const login = trace(LOGIN, { form: { password: "hunter2!", _eventId: "proceed" } });
  assert.deepEqual(typedIn(page, login), ["password password=hunter2!"]);
});

Deno.test("findSubmissions() reads no answer for opaque values that nothing calls a secret", () => {
  let read = 0;
  const traces = capture(
    ...Array.from(
      { length: 20 },
      (_, at) =>
        trace(`POST https://a.example/items?cursor=k3Jd83hQ0xLm${at}`, {
          json: { item: `9fK2mZq81LsX${at}` },
          answer: { done: true },
        }),
    ),
  ).map((one) => ({
    ...one,
    response: {
      ...one.response!,
      get body() {
        read++;
        return one.response!.body;
      },
    },
  }));
  assert.deepEqual(findSubmissions(new Recording(traces)), []);
  assert.equal(read, 0);
});
