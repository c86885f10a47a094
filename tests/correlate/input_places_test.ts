/** Which places take what the user typed: names and passwords that are words of something else too. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { flowLines, flowOf, linesOf } from "../support/flow_text.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const TOKEN = "tk-4c1d9e8f7a6b5032";
const use = trace("GET https://a.example/api/me", {
  headers: [["Authorization", `Bearer ${TOKEN}`]],
  answer: {},
});

function login(line: string, parts: TraceParts, ...before: readonly Trace[]): string[] {
  const traces = capture(...before, trace(line, { answer: { token: TOKEN }, ...parts }), use);
  const flow = flowOf(analyzeLogin(traces));
  return linesOf(flow, flow.steps.at(-1)!.id).filter((line) => !line.includes(" gives "));
}

Deno.test("a client, a scope and a path that are called like the user stay what they are", () => {
  const form = {
    grant_type: "password",
    client_id: "depot",
    scope: "depot.read",
    redirect_uri: "https://a.example/depot/back",
    username: "depot",
    password: "kestrel-7",
  };
  assert.deepEqual(login("POST https://a.example/depot/token", { form }), [
    "s1 POST https://a.example/depot/token (credentials)",
    's1 body grant_type = "password"',
    's1 body client_id = "depot"',
    's1 body scope = "depot.read"',
    's1 body redirect_uri = "https://a.example/depot/back"',
    "s1 body username = $username",
    "s1 body password = $password",
  ]);
});

Deno.test("a field of the user's other names is the user's, a word the app uses elsewhere is not", () => {
  const json = { login: "root", username: "root", password: "kestrel-7", alias: "root" };
  assert.deepEqual(login("POST https://a.example/enter", { json }).slice(1), [
    "s1 body login = $username",
    "s1 body username = $username",
    "s1 body password = $password",
    "s1 body alias = $username",
  ]);
  const inPath = login("POST https://a.example/root/enter", { json });
  assert.equal(inPath.at(-1), 's1 body alias = "root"');
});

Deno.test("a path names the user behind a segment of people, and where the name tells by itself", () => {
  const json = { user: "mo", password: "kestrel-7" };
  const [people] = login("POST https://a.example/users/mo/login", { json });
  assert.equal(people, "s1 POST https://a.example/users/$username/login (credentials)");
  const [product] = login("POST https://a.example/mo/login", { json });
  assert.equal(product, "s1 POST https://a.example/mo/login (credentials)");
  const telling = { ...json, client_id: "web-mo.adler", user: "mo.adler" };
  assert.ok(
    login("POST https://a.example/login", { json: telling }).includes(
      's1 body client_id = "web-" + $username',
    ),
  );
});

Deno.test("what was sent before anything was typed does not derive from it", () => {
  const json = { user: "field", password: "kestrel-7", mark: "field" };
  const hello = trace("POST https://a.example/hello", { json: { mark: "field" }, answer: {} });
  assert.equal(login("POST https://a.example/login", { json }).at(-1), "s1 body mark = $username");
  assert.equal(
    login("POST https://a.example/login", { json }, hello).at(-1),
    's1 body mark = "field"',
  );
});

Deno.test("a password that is a word of the protocol is asked for, and the word stays", () => {
  const json = { action: "enter", client: "web-enter", user: "ann.b", password: "enter" };
  assert.deepEqual(login("POST https://a.example/enter", { json }), [
    "s1 POST https://a.example/enter (credentials)",
    's1 body action = "enter"',
    's1 body client = "web-enter"',
    "s1 body user = $username",
    "s1 body password = $password",
  ]);
});

Deno.test("a password is never cut at the user's name, wherever the two stand", () => {
  const b64 = (text: string) => btoa(text);
  const url64 = (text: string) => btoa(text).replace(/=+$/, "").replaceAll("+", "-");
  const bodies: [TraceParts, string][] = [
    [{ json: { auth: b64("ann:oak-ann") } }, 'auth = base64($username + ":" + $password)'],
    [{ json: { auth: url64("ann:o:ak~ann") } }, 'auth = base64url($username + ":" + $password)'],
    [
      { json: { query: 'mutation { login(user: "ann", password: "ann ann") { ok } }' } },
      "query = " +
      '"mutation { login(user: \\"" + json-escape($username) + "\\", password: \\"" + ' +
      'json-escape($password) + "\\") { ok } }"',
    ],
    [{ json: { method: "login", params: ["ann", "oak ann"] } }, "params.1 = $password"],
    [{ json: { method: "login", params: ["ann", "ann"] } }, "params.1 = $password"],
    [{ json: { user: "ann", password: "ann" } }, "password = $password"],
    [
      { body: ["text/xml", "<L><User>ann</User><Password>ann&amp;x</Password></L>"] },
      '= "<L><User>" + xml-escape($username) + "</User><Password>" + xml-escape($password) + "</Password></L>"',
    ],
  ];
  for (const [parts, expected] of bodies) {
    assert.equal(login("POST https://a.example/login", parts).at(-1), `s1 body ${expected}`);
  }
});

Deno.test("user name and password of Basic are parted by the first colon, also where they are one word", () => {
  for (
    const [user, password] of [["ann", "oak-ann"], ["ann", "ann"], ["ann", "ann:ann"]] as const
  ) {
    const headers = [["Authorization", `Basic ${btoa(`${user}:${password}`)}`]] as const;
    const traces = capture(
      trace("GET https://a.example/", {
        headers,
        html: "<h1>Hi",
        setCookies: ["csrf=9f8e7d6c5b4a3928; Path=/"],
      }),
      trace("GET https://a.example/api/me", {
        headers: [...headers, ["X-CSRF", "9f8e7d6c5b4a3928"]],
        cookie: "csrf=9f8e7d6c5b4a3928",
        answer: {},
      }),
    );
    const flow = flowOf(analyzeLogin(traces));
    assert.deepEqual(flow.inputs.map(({ recorded }) => recorded), [user, password]);
    assert.ok(
      flowLines(flow).includes(
        'result header Authorization = "Basic " + base64($username + ":" + $password)',
      ),
    );
  }
});
