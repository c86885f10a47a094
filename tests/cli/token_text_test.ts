import assert from "node:assert/strict";
import { describeExpiry, describeToken } from "../../lib/cli/token_text.ts";

const NOW_SEC = 1_800_000_000;
const clock = { nowMs: () => NOW_SEC * 1_000 };

const CASES: readonly (readonly [secondsFromNow: number, words: string])[] = [
  [1, "expires in 1 second"],
  [59, "expires in 59 seconds"],
  [60, "expires in 1 minute"],
  [3_599, "expires in 59 minutes"],
  [7_200, "expires in 2 hours"],
  [86_400 * 3, "expires in 3 days"],
  [0, "expired 0 seconds ago"],
  [-90, "expired 1 minute ago"],
];

for (const [seconds, words] of CASES) {
  Deno.test(`describeExpiry() ${seconds} seconds from now: ${words}`, () => {
    assert.equal(describeExpiry(NOW_SEC + seconds, clock), words);
  });
}

Deno.test("describeExpiry() of a token whose end nobody knows", () => {
  assert.equal(describeExpiry(null, clock), "end unknown");
});

Deno.test("describeToken() says the end of no token that the site refused before it", () => {
  const words = (state: "valid" | "stale" | "expired" | "none", seconds: number) =>
    describeToken({ state, expires_at: NOW_SEC + seconds }, clock);
  assert.equal(words("stale", 840), "stale; the site refused it");
  assert.equal(words("valid", 840), "valid; expires in 14 minutes");
  assert.equal(words("expired", -120), "expired 2 minutes ago");
  assert.equal(words("none", 0), "none");
});
