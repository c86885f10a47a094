import assert from "node:assert/strict";
import { describeRenewal, renewerOf } from "../../lib/cli/renewal_text.ts";

const STATUS = {
  app: "boats@ida",
  state: "valid",
  renewed_by: "nobody",
  needs_consent: false,
  answers_refused_at: null,
  answers_of_another_user: false,
  renewal_not_before: null,
} as const;

const texts: [changes: Partial<Parameters<typeof describeRenewal>[0]>, text: RegExp][] = [
  [{}, /^nobody; log in again: keysmith auth login boats@ida$/],
  [
    { answers_of_another_user: true },
    /^nobody; the stored answers name another user .*login boats/,
  ],
  [{ renewed_by: "refresh token", answers_of_another_user: true }, /^by itself: refresh token$/],
  [{ renewed_by: "refresh token" }, /^by itself: refresh token$/],
  [{ needs_consent: true }, /^by itself, once you agree .*: keysmith auth login boats@ida$/],
  [{ renewed_by: "stored answers", needs_consent: true }, /^by itself: stored answers$/],
  [{ needs_consent: true, state: "none" }, /^keysmith auth login boats@ida$/],
];

for (const [changes, text] of texts) {
  Deno.test(`describeRenewal() of ${JSON.stringify(changes)}`, () => {
    assert.match(describeRenewal({ ...STATUS, ...changes }), text);
  });
}

Deno.test("renewerOf() names the command that gives the consent", () => {
  const listed = { name: "boats@ida", renewed_by: "nobody" } as const;
  assert.equal(renewerOf({ ...listed, needs_consent: false }), "nobody");
  assert.match(renewerOf({ ...listed, needs_consent: true }), /^by itself, .*login boats@ida$/);
});
