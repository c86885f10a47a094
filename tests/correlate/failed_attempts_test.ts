/** Recordings in which a password was mistyped first. */
import assert from "node:assert/strict";
import { analyzeRecording } from "../../lib/correlate/failed_attempts.ts";
import type { TypedValue } from "../../lib/correlate/typed_value.ts";
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

const SIGN_IN =
  "<form action=/session method=post><input name=user><input name=pass type=password></form>";
const sent = (pass: string, location: string, sid: string) =>
  trace("POST https://b.example/session", {
    form: { user: "ann.b", pass },
    location,
    setCookies: [`sid=${sid}; HttpOnly`],
    cookie: "sid=q0Rf9a8b7c6d5e4f",
  });
const shown = (path: string, html: string, sid: string) =>
  trace(`GET https://b.example${path}`, { html, cookie: `sid=${sid}` });
const [FIRST, SECOND, THIRD] = [
  "q0Rf9a8b7c6d5e4f",
  "r1Rf9a8b7c6d5e4f",
  "s2Rf9a8b7c6d5e4f",
] as const;
const opened = trace("GET https://b.example/login", {
  html: SIGN_IN,
  setCookies: [`sid=${FIRST}; HttpOnly`],
});
const back = [sent("hunter1", "/login", SECOND), shown("/login", SIGN_IN, SECOND)];
const hints: TypedValue[] = ["hunter1", "hunter2!"].map((value) => ({
  kind: "password",
  name: "pass",
  value,
  place: { kind: "form", name: "pass", index: 1 },
}));

Deno.test("analyzeRecording() knows an attempt that is led back to the form, and forgets what was mistyped", () => {
  const { analysis } = analyzeRecording(
    capture(
      opened,
      ...back,
      sent("hunter2!", "/", THIRD),
      shown("/", "<h1>Ann</h1>", THIRD),
      shown("/boats", "<h1>Gull</h1>", THIRD),
    ),
    { hints },
  );
  const flow = flowOf(analysis);
  assert.deepEqual(flow.inputs.map(({ label, recorded }) => [label, recorded]), [
    ["Password", "hunter2!"],
    ["Username", "ann.b"],
  ]);
});

Deno.test("analyzeRecording() finds no login where every attempt was led back, or to a page that is withheld", () => {
  const withheld = [
    sent("hunter1", "/?user=ann.b", SECOND),
    trace("GET https://b.example/?user=ann.b", { status: 403, html: SIGN_IN }),
  ];
  for (const attempt of [back, withheld]) {
    const { analysis } = analyzeRecording(capture(opened, ...attempt), {
      hints: hints.slice(0, 1),
    });
    assert.equal(analysis.kind, "refused", JSON.stringify(analysis));
    assert.deepEqual(
      (analysis as { reasons: readonly string[] }).reasons,
      ["Every login in the recording was refused by the server (t_0002); record one that succeeds"],
    );
  }
});

Deno.test("analyzeRecording() takes no page that holds the form for everybody for a refusal", () => {
  const { analysis } = analyzeRecording(capture(
    opened,
    ...back,
    trace("GET https://b.example/api/boats", { answer: ["Gull"], cookie: `sid=${SECOND}` }),
    trace("GET https://b.example/api/berths", { answer: [4], cookie: `sid=${SECOND}` }),
  ));
  assert.equal(analysis.kind, "flow", JSON.stringify(analysis));
});
