/** Logins in which a step hands something on to the next that is neither a header nor called a credential. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { JsonValue } from "../../lib/base/json.ts";
import { laterLogins, sessionsOf } from "../../lib/correlate/sessions.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { flowLines, flowOf } from "../support/flow_text.ts";
import { capture, trace, type TraceParts } from "../support/traces.ts";

const SITE = "https://weir.example";
const USER = { login: "nora.falk", password: "Otter&Reed" };
const TOKEN = "Lk2v9QxT7bRm4WzC1nHd";

function linesOf(...traces: Trace[]): string[] {
  return flowLines(flowOf(analyzeLogin(capture(...traces))));
}

function reading(path: string, parts: TraceParts): Trace[] {
  const answer: JsonValue = { locks: [1], of: "nora.falk" };
  return [
    trace(`GET ${SITE}${path}`, { answer, ...parts }),
    trace(`GET ${SITE}${path}&p=2`, { answer, ...parts }),
  ];
}

Deno.test("a ticket that is exchanged in a path is taken from the login, and the exchange is a step", () => {
  const bearer: TraceParts = { headers: [["Authorization", `Bearer ${TOKEN}`]] };
  const lines = linesOf(
    trace(`POST ${SITE}/login`, { json: USER, answer: { ticket: "WQZHPLTDR" } }),
    trace(`POST ${SITE}/swap/WQZHPLTDR`, { answer: { grants: [{ value: TOKEN }] } }),
    ...reading("/api/locks?s=1", bearer),
  );
  assert.ok(lines.includes(`s2 POST ${SITE}/swap/{ticket}`), lines.join("\n"));
});

Deno.test("what the user did with a session in the app is not an exchange", () => {
  const bearer: TraceParts = { headers: [["Authorization", `Bearer ${TOKEN}`]] };
  const flow = flowOf(analyzeLogin(capture(
    trace(`POST ${SITE}/login`, { json: USER, answer: { token: TOKEN, place: "b-4711" } }),
    trace(`POST ${SITE}/boats/b-4711`, { ...bearer, answer: { key: "f00d9e8d7c6b5a4f" } }),
    ...reading("/api/locks?s=1", {
      headers: [...bearer.headers!, ["X-Key", "f00d9e8d7c6b5a4f"]],
    }),
  )));
  assert.equal(flow.steps.length, 1);
});

Deno.test("a login goes on where its answer says the next address is", () => {
  const next = "/login/done?grant=90b1c7d3e5f2a846";
  const lines = linesOf(
    trace(`POST ${SITE}/login`, { json: USER, answer: { next } }),
    trace(`GET ${SITE}${next}`, { setCookies: ["rudder=7d2f90ab41c8e6f3; Path=/"], answer: {} }),
    ...reading("/api/locks?s=1", { headers: [["Cookie", "rudder=7d2f90ab41c8e6f3"]] }),
  );
  assert.ok(lines.includes("result cookie rudder"), lines.join("\n"));
  assert.ok(lines.some((line) => line.startsWith("s2 GET")), lines.join("\n"));
});

Deno.test("what an answer issued was not typed, though the field is called like a password", () => {
  const flow = flowOf(analyzeLogin(capture(
    trace(`POST ${SITE}/begin`, { json: {}, answer: { run: "8-214" } }),
    trace(`POST ${SITE}/begin/8-214/login`, { json: USER, answer: { pass: TOKEN } }),
    ...reading(`/api/locks?pass=${TOKEN}`, {}),
  )));
  assert.deepEqual(flow.inputs.map(({ kind }) => kind), ["identifier", "password"]);
  assert.deepEqual(flow.result.queryParams.map(([name, { kind }]) => [name, kind]), [
    ["pass", "extracted"],
  ]);
});

Deno.test("a header that numbers the requests is made anew, whatever it is called", () => {
  const numbered = (digit: string): TraceParts => ({
    headers: [
      ["Tool-Token", `1e4ae46c-1075-40f6-b570-35fb7c7c213${digit}`],
      ["Authorization", `Bearer ${TOKEN}`],
    ],
  });
  const lines = linesOf(
    trace(`POST ${SITE}/login`, {
      json: USER,
      answer: { token: TOKEN },
      headers: [numbered("a").headers![0]!],
    }),
    trace(`GET ${SITE}/api/locks`, { ...numbered("b"), answer: { locks: [1] } }),
    trace(`GET ${SITE}/api/boats`, { ...numbered("c"), answer: { boats: [1] } }),
  );
  assert.ok(lines.includes("s1 header Tool-Token = ~tool_token"), lines.join("\n"));
});

Deno.test("laterLogins() takes two logins of one recording apart where the second begins", () => {
  const login = (build: string, token: string) => [
    trace(`GET ${SITE}/login`, { html: "<form><input type=password name=password></form>" }),
    trace(`POST ${SITE}/login`, { json: { ...USER, build }, answer: { token } }),
    trace(`GET ${SITE}/api/locks`, {
      headers: [["Authorization", `Bearer ${token}`]],
      answer: { locks: [1] },
    }),
  ];
  const traces = capture(
    ...login("a1b2c3d4e5", TOKEN),
    ...login("a1b2c3d4e5", "Zx8w7V6u5T4s3R2q1P0o"),
  );
  assert.deepEqual(laterLogins(traces).map((later) => later.map(({ id }) => id)), [
    ["t_0004", "t_0005", "t_0006"],
  ]);
  assert.deepEqual(laterLogins(traces.slice(0, 3)), []);
});

Deno.test("sessionsOf() joins files whose steps hand a number on", () => {
  const start = trace(`POST ${SITE}/start`, {
    json: { login: "nora.falk" },
    answer: { run: "739105" },
  });
  const finish = trace(`POST ${SITE}/finish`, {
    json: { run: "739105", password: "Otter&Reed" },
    answer: { token: TOKEN },
  });
  assert.equal(sessionsOf([capture(start), capture(finish)]).length, 1);
});

Deno.test("addresses that a session's answers name are the app's, no steps of the login", () => {
  const cookie: TraceParts = { headers: [["Cookie", "rudder=7d2f90ab41c8e6f3"]] };
  const boat = "/api/boats/90b1c7d3e5f2a846";
  const flow = flowOf(analyzeLogin(capture(
    trace(`POST ${SITE}/login`, {
      json: USER,
      setCookies: ["rudder=7d2f90ab41c8e6f3; Path=/"],
      answer: { boat },
    }),
    trace(`GET ${SITE}${boat}`, { ...cookie, setCookies: ["keel=5a1c88d0f3e2b794"], answer: {} }),
    ...reading("/api/locks?s=1", {
      headers: [["Cookie", "rudder=7d2f90ab41c8e6f3; keel=5a1c88d0f3e2b794"]],
    }),
  )));
  assert.equal(flow.steps.length, 1);
});

Deno.test("a word of a path that some answer uses for a key is the client's own", () => {
  const bearer: TraceParts = { headers: [["Authorization", `Bearer ${TOKEN}`]] };
  const lines = linesOf(
    trace(`GET ${SITE}/menu`, { answer: { items: [{ key: "entry", token_type: "portal" }] } }),
    trace(`POST ${SITE}/portal/entry/login`, { json: USER, answer: { token: TOKEN } }),
    ...reading("/api/locks?s=1", bearer),
  );
  assert.equal(lines[0], `s1 POST ${SITE}/portal/entry/login (credentials)`);
});
