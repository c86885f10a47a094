/** What the judge of typed values finds, and the reason it prints. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import { Recording } from "../../lib/correlate/recording.ts";
import { TypedJudge } from "../../lib/correlate/typed_judge.ts";
import type { TypedValue } from "../../lib/correlate/typed_value.ts";
import { flowOf, linesOf } from "../support/flow_text.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const PAGE = `<form><input type=hidden name=k value=v8><input name=kto>
  <input type=password name=heslicko><input type=submit name=go value=In></form>`;

/** `kind value: why` of what is typed into the last request. */
function judged(line: string, parts: TraceParts, options: Judged = {}): string[] {
  const before = options.page === undefined
    ? []
    : [trace("GET https://a.example/", { html: PAGE })];
  const recording = new Recording(capture(...before, trace(line, { answer: {}, ...parts })));
  const judge = new TypedJudge(recording, options.hints);
  return judge.submission(recording.messages.at(-1)!)
    .map(({ kind, value, why }) => `${kind} ${value}: ${why}`);
}

interface Judged {
  readonly page?: string;
  readonly hints?: readonly TypedValue[];
}

Deno.test("TypedJudge goes by the page first, and says which", () => {
  const form = { k: "v8", kto: "ann", heslicko: "kestrel-7", go: "In" };
  assert.deepEqual(judged("POST https://a.example/go", { form }, { page: PAGE }), [
    "identifier ann: the box before the password box of t_0001 sends it",
    "password kestrel-7: a password box of t_0001 sends it",
  ]);
});

Deno.test("TypedJudge takes what was told where it stands, whatever the field is called", () => {
  const place = { kind: "text" as const };
  const hints = [{ kind: "password" as const, name: "Password", value: "kestrel-7", place }];
  const json = { who: "ann", magic: "kestrel-7", client_id: "kestrel-7" };
  assert.deepEqual(judged("POST https://a.example/enter", { json }, { hints }), [
    "identifier ann: it stands right before the password",
    "password kestrel-7: you told it",
  ]);
});

Deno.test("TypedJudge finds names that are numbers, and names in the address", () => {
  const json = { username: "7", password: "kestrel-7", version: 7 };
  assert.equal(
    judged("POST https://a.example/login", { json })[0],
    'identifier 7: the field is called "username"',
  );
  assert.deepEqual(
    judged("POST https://a.example/members/ann/session", { json: { password: "kestrel-7" } }),
    [
      'identifier ann: it stands behind "members" in the address',
      'password kestrel-7: the field is called "password"',
    ],
  );
  assert.equal(
    judged("POST https://a.example/users/session", { json: { password: "k7" } }).length,
    1,
  );
});

Deno.test("TypedJudge reads positions of remote calls with an object of their own", () => {
  const json = { method: "login", params: ["ann", { password: "kestrel-7" }] };
  assert.deepEqual(judged("POST https://a.example/rpc", { json }), [
    "identifier ann: it stands right before the password",
    'password kestrel-7: the field is called "password"',
  ]);
});

Deno.test("TypedJudge decodes what a field holds in base64, padded or long, and nothing else", () => {
  const password = (value: string) =>
    judged("POST https://a.example/login", { json: { username: "ann", password: value } }).at(-1);
  const why = 'the field is called "password"';
  assert.equal(password(btoa("kestrel")), `password kestrel: ${why}, in base64`);
  assert.equal(password(btoa("a-longer-kestrel")), `password a-longer-kestrel: ${why}, in base64`);
  for (const typed of ["Kestrel2026", "correcthorse", "hunter2!", "Password", "12345678"]) {
    assert.equal(password(typed), `password ${typed}: ${why}`);
  }
});

Deno.test("a password that is sent in base64 is asked for as it was typed", () => {
  const traces = capture(
    trace("POST https://a.example/login", {
      json: { username: "ann", password: btoa("kestrel") },
      answer: { token: "tk-4c1d9e8f7a6b5032" },
    }),
    trace("GET https://a.example/api/me", {
      headers: [["Authorization", "Bearer tk-4c1d9e8f7a6b5032"]],
      answer: {},
    }),
  );
  const flow = flowOf(analyzeLogin(traces));
  assert.deepEqual(linesOf(flow, "s1 body"), [
    "s1 body username = $username",
    "s1 body password = base64($password)",
  ]);
  assert.equal(flow.inputs.at(-1)!.recorded, "kestrel");
});

Deno.test("a short ticket is taken from the answer that gave it under this name, however it looks", () => {
  const login = (first: TraceParts) =>
    flowOf(analyzeLogin(capture(
      trace("POST https://a.example/begin", { json: { username: "ann" }, ...first }),
      trace("POST https://a.example/end", {
        json: { attempt: 472, page: 20, password: "kestrel-7" },
        answer: { token: "tk-4c1d9e8f7a6b5032" },
      }),
      trace("GET https://a.example/api/me", {
        headers: [["Authorization", "Bearer tk-4c1d9e8f7a6b5032"]],
        answer: {},
      }),
    )));
  const issued = login({ answer: { attempt: 472, page: 20 } });
  assert.deepEqual(linesOf(issued, "s1 body", "s2 body"), [
    "s1 body username = $username",
    "s2 body attempt = {attempt} as number",
    "s2 body page = 20",
    "s2 body password = $password",
  ]);
});

Deno.test("a token that looks like a word comes from the login's answer where a credential stands", () => {
  const flow = flowOf(analyzeLogin(capture(
    trace("POST https://a.example/login", {
      json: { username: "ann", password: "kestrel-7" },
      answer: { token: "blue-door", id: "9a8b7c6d5e4f3a2b" },
    }),
    trace("GET https://a.example/api/me", {
      headers: [["Authorization", "Token blue-door"], ["X-Client", "9a8b7c6d5e4f3a2b"]],
      answer: {},
    }),
  )));
  assert.ok(linesOf(flow, "result").includes('result header Authorization = "Token " + {token}'));
});

Deno.test("TypedJudge judges what stands inside a document by the same evidence as fields", () => {
  const hints = [{
    kind: "password" as const,
    name: "Password",
    value: "Salt & Rim",
    place: { kind: "text" as const },
  }];
  const query = (call: string) => ({ json: { query: `mutation { ${call} { id } }` } });
  const enter = query('enter(konto: "b.oye", losung: "Salt & Rim")');
  assert.deepEqual(judged("POST https://a.example/graph", enter), []);
  assert.deepEqual(judged("POST https://a.example/graph", enter, { hints }), [
    "identifier b.oye: it stands right before the password",
    "password Salt & Rim: you told it",
  ]);
  const change = query('change(password: "Salt & Rim", newPassword: "Ebb-Tide-3")');
  assert.deepEqual(judged("POST https://a.example/graph", change), []);
});

Deno.test("TypedJudge takes a PIN for a password where nobody was named before, however who it is was told", () => {
  const place = { kind: "text" as const };
  const why = "a recording browser saw it typed";
  const hints = [{ kind: "identifier" as const, name: "Medlem", value: "k-77", place, why }];
  const enter = trace("POST https://a.example/enter", {
    json: { medlem: "k-77", pin: "4711" },
    answer: {},
  });
  const pinAfter = (json: object) => {
    const recording = new Recording(capture(
      trace("POST https://a.example/begin", { json: json as never, answer: {} }),
      enter,
    ));
    return new TypedJudge(recording, hints).submission(recording.at(1))
      .map(({ kind, value }) => `${kind} ${value}`);
  };
  assert.deepEqual(pinAfter({ step: 1 }), ["identifier k-77", "password 4711"]);
  assert.deepEqual(pinAfter({ medlem: "k-77" }), ["identifier k-77", "one-time-code 4711"]);
});
