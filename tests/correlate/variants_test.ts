/** What a second recording of the same login tells about values whose look tells nothing. */
import assert from "node:assert/strict";
import { type AnalysisOptions, analyzeLogin } from "../../lib/correlate/analyze.ts";
import { Recording } from "../../lib/correlate/recording.ts";
import { Occurrences, type Variation } from "../../lib/correlate/occurrences.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { flowOf, linesOf } from "../support/flow_text.ts";
import { capture, trace } from "../support/traces.ts";

interface Values {
  /** Too plain to be known for a session's by its look. */
  readonly step: string;
  /** Looks random, and no answer holds it. */
  readonly build: string;
  readonly token: string;
}

const FIRST = { step: "kwfz", build: "7c1e9a3b5d2f", token: "acc-7f6e5d4c3b2a1908" };
const SECOND = { step: "pmwx", build: "7c1e9a3b5d2f", token: "acc-2b3c4d5e6f708192" };

function session({ step, build, token }: Values): Trace[] {
  return capture(
    trace("GET https://a.example/login", {
      html: `<form><input type=hidden name=step value="${step}"></form>`,
    }),
    trace("POST https://a.example/login", {
      form: { username: "ann.b", password: "hunter2!", step, theme: "dark", mark: build },
      answer: { token },
    }),
    trace("GET https://a.example/api/me", {
      headers: [["Authorization", `Bearer ${token}`]],
      answer: { name: "Ann" },
    }),
  );
}

Deno.test("differs() compares a value with those at the same place of other recordings", () => {
  const others = [
    capture(
      trace("POST https://a.example/u/5a6b7c8d9e0f/login", { form: { a: "1", b: "1", c: "1" } }),
    ),
    capture(
      trace("POST https://a.example/u/0f9e8d7c6b5a/login", { form: { a: "1", b: "2", c: "2" } }),
    ),
  ];
  const recording = new Recording(capture(
    trace("POST https://a.example/u/1a2b3c4d5e6f/login", {
      form: { a: "1", b: "1", c: "3", d: "4" },
    }),
  ));
  const own = recording.at(0);
  const index = new Occurrences(recording, { others: others.map((one) => new Recording(one)) });
  const expected: readonly (readonly [name: string, variation: Variation])[] = [
    ["a", "same"],
    ["b", "unknown"],
    ["c", "differs"],
    ["d", "unknown"],
  ];
  for (const [name, variation] of expected) {
    const leaf = own.leaves.find((candidate) => candidate.name === name)!;
    assert.equal(index.differs(own, leaf), variation, name);
  }
});

Deno.test("a second recording of a login tells constants from values of the session", () => {
  const bodyOf = (options: AnalysisOptions) => {
    const analysis = analyzeLogin(session(FIRST), options);
    const lines = linesOf(flowOf(analysis), "s1 body", "s2 body");
    return [analysis.kind, ...lines.map((line) => line.replace(/^s\d body /, ""))];
  };
  const typed = ["username = $username", "password = $password"];
  assert.deepEqual(bodyOf({}), [
    "draft",
    ...typed,
    'step = "kwfz"',
    'theme = "dark"',
    "mark = $mark",
  ]);
  assert.deepEqual(bodyOf({ others: [session(SECOND)] }), [
    "flow",
    ...typed,
    "step = {step}",
    'theme = "dark"',
    'mark = "7c1e9a3b5d2f"',
  ]);
});

Deno.test("a value that differs and that no answer holds stays unexplained", () => {
  const other = { ...SECOND, build: "0b1d2f3a4c5e" };
  const analysis = analyzeLogin(session(FIRST), { others: [session(other)] });
  assert.equal(analysis.kind, "draft");
  assert.match("reasons" in analysis ? analysis.reasons.join() : "", /t_0002 body mark/);
});
