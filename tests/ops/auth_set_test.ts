import assert from "node:assert/strict";
import type { AppError } from "../../lib/base/error.ts";
import { setToken, type SetTokenInput } from "../../lib/ops/set_token.ts";
import { writeAppInfo } from "../../lib/store/app_file.ts";
import { readToken } from "../../lib/token/token_file.ts";
import { fakeContext, type FakeContextOptions } from "../support/fake_context.ts";
import { storedParts } from "../support/session_desk.ts";
import { APP, ORIGIN, tokenState, withApp } from "../support/token_home.ts";

const NOW_SEC = 1_800_000_000;

/** The token that `setToken()` writes, and what its context saw. */
async function set(input: Omit<SetTokenInput, "app">, options: FakeContextOptions = {}) {
  let stored: Awaited<ReturnType<typeof readToken>> = null;
  const ctx = fakeContext({ nowMs: NOW_SEC * 1000, ...options });
  let status;
  await withApp(async (home) => {
    status = await setToken({ ...ctx, homeOption: home.root }, { app: APP, ...input });
    stored = await readToken(home, APP);
  }, { source: null });
  return { status, stored: stored as Awaited<ReturnType<typeof readToken>>, ctx };
}

Deno.test("setToken() replaces the whole token, bound to the origins of the app", async () => {
  const { stored, status } = await set({
    headers: ["X-Api-Key:key-12345678"],
    cookies: ["sid=session-1"],
    bodyParams: ["variables.token=t"],
    queryParams: ["k=v"],
    refreshToken: "refresh-token-9",
    expiresInSec: 60,
  });
  assert.deepEqual(stored, {
    ...tokenState(),
    headers: { "X-Api-Key": "key-12345678", Cookie: "sid=session-1" },
    body_params: { "variables.token": "t" },
    query_params: { k: "v" },
    refresh_token: "refresh-token-9",
    expires_at: NOW_SEC + 60,
    obtained_at: NOW_SEC,
    origins: [ORIGIN],
  });
  assert.deepEqual(status, {
    app: APP,
    state: "valid",
    expires_at: NOW_SEC + 60,
    refreshable: false,
    renewed_by: "nobody",
    needs_consent: false,
    refresh_refused_at: null,
    answers_refused_at: null,
    answers_of_another_user: false,
    renewal_not_before: null,
    usable: true,
    hosts: ["api.example.com:443"],
    probe: "none",
    stored: storedParts({
      headers: ["X-Api-Key"],
      cookies: ["sid"],
      query_params: ["k"],
      body_params: ["variables.token"],
      refresh_token: true,
    }),
  });
});

Deno.test("setToken() reads stdin", async () => {
  const { stored } = await set({ text: "Authorization: Bearer abc\n", expiresInSec: 60 });
  assert.deepEqual(stored?.headers, { Authorization: "Bearer abc" });
  assert.equal(stored?.expires_at, NOW_SEC + 60);
});

Deno.test("setToken() asks for a token and strips the scheme", async () => {
  const { stored, ctx } = await set({}, { interactive: true, answers: ["Bearer typed-token-1"] });
  assert.deepEqual(stored?.headers, { Authorization: "Bearer typed-token-1" });
  assert.deepEqual(ctx.asked, ["Token"]);
  assert.doesNotMatch(ctx.redactor.redact("typed-token-1"), /typed/);
});

Deno.test("setToken() takes the end from a JWT, a past one too", async () => {
  const part = (value: unknown) => btoa(JSON.stringify(value)).replaceAll("=", "");
  const jwt = `${part({ alg: "none" })}.${part({ exp: NOW_SEC - 5 })}.`;
  const { status } = await set({ text: jwt });
  assert.deepEqual(status, {
    app: APP,
    state: "expired",
    expires_at: NOW_SEC - 5,
    refreshable: false,
    renewed_by: "nobody",
    needs_consent: false,
    refresh_refused_at: null,
    answers_refused_at: null,
    answers_of_another_user: false,
    renewal_not_before: null,
    usable: false,
    hosts: ["api.example.com:443"],
    probe: "none",
    stored: storedParts({ headers: ["Authorization"] }),
  });
});

Deno.test("setToken() takes the origins it is given", async () => {
  const origins = ["https://a.example/path", "http://localhost:8080", "https://a.example"];
  const { stored } = await set({ text: "abc", origins });
  assert.deepEqual(stored?.origins, ["https://a.example", "http://localhost:8080"]);
});

const refusals: [name: string, input: Omit<SetTokenInput, "app">, code: string][] = [
  ["plain http to another machine", { text: "abc", origins: ["http://a.example"] }, "USAGE"],
  ["an origin that is not a URL", { text: "abc", origins: ["a.example"] }, "USAGE"],
  ["an empty credential", { headers: ["Authorization: Bearer"] }, "BAD_INPUT"],
  ["no token and nobody to ask", {}, "NO_INPUT"],
];

for (const [name, input, code] of refusals) {
  Deno.test(`setToken() refuses ${name}`, async () => {
    await assert.rejects(set(input), (error: AppError) => error.code === code);
  });
}

Deno.test("setToken() wants an origin where the app has none", async () => {
  await withApp(async (home) => {
    const info = { name: APP, displayName: APP, baseUrls: [], created: "", updated: "" };
    await writeAppInfo(home, info);
    await assert.rejects(
      setToken(fakeContext({ home: home.root }), { app: APP, text: "abc" }),
      (error: AppError) => error.code === "USAGE" && /--origin/.test(error.hint ?? ""),
    );
  }, { source: null });
});
