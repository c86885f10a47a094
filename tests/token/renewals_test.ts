import assert from "node:assert/strict";
import { applyRenewals, renewalsIn } from "../../lib/token/renewals.ts";
import { ORIGIN, tokenState } from "../support/token_home.ts";

const NOW_MS = 1_800_000_000_000;
const URL_OF_API = `${ORIGIN}/items`;

/** The headers of a token after an answer with these headers; `null` when nothing changes. */
function renewed(
  held: Record<string, string>,
  answered: Record<string, string>,
  url = URL_OF_API,
): Readonly<Record<string, string>> | null {
  const token = tokenState({ headers: held });
  const received = renewalsIn(url, Object.entries(answered), held);
  return applyRenewals(token, token, received, NOW_MS)?.headers ?? null;
}

Deno.test("applyRenewals() replaces a credential by the header of the same name", () => {
  const held = { Cookie: "sid=s-1", "X-CSRF-Token": "csrf-token-1" };
  assert.deepEqual(renewed(held, { "x-csrf-token": "csrf-token-2", "X-Other": "a-long-value" }), {
    Cookie: "sid=s-1",
    "X-CSRF-Token": "csrf-token-2",
  });
  assert.deepEqual(
    renewed(held, { "set-cookie": "sid=s-2; Path=/", "x-csrf-token": "csrf-token-2" }),
    { Cookie: "sid=s-2", "X-CSRF-Token": "csrf-token-2" },
  );
});

Deno.test("applyRenewals() keeps the scheme of an Authorization", () => {
  const held = { Authorization: "Bearer access-token-1" };
  const next = { Authorization: "Bearer access-token-2" };
  assert.deepEqual(renewed(held, { authorization: "Bearer access-token-2" }), next);
  assert.deepEqual(renewed(held, { authorization: "access-token-2" }), next);
  assert.deepEqual(renewed(held, { authorization: "bearer access-token-2" }), next);
});

Deno.test("applyRenewals() takes no other value, and none of another origin", () => {
  const held = { "X-CSRF-Token": "csrf-token-1" };
  const cases: [answered: Record<string, string>, url?: string][] = [
    [{ "X-CSRF-Token": "csrf-token-1" }],
    [{ "X-CSRF-Token": "" }],
    [{ "X-CSRF-Token": "1" }],
    [{ "X-CSRF-Token": "a text, of several words" }],
    [{ "X-CSRF-Token": "csrf-*****-1" }],
    [{ "X-CSRF-Token": "csrf-token-2" }, "https://elsewhere.example/items"],
    [{ Cookie: "sid=2" }],
    [{ "X-CSRF-Token": "t".repeat(60_000) }],
  ];
  for (const [answered, url] of cases) {
    assert.equal(renewed(held, answered, url), null, JSON.stringify(answered));
  }
});

Deno.test("applyRenewals() leaves alone what another answer or login has replaced", () => {
  const sent = tokenState({ headers: { "X-CSRF-Token": "csrf-token-1" } });
  const received = renewalsIn(URL_OF_API, [["X-CSRF-Token", "csrf-token-2"]], sent.headers);
  const faster = { ...sent, headers: { "X-CSRF-Token": "csrf-token-3" } };
  const later = { ...sent, obtained_at: sent.obtained_at + 60 };
  for (const current of [faster, later]) {
    assert.equal(applyRenewals(current, sent, received, NOW_MS), null);
  }
});

Deno.test("applyRenewals() reads the new end from a JWT", () => {
  const part = (value: unknown) => btoa(JSON.stringify(value)).replaceAll("=", "");
  const jwt = `${part({ alg: "none" })}.${part({ exp: 1_900_000_000 })}.c2ln`;
  const token = tokenState({ headers: { Authorization: "Bearer access-token-1" } });
  const received = renewalsIn(URL_OF_API, [["Authorization", `Bearer ${jwt}`]], token.headers);
  assert.equal(applyRenewals(token, token, received, NOW_MS)?.expires_at, 1_900_000_000);
});
