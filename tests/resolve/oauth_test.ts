import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import type { BrowserLogin } from "../../lib/base/browser_login.ts";
import { revokeTokens } from "../../lib/resolve/oauth/revocation.ts";
import { SecretProblem } from "../../lib/resolve/secret_problem.ts";
import { loopbackBrowser } from "../../lib/web/callback_page.ts";
import { withTempFolder } from "../support/temp_folder.ts";
import { accountIn, browserOf, realTime } from "./oauth_setup.ts";
import { CLIENT_SECRET, startOidcServer } from "./oidc_server.ts";
import { logIn } from "./user_agent.ts";

const SECRET = { clientSecret: { type: "literal", value: CLIENT_SECRET } };

Deno.test("OAuthAccount gets client credentials by every client authentication", async () => {
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const jwk = { ...keys.publicKey.export({ format: "jwk" }), kid: "k1" } as JsonWebKey;
  await using server = await startOidcServer({ jwk });
  const key = keys.privateKey.export({ type: "pkcs8", format: "pem" }) as string;
  const cases: [string, Record<string, unknown>][] = [
    ["client_secret_basic", { clientId: "robot", ...SECRET }],
    ["client_secret_post", { clientId: "robot-post", clientAuth: "client_secret_post", ...SECRET }],
    ["private_key_jwt", {
      clientId: "robot-jwt",
      keyId: "k1",
      privateKey: { type: "literal", value: key },
    }],
  ];
  for (const [name, settings] of cases) {
    for (const known of [{ tokenURL: `${server.issuer}/token` }, { issuer: server.issuer }]) {
      await withTempFolder(async (folder) => {
        const all = { mode: "clientCredentials", ...settings, ...known };
        const account = await accountIn(folder, all, { scopes: ["read"] });
        const acquired = await account.withoutUser();
        assert.equal(acquired.kind, "token", name);
        assert.ok((await Deno.stat(`${folder}/oauth`)).isDirectory);
      });
    }
  }
  assert.equal(server.tokenRequests.filter((line) => line === "client_credentials ok").length, 6);
});

Deno.test("OAuthAccount says which server refused which client", async () => {
  await using server = await startOidcServer();
  await withTempFolder(async (folder) => {
    const account = await accountIn(folder, {
      mode: "clientCredentials",
      clientId: "robot",
      clientSecret: { type: "literal", value: "wrong-secret-0123456789" },
      tokenURL: `${server.issuer}/token`,
    });
    await assert.rejects(() => account.withoutUser(), (error: SecretProblem) => {
      assert.equal(error.code, "AUTH_REFUSED");
      assert.match(
        error.message,
        /the token endpoint (answered "invalid_client"|refused the client)/,
      );
      return true;
    });
  });
});

Deno.test("OAuthAccount reuses a token with more scopes and asks again for others", async () => {
  await using server = await startOidcServer();
  await withTempFolder(async (folder) => {
    const settings = {
      mode: "clientCredentials",
      clientId: "robot",
      issuer: server.issuer,
      ...SECRET,
    };
    const tokenFor = async (scopes: string[]) => {
      const acquired = await (await accountIn(folder, settings, { scopes })).withoutUser();
      return acquired.kind === "token" ? acquired.value : assert.fail("No token");
    };
    const both = await tokenFor(["read", "write"]);
    assert.equal(await tokenFor(["read"]), both);
    assert.equal(await tokenFor([]), both);
    assert.equal(server.tokenRequests.length, 1);
  });
});

Deno.test("OAuthAccount logs a person in, refreshes with rotation, and revokes", async () => {
  await using server = await startOidcServer();
  await withTempFolder(async (folder) => {
    const settings = {
      mode: "authorizationCode",
      clientId: "app",
      issuer: server.issuer,
      scopes: ["openid", "offline_access", "read"],
    };
    const scopes = settings.scopes;
    const ctx = { ...realTime(), nowMs: 0 };
    const account = await accountIn(folder, settings, { scopes, ctx });
    assert.equal((await account.withoutUser()).kind, "interactive");
    const logins: Promise<string>[] = [];
    const first = await account.withUser(browserOf(logins));
    assert.match((await Promise.all(logins)).join(), /Logged in/);
    assert.equal(first.kind, "token");
    assert.deepEqual(server.tokenRequests, ["authorization_code ok"]);

    const before = (await account.cache.read())[0]!;
    await account.cache.write([{ ...before, expires_at: 1 }]);
    const second = await account.withoutUser();
    const after = (await account.cache.read())[0]!;
    assert.equal(second.kind === "token" && second.value, after.access_token);
    assert.notEqual(after.refresh_token, before.refresh_token);
    assert.deepEqual(server.tokenRequests, ["authorization_code ok", "refresh_token ok"]);

    const forgotten = await account.forget();
    assert.equal(await revokeTokens(ctx, account, forgotten), 1);
    await account.cache.write([{ ...after, expires_at: 1 }]);
    assert.equal((await account.withoutUser()).kind, "interactive");
    assert.match(server.tokenRequests.at(-1)!, /refresh_token invalid_grant/);
  });
});

Deno.test("OAuthAccount lets one of many refresh, and none loses the rotated token", async () => {
  await using server = await startOidcServer();
  await withTempFolder(async (folder) => {
    const settings = {
      mode: "authorizationCode",
      clientId: "app",
      issuer: server.issuer,
      scopes: ["openid", "offline_access"],
    };
    const open = () => accountIn(folder, settings, { scopes: settings.scopes });
    const account = await open();
    await account.withUser(browserOf([]));
    const token = (await account.cache.read())[0]!;
    await account.cache.write([{ ...token, expires_at: 1 }]);
    const crowd = await Promise.all(Array.from({ length: 12 }, open));
    const acquired = await Promise.all(crowd.map((one) => one.withoutUser()));
    const values = new Set(acquired.map((one) => one.kind === "token" ? one.value : one.reason));
    assert.equal(values.size, 1);
    assert.equal(server.tokenRequests.filter((line) => line === "refresh_token ok").length, 1);
  });
});

Deno.test("OAuthAccount has the many that wait for one token share its failure, and asks anew after it", async () => {
  let asked = 0;
  const answered = Promise.withResolvers<void>();
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async () => {
    asked++;
    await answered.promise;
    return new Response(null, { status: 503 });
  });
  await withTempFolder(async (folder) => {
    const settings = {
      clientId: "robot",
      clientSecret: { type: "literal", value: "robot-secret-2" },
      tokenURL: `http://127.0.0.1:${server.addr.port}/token`,
      mode: "clientCredentials",
      tokenStorage: "memory",
    };
    const impatient = new AbortController();
    const ctx = { ...realTime(), signal: impatient.signal };
    const first = (await accountIn(folder, settings, { ctx })).withoutUser();
    const crowd = await Promise.all(Array.from({ length: 12 }, () => accountIn(folder, settings)));
    const waiting = crowd.map((one) => one.withoutUser());
    impatient.abort();
    await assert.rejects(first, { code: "INTERRUPTED" });
    answered.resolve();
    for (const end of await Promise.allSettled(waiting)) {
      assert.match(String(end.status === "rejected" && end.reason), /status 503/);
    }
    assert.equal(asked, 1);
    await assert.rejects(crowd[0]!.withoutUser(), /status 503/);
    assert.equal(asked, 2);
  });
});

Deno.test("OAuthAccount needs neither discovery nor secret while a token is good", async () => {
  await withTempFolder(async (folder) => {
    const server = await startOidcServer();
    const settings = {
      mode: "clientCredentials",
      clientId: "robot",
      issuer: server.issuer,
      clientSecret: { type: "env", value: "ROBOT" },
    };
    const withSecret = { ...realTime(), env: { get: () => CLIENT_SECRET } };
    await (await accountIn(folder, settings, { ctx: withSecret })).withoutUser();
    await server[Symbol.asyncDispose]();
    const again = await (await accountIn(folder, settings)).withoutUser();
    assert.deepEqual(again.kind === "token" && again.from, "cache");
  });
});

Deno.test("OAuthAccount uses an old copy of the metadata while the server does not answer", async () => {
  await using server = await startOidcServer();
  await withTempFolder(async (folder) => {
    const settings = {
      mode: "clientCredentials",
      clientId: "robot",
      issuer: server.issuer,
      ...SECRET,
    };
    const later = { clock: { nowMs: () => Date.now() + 48 * 3600 * 1000 } };
    await (await accountIn(folder, settings, { scopes: ["read"] })).withoutUser();
    const fetchButDiscovery: typeof fetch = (input, init) =>
      String(input).includes("well-known")
        ? Promise.reject(new TypeError("no route"))
        : fetch(input, init);
    const ctx = { ...realTime(), ...later, fetch: fetchButDiscovery };
    const account = await accountIn(folder, settings, { scopes: ["write"], ctx });
    assert.equal((await account.withoutUser()).kind, "token");
  });
});

Deno.test("OAuthAccount tells a declined login from a failed one", async () => {
  await using server = await startOidcServer();
  await withTempFolder(async (folder) => {
    const settings = { mode: "authorizationCode", clientId: "app", issuer: server.issuer };
    const account = await accountIn(folder, settings, { scopes: ["openid"] });
    const logins: Promise<string>[] = [];
    await assert.rejects(
      () => account.withUser(browserOf(logins, { decline: true })),
      (error: SecretProblem) => {
        assert.equal(error.code, "AUTH_REFUSED");
        assert.match(error.message, /access_denied/);
        return true;
      },
    );
    assert.match((await Promise.all(logins)).join(), /Not logged in/);
    assert.deepEqual(await account.cache.read(), []);
  });
});

Deno.test("OAuthAccount ignores answers with another state and waits for its own", async () => {
  await using server = await startOidcServer();
  await withTempFolder(async (folder) => {
    const settings = { mode: "authorizationCode", clientId: "app", issuer: server.issuer };
    const account = await accountIn(folder, settings, { scopes: ["openid"] });
    const seen: string[] = [];
    const browser: BrowserLogin = {
      listen: (place) => loopbackBrowser().listen(place),
      open: (url) => {
        const redirect = new URL(url).searchParams.get("redirect_uri")!;
        const visits = async () => {
          for (const query of ["?code=stolen&state=guessed", "?error=access_denied", ""]) {
            seen.push(await (await fetch(redirect + query)).text());
          }
          const elsewhere = await fetch(redirect.replace("/callback", "/other"));
          seen.push(await elsewhere.text());
          await logIn(url);
        };
        visits();
        return Promise.resolve(true);
      },
    };
    assert.equal((await account.withUser(browser)).kind, "token");
    assert.equal(seen.length, 4);
    assert.ok(seen.every((page) => page.includes("Nothing to see here")));
  });
});

Deno.test("OAuthAccount takes the pasted address where no browser can be opened", async () => {
  await using server = await startOidcServer();
  await withTempFolder(async (folder) => {
    const settings = { mode: "authorizationCode", clientId: "app", issuer: server.issuer };
    const ctx = realTime({ interactive: true });
    const lines: string[] = [];
    const term = {
      ...ctx.term,
      err: (line: string) => void lines.push(line),
      promptText: () => {
        const stopBefore = new URL(lines.at(-1)!).searchParams.get("redirect_uri")!;
        return logIn(lines.at(-1)!, { stopBefore });
      },
    };
    const account = await accountIn(folder, settings, {
      scopes: ["openid"],
      ctx: { ...ctx, term },
    });
    assert.equal((await account.withUser(null)).kind, "token");
  });
});
