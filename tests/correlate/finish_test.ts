/** Names, numbers and hosts of a finished flow. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import { flowLines, flowOf, linesOf } from "../support/flow_text.ts";
import { capture, trace } from "../support/traces.ts";

const TOKEN = "acc-7f6e5d4c3b2a1908";
const USE = trace("GET https://api.example/me", {
  headers: [["Authorization", `Bearer ${TOKEN}`]],
  answer: {},
});

Deno.test("finishFlow() numbers equal names in order, without gaps", () => {
  const page = (csrf: string) => `<form><input type=hidden name=csrf value="${csrf}"></form>`;
  const flow = flowOf(analyzeLogin(capture(
    trace("GET https://id.example/login", { html: page("c5Rf9a8b7c6d5e4f") }),
    trace("POST https://id.example/login", {
      form: { csrf: "c5Rf9a8b7c6d5e4f", username: "ann", password: "hunter2!" },
      html: page("d6Sg0b9c8d7e6f5a"),
    }),
    trace("POST https://id.example/login/otp", {
      form: { csrf: "d6Sg0b9c8d7e6f5a", otp: "493817" },
      answer: { token: TOKEN },
    }),
    USE,
  )));
  assert.deepEqual(linesOf(flow, "s1 gives", "s2 gives", "s3 gives", "s3 body"), [
    "s1 gives csrf <- form-field csrf",
    "s2 gives csrf_2 <- form-field csrf",
    "s3 body csrf = {csrf_2}",
    "s3 body otp = $one_time_code",
    "s3 gives token <- json token",
  ]);
});

Deno.test("finishFlow() takes back numbers of names that nothing uses, labels too", () => {
  const refused = trace("POST https://id.example/login", {
    form: { username: "anne", password: "hunter1!" },
    status: 401,
  });
  const minted = trace("POST https://id.example/signin", {
    form: { username: "ann", password: "hunter2!" },
    answer: { decoy: "dcy-5a6b7c8d9e0f1a2b", token: TOKEN },
  });
  const flow = flowOf(analyzeLogin(capture(refused, minted, USE)));
  assert.deepEqual(flow.inputs.map(({ name, label }) => [name, label]), [
    ["username", "Username"],
    ["password", "Password"],
  ]);
});

Deno.test("finishFlow() keeps names clear of the words of the script", () => {
  const flow = flowOf(analyzeLogin(capture(
    trace("POST https://id.example/start", {
      answer: {
        class: "c1a5-5a6b7c8d9e0f",
        headers: "h3ad-6b7c8d9e0f1a",
        "9 lives": "n1ne-7c8d9e0f1a2b",
      },
    }),
    trace("POST https://id.example/login", {
      json: {
        class: "c1a5-5a6b7c8d9e0f",
        headers: "h3ad-6b7c8d9e0f1a",
        lives: "n1ne-7c8d9e0f1a2b",
        username: "ann",
        password: "hunter2!",
      },
      answer: { session: TOKEN },
    }),
    USE,
  )));
  const ids = flow.steps.flatMap(({ extractions }) => extractions.map(({ id }) => id));
  assert.deepEqual(ids, ["class_value", "headers", "lives", "session_value"]);
  for (const id of ids) assert.match(id, /^[a-z][a-z0-9_]*$/);
});

Deno.test("finishFlow() lists every host in the order of use, with its port", () => {
  const flow = flowOf(analyzeLogin(capture(
    trace("GET https://a.example:8443/login", {
      location: "http://localhost:9000/auth?tx=tx5a6b7c8d9e0f1a",
    }),
    trace("GET http://localhost:9000/auth?tx=tx5a6b7c8d9e0f1a", {
      html: `<form method=post action="/auth?tx=tx5a6b7c8d9e0f1a"></form>`,
    }),
    trace("POST http://localhost:9000/auth?tx=tx5a6b7c8d9e0f1a", {
      form: { username: "ann", password: "hunter2!" },
      answer: { token: TOKEN },
    }),
    USE,
  )));
  assert.deepEqual(flow.hosts, ["a.example:8443", "localhost:9000"]);
  assert.deepEqual(flow.apiOrigins, ["https://api.example"]);
});

Deno.test("finishFlow() drops what the user typed and no step sends", () => {
  const flow = flowOf(analyzeLogin(capture(
    trace("POST https://id.example/newsletter", { form: { email: "ann@a.example" }, answer: {} }),
    trace("POST https://id.example/login", {
      form: { username: "ann", password: "hunter2!" },
      answer: { token: TOKEN },
    }),
    USE,
  )));
  assert.deepEqual(flow.inputs.map(({ name }) => name), ["username", "password"]);
  assert.ok(!flowLines(flow).some((line) => line.includes("newsletter")));
});
