import assert from "node:assert/strict";
import { tokenFromResult } from "../../lib/token/from_result.ts";
import type { TokenState } from "../../lib/token/token_state.ts";

const NOW_SEC = 1_800_000_000;
const CONTEXT = { nowMs: NOW_SEC * 1000, origins: ["https://api.example.com"] };

function jwt(claims: Record<string, unknown>): string {
  const part = (value: unknown) =>
    btoa(JSON.stringify(value)).replaceAll("=", "").replaceAll("+", "-").replaceAll("/", "_");
  return `${part({ alg: "HS256" })}.${part(claims)}.c2lnbmF0dXJl`;
}

const previous: TokenState = {
  headers: { authorization: "Bearer old", "X-Client": "web", Cookie: "sid=1; theme=dark" },
  body_params: { session: "s" },
  query_params: { key: "k" },
  computed: [],
  refresh_token: "rt-old",
  expires_at: NOW_SEC - 10,
  obtained_at: NOW_SEC - 3600,
  origins: ["https://api.example.com"],
  stale: true,
};

Deno.test("tokenFromResult() of a login keeps nothing but the result", () => {
  assert.deepEqual(
    tokenFromResult({ headers: { Authorization: "Bearer a" }, expires_in: 3600.7 }, CONTEXT),
    {
      headers: { Authorization: "Bearer a" },
      body_params: {},
      query_params: {},
      computed: [],
      refresh_token: null,
      expires_at: NOW_SEC + 3600,
      obtained_at: NOW_SEC,
      origins: ["https://api.example.com"],
      stale: false,
    },
  );
});

Deno.test("tokenFromResult() of a refresh keeps what the answer leaves out", () => {
  const token = tokenFromResult(
    { headers: { Authorization: "Bearer new", Cookie: "sid=2; lang=en" } },
    { ...CONTEXT, previous },
  );
  assert.deepEqual(token.headers, {
    "X-Client": "web",
    Authorization: "Bearer new",
    Cookie: "theme=dark; sid=2; lang=en",
  });
  assert.deepEqual(token.body_params, { session: "s" });
  assert.deepEqual(token.query_params, { key: "k" });
  assert.equal(token.refresh_token, "rt-old");
  assert.equal(token.stale, false);
});

Deno.test("tokenFromResult() takes no cookie over that the refresh alone needed", () => {
  const cookieOf = (Cookie: string, refresh_token?: string) =>
    tokenFromResult({
      headers: { Cookie },
      ...(refresh_token === undefined ? {} : { refresh_token }),
    }, { ...CONTEXT, previous }).headers["Cookie"];
  assert.equal(cookieOf("rt=rt-new; rt=rt-old; sid=2", "rt-new"), "theme=dark; sid=2");
  assert.equal(cookieOf("rt=rt-old; sid=2"), "theme=dark; sid=2");
  assert.equal(cookieOf("rt=rt-old"), "sid=1; theme=dark");
  assert.equal(cookieOf("sid=rt-new; sid=rt-old", "rt-new"), "theme=dark; sid=rt-new");
  assert.equal(cookieOf("sid=rt-old"), "theme=dark; sid=rt-old");
});

const refreshTokens: [name: string, given: string | undefined, expected: string][] = [
  ["a rotated refresh token", "rt-new", "rt-new"],
  ["an empty refresh token as none", "", "rt-old"],
  ["no refresh token as the old one", undefined, "rt-old"],
];

for (const [name, given, expected] of refreshTokens) {
  Deno.test(`tokenFromResult() reads ${name}`, () => {
    const result = {
      headers: { Authorization: "Bearer new" },
      ...(given === undefined ? {} : { refresh_token: given }),
    };
    assert.equal(tokenFromResult(result, { ...CONTEXT, previous }).refresh_token, expected);
  });
}

Deno.test("tokenFromResult() does not inherit the old expiry", () => {
  const token = tokenFromResult({ headers: { Authorization: "Bearer new" } }, {
    ...CONTEXT,
    previous,
  });
  assert.equal(token.expires_at, null);
});

const expiries: [name: string, Parameters<typeof tokenFromResult>[0], number | null][] = [
  ["expires_in before a JWT", {
    headers: { Authorization: `Bearer ${jwt({ exp: NOW_SEC + 9 })}` },
    expires_in: 100,
  }, NOW_SEC + 100],
  ["the JWT where expires_in is missing", {
    headers: { Authorization: `Bearer ${jwt({ exp: NOW_SEC + 9 })}` },
  }, NOW_SEC + 9],
  ["the JWT where expires_in is zero", {
    headers: { Authorization: `Bearer ${jwt({ exp: NOW_SEC + 9 })}` },
    expires_in: 0,
  }, NOW_SEC + 9],
  ["the earliest of several JWTs", {
    headers: { "X-A": jwt({ exp: NOW_SEC + 90 }), "X-B": jwt({ exp: NOW_SEC + 80.5 }) },
  }, NOW_SEC + 80],
  ["a header before a cookie", {
    headers: { "X-A": jwt({ exp: NOW_SEC + 90 }), Cookie: `t=${jwt({ exp: NOW_SEC + 5 })}` },
  }, NOW_SEC + 90],
  ["a JWT in a cookie", {
    headers: { Cookie: `a=1; t=${jwt({ exp: NOW_SEC + 5 })}` },
  }, NOW_SEC + 5],
  ["a JWT in a body parameter", {
    headers: {},
    body_params: { "params.token": jwt({ exp: NOW_SEC + 7 }), n: 1 },
  }, NOW_SEC + 7],
  ["no JWT that is over on arrival", {
    headers: { Authorization: `Bearer ${jwt({ exp: NOW_SEC - 9 })}` },
  }, null],
  ["an opaque token as without expiry", { headers: { Authorization: "Bearer abc" } }, null],
];

for (const [name, result, expected] of expiries) {
  Deno.test(`tokenFromResult() takes the expiry from ${name}`, () => {
    assert.equal(tokenFromResult(result, CONTEXT).expires_at, expected);
  });
}

Deno.test("tokenFromResult() takes a lifetime beyond all dates for none", () => {
  const headers = { Authorization: "Bearer a" };
  for (const expires_in of [1e300, Number.MAX_SAFE_INTEGER]) {
    assert.equal(tokenFromResult({ headers, expires_in }, CONTEXT).expires_at, null);
  }
});
