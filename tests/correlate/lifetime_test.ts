/** How long a token lives, where the answer tells the moment it ends. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { JsonValue } from "../../lib/base/json.ts";
import { flowOf } from "../support/flow_text.ts";
import { capture, RECORDED_AT_MS, trace, type TraceParts } from "../support/traces.ts";

const TOKEN = "acc-7f6e5d4c3b2a1908";
const END_MS = RECORDED_AT_MS + 3_600_000;

function lifetimeOf(parts: TraceParts): number | null {
  const { result } = flowOf(analyzeLogin(capture(
    trace("POST https://a.example/login", {
      form: { username: "ann.b", password: "hunter2!" },
      ...parts,
    }),
    trace("GET https://a.example/me", { headers: [["X-Auth-Token", TOKEN]], answer: {} }),
  )));
  return result.expiresIn?.kind === "constant" ? result.expiresIn.seconds : null;
}

const iso = new Date(END_MS).toISOString();
const MOMENTS: readonly (readonly [string, JsonValue])[] = [
  ["ISO 8601", { token: TOKEN, expires_at: iso }],
  ["seconds since the epoch", { token: TOKEN, expiresAt: END_MS / 1000 }],
  ["milliseconds since the epoch", { token: TOKEN, expires: END_MS }],
  ["around the token", { session: { token: TOKEN }, expires_at: iso }],
];

for (const [about, answer] of MOMENTS) {
  Deno.test(`a lifetime follows from the moment a token ends: ${about}`, () => {
    assert.equal(lifetimeOf({ answer }), 3600);
  });
}

Deno.test("what an answer tells in its body holds for a token in its headers", () => {
  const answerHeaders = [["X-Subject-Token", TOKEN]] as const;
  assert.equal(lifetimeOf({ answerHeaders, answer: { token: { expires_at: iso } } }), 3600);
});

Deno.test("the server's clock counts", () => {
  const late = new Date(RECORDED_AT_MS + 1_800_000).toUTCString();
  const answer = { token: TOKEN, expires_at: iso };
  assert.equal(lifetimeOf({ answer, answerHeaders: [["Date", late]] }), 1800);
});

Deno.test("a moment that is past, of something else or none says nothing", () => {
  const past = new Date(RECORDED_AT_MS - 1000).toISOString();
  for (
    const more of [{ expires_at: past }, { trial_expires_at: iso }, { expires: "never" }, {
      user: { expires_at: iso },
    }]
  ) {
    assert.equal(lifetimeOf({ answer: { token: TOKEN, ...more } }), null);
  }
});
