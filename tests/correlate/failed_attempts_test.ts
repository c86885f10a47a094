/** Recordings in which a password was mistyped first. */
import assert from "node:assert/strict";
import { analyzeRecording } from "../../lib/correlate/failed_attempts.ts";
import { flowOf, linesOf } from "../support/flow_text.ts";
import { capture, trace } from "../support/traces.ts";

const TOKEN = "acc-7f6e5d4c3b2a1908";
const page = (csrf: string) =>
  `<form><input name=user><input name=pass type=password><input name=csrf value=${csrf}></form>`;

Deno.test("analyzeRecording() takes the login without the attempt that failed", () => {
  const { analysis, traces } = analyzeRecording(capture(
    trace("GET https://a.example/login", { html: page("c5Rf9a8b7c6d5e4f") }),
    trace("POST https://a.example/login", {
      form: { user: "ann.b", pass: "hunter1", csrf: "c5Rf9a8b7c6d5e4f" },
      html: page("d7Rf9a8b7c6d5e4a"),
    }),
    trace("POST https://a.example/login", {
      form: { user: "ann.b", pass: "hunter2!", csrf: "d7Rf9a8b7c6d5e4a" },
      answer: { token: TOKEN },
    }),
    trace("GET https://a.example/api/me", {
      headers: [["Authorization", `Bearer ${TOKEN}`]],
      answer: {},
    }),
  ));
  assert.deepEqual(traces.map(({ id }) => id), ["t_0001", "t_0003", "t_0004"]);
  assert.deepEqual(linesOf(flowOf(analysis), "s1", "s2", "s3"), [
    "s1 GET https://a.example/login",
    "s1 gives csrf <- form-field csrf",
    "s2 POST https://a.example/login (credentials)",
    "s2 body user = $username",
    "s2 body pass = $password",
    "s2 body csrf = {csrf}",
    "s2 gives token <- json token",
  ]);
});
