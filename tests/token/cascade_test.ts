import assert from "node:assert/strict";
import { AppError, type ErrorCode } from "../../lib/base/error.ts";
import type { AuthResult } from "../../lib/script/contract.ts";
import { markStale, mergeRenewals, usableToken } from "../../lib/token/cascade.ts";
import type { RefreshOptions } from "../../lib/token/refresh.ts";
import { readToken, removeToken, writeToken } from "../../lib/token/token_file.ts";
import { fakeContext } from "../support/fake_context.ts";
import { APP, ORIGIN, tokenState, withApp } from "../support/token_home.ts";

const NOW_SEC = 1_800_000_000;
const FRESH: AuthResult = { headers: { Authorization: "Bearer access-token-2" }, expires_in: 3600 };

/** A refresh that counts and answers, or fails. */
function refreshing(answer: AuthResult | AppError, before = () => Promise.resolve()) {
  const spent: string[] = [];
  const options: RefreshOptions = {
    run: async (_run, refreshToken) => {
      spent.push(refreshToken);
      await before();
      if (answer instanceof AppError) throw answer;
      return answer;
    },
  };
  return { spent, options };
}

function context(nowSec = NOW_SEC) {
  return fakeContext({ nowMs: nowSec * 1000 });
}

const valid: [name: string, expiresAt: number | null][] = [
  ["without an end", null],
  ["that lasts longer than the skew", NOW_SEC + 31],
  ["that never lives for longer than a moment", NOW_SEC + 12],
];

for (const [name, expires_at] of valid) {
  Deno.test(`usableToken() takes a token ${name} as it is`, async () => {
    await withApp(async (home) => {
      const token = tokenState({ expires_at, obtained_at: NOW_SEC - 3 });
      await writeToken(home, APP, token);
      const { spent, options } = refreshing(FRESH);
      assert.deepEqual(await usableToken(context(), home, APP, options), token);
      assert.deepEqual(spent, []);
    });
  });
}

const spentTokens: [name: string, parts: Parameters<typeof tokenState>[0]][] = [
  ["an expired token", { expires_at: NOW_SEC - 1 }],
  ["a token within the skew", { expires_at: NOW_SEC + 29 }],
  ["a stale token", { stale: true }],
];

for (const [name, parts] of spentTokens) {
  Deno.test(`usableToken() refreshes ${name} and stores the new one first`, async () => {
    await withApp(async (home) => {
      await writeToken(home, APP, tokenState(parts));
      const rotated = { ...FRESH, refresh_token: "refresh-token-2" };
      const { spent, options } = refreshing(rotated);
      const token = await usableToken(context(), home, APP, options);
      assert.deepEqual(token, {
        ...tokenState(),
        headers: FRESH.headers,
        refresh_token: "refresh-token-2",
        expires_at: NOW_SEC + 3600,
        obtained_at: NOW_SEC,
      });
      assert.deepEqual(await readToken(home, APP), token);
      assert.deepEqual(spent, ["refresh-token-1"]);
    });
  });
}

Deno.test("usableToken() keeps the refresh token where the answer has none", async () => {
  await withApp(async (home) => {
    await writeToken(home, APP, tokenState({ expires_at: NOW_SEC - 1 }));
    await usableToken(context(), home, APP, refreshing(FRESH).options);
    assert.equal((await readToken(home, APP))?.refresh_token, "refresh-token-1");
  });
});

Deno.test("usableToken() registers old and new credentials as secrets", async () => {
  await withApp(async (home) => {
    await writeToken(home, APP, tokenState({ expires_at: NOW_SEC - 1 }));
    const ctx = context();
    await usableToken(ctx, home, APP, refreshing(FRESH).options);
    const shown = ctx.redactor.redact("access-token-1 access-token-2 refresh-token-1");
    assert.doesNotMatch(shown, /token/);
  });
});

Deno.test("usableToken() of twenty callers refreshes once", async () => {
  await withApp(async (home) => {
    await writeToken(home, APP, tokenState({ expires_at: NOW_SEC - 1 }));
    const { spent, options } = refreshing(FRESH, () => new Promise((done) => setTimeout(done, 50)));
    const tokens = await Promise.all(
      Array.from({ length: 20 }, () => usableToken(context(), home, APP, options)),
    );
    assert.equal(spent.length, 1);
    assert.equal(new Set(tokens.map((token) => JSON.stringify(token))).size, 1);
  });
});

interface Failure {
  name: string;
  token?: Parameters<typeof tokenState>[0];
  record?: Parameters<typeof withApp>[1];
  error?: AppError;
  expected: ErrorCode;
}

const failures: Failure[] = [
  {
    name: "a site that is down",
    error: new AppError("UNREACHABLE", "Cannot reach"),
    expected: "UNREACHABLE",
  },
  {
    name: "a site with a problem",
    error: new AppError("UPSTREAM_FAILED", "503"),
    expected: "UPSTREAM_FAILED",
  },
  {
    name: "a refused refresh token",
    error: new AppError("AUTH_REFUSED", "invalid_grant"),
    expected: "AUTH_NEEDED",
  },
  {
    name: "a broken script",
    error: new AppError("SCRIPT_FAILED", "TypeError"),
    expected: "AUTH_NEEDED",
  },
  {
    name: "a script that asks",
    error: new AppError("NO_INPUT", "Password"),
    expected: "AUTH_NEEDED",
  },
  {
    name: "a script that has changed",
    error: new AppError("CONSENT_NEEDED", "changed"),
    expected: "CONSENT_NEEDED",
  },
  { name: "no refresh token", token: { refresh_token: null }, expected: "AUTH_NEEDED" },
  { name: "no script", record: { source: null }, expected: "AUTH_NEEDED" },
  {
    name: "a script that cannot refresh",
    record: { record: { refresh: "none" } },
    expected: "AUTH_NEEDED",
  },
];

for (const { name, token = {}, record, error, expected } of failures) {
  Deno.test(`usableToken() with ${name} fails as ${expected} and keeps everything`, async () => {
    await withApp(async (home) => {
      const stored = tokenState({ expires_at: NOW_SEC - 1, ...token });
      await writeToken(home, APP, stored);
      const { options } = refreshing(error ?? FRESH);
      await assert.rejects(
        usableToken(context(), home, APP, options),
        (thrown: AppError) => thrown.code === expected,
      );
      assert.deepEqual(await readToken(home, APP), stored);
    }, record);
  });

  Deno.test(`usableToken() with ${name} uses a token that still works`, async () => {
    await withApp(async (home) => {
      const stored = tokenState({ expires_at: NOW_SEC + 10, ...token });
      await writeToken(home, APP, stored);
      const { options } = refreshing(error ?? FRESH);
      assert.deepEqual(await usableToken(context(), home, APP, options), stored);
    }, record);
  });
}

Deno.test("usableToken() without a token names the command to run", async () => {
  await withApp(async (home) => {
    await assert.rejects(
      usableToken(context(), home, APP),
      (error: AppError) =>
        error.code === "AUTH_NEEDED" && error.hint === `keysmith auth login ${APP}`,
    );
  });
});

/** A refused refresh during which something else writes, on a file system that ignores locks. */
function meanwhile(write: () => Promise<unknown>) {
  return refreshing(new AppError("AUTH_REFUSED", "invalid_grant"), async () => {
    await write();
  });
}

Deno.test("usableToken() believes a refusal only if nobody else has won", async () => {
  await withApp(async (home) => {
    await writeToken(home, APP, tokenState({ expires_at: NOW_SEC - 1 }));
    const winner = tokenState({ obtained_at: NOW_SEC, refresh_token: "refresh-token-2" });
    const { options } = meanwhile(() => writeToken(home, APP, winner));
    assert.deepEqual(await usableToken(context(), home, APP, options), winner);
  });
});

Deno.test("usableToken() does not bring back a token that was logged out", async () => {
  await withApp(async (home) => {
    await writeToken(home, APP, tokenState({ expires_at: NOW_SEC - 1 }));
    const { options } = meanwhile(() => removeToken(home, APP));
    await assert.rejects(
      usableToken(context(), home, APP, options),
      (error: AppError) => error.code === "AUTH_NEEDED",
    );
    assert.equal(await readToken(home, APP), null);
  });
});

Deno.test("usableToken() passes an interruption on, even with a token that still works", async () => {
  await withApp(async (home) => {
    await writeToken(home, APP, tokenState({ expires_at: NOW_SEC + 10 }));
    const { options } = refreshing(new AppError("INTERRUPTED", "Interrupted"));
    await assert.rejects(
      usableToken(context(), home, APP, options),
      (error: AppError) => error.code === "INTERRUPTED",
    );
  });
});

Deno.test("markStale() marks the token that was rejected", async () => {
  await withApp(async (home) => {
    const token = tokenState();
    await writeToken(home, APP, token);
    await markStale(context(), home, APP, token);
    assert.deepEqual(await readToken(home, APP), { ...token, stale: true });
  });
});

const newer: [name: string, parts: Parameters<typeof tokenState>[0]][] = [
  ["a refreshed token", { headers: { Authorization: "Bearer access-token-2" } }],
  ["a later login with the same token", { obtained_at: NOW_SEC }],
];

for (const [name, parts] of newer) {
  Deno.test(`markStale() leaves ${name} alone`, async () => {
    await withApp(async (home) => {
      const token = tokenState(parts);
      await writeToken(home, APP, token);
      await markStale(context(), home, APP, tokenState());
      assert.deepEqual(await readToken(home, APP), token);
    });
  });
}

Deno.test("mergeRenewals() stores a session that slides", async () => {
  await withApp(async (home) => {
    const token = tokenState({ headers: { Cookie: "sid=session-1; theme=dark" } });
    await writeToken(home, APP, token);
    const ctx = context();
    const received = [{
      url: `${ORIGIN}/items`,
      name: "set-cookie",
      value: "sid=session-2; Path=/; HttpOnly",
    }];
    await mergeRenewals(ctx, home, APP, token, received);
    const stored = await readToken(home, APP);
    assert.deepEqual(stored, { ...token, headers: { Cookie: "sid=session-2; theme=dark" } });
    assert.doesNotMatch(ctx.redactor.redact("session-2"), /session-2/);
  });
});

Deno.test("mergeRenewals() of two answers at once keeps the cookies of both", async () => {
  await withApp(async (home) => {
    const token = tokenState({ headers: { Cookie: "sid=session-1; csrf=c1" } });
    await writeToken(home, APP, token);
    const url = `${ORIGIN}/items`;
    await Promise.all([
      mergeRenewals(context(), home, APP, token, [{
        url,
        name: "set-cookie",
        value: "sid=session-2",
      }]),
      mergeRenewals(context(), home, APP, token, [{ url, name: "set-cookie", value: "csrf=c2" }]),
    ]);
    const stored = await readToken(home, APP);
    assert.deepEqual(stored?.headers, { Cookie: "sid=session-2; csrf=c2" });
  });
});

Deno.test("mergeRenewals() does not touch a newer login", async () => {
  await withApp(async (home) => {
    const sent = tokenState({ headers: { Cookie: "sid=session-1" } });
    const relogged = { ...sent, obtained_at: NOW_SEC };
    await writeToken(home, APP, relogged);
    const received = [{ url: `${ORIGIN}/items`, name: "set-cookie", value: "sid=session-2" }];
    await mergeRenewals(context(), home, APP, sent, received);
    assert.deepEqual(await readToken(home, APP), relogged);
  });
});

Deno.test("mergeRenewals() does not bring back a token that was logged out", async () => {
  await withApp(async (home) => {
    const sent = tokenState({ headers: { Cookie: "sid=session-1" } });
    const received = [{ url: `${ORIGIN}/items`, name: "set-cookie", value: "sid=session-2" }];
    await mergeRenewals(context(), home, APP, sent, received);
    assert.equal(await readToken(home, APP), null);
  });
});
