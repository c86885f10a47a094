import assert from "node:assert/strict";
import { AppError } from "../../lib/base/error.ts";
import {
  type CachedToken,
  cacheKey,
  fileCache,
  keychainCache,
  memoryCache,
  type TokenCache,
  usableIn,
  withToken,
} from "../../lib/resolve/oauth/token_cache.ts";
import { Home } from "../../lib/store/home.ts";
import { withTempFolder } from "../support/temp_folder.ts";
import { sourceOf } from "./oauth_setup.ts";

const NOW_MS = 1_800_000_000_000;

function token(parts: Partial<CachedToken> = {}): CachedToken {
  return {
    access_token: "a-1",
    refresh_token: null,
    scopes: [],
    expires_at: NOW_MS / 1000 + 3600,
    obtained_at: NOW_MS / 1000,
    ...parts,
  };
}

Deno.test("usableIn() wants a token that is good for another half minute and has all scopes", () => {
  const cases: [Partial<CachedToken>, string[], boolean][] = [
    [{}, [], true],
    [{ expires_at: null }, [], true],
    [{ expires_at: NOW_MS / 1000 + 31 }, [], true],
    [{ expires_at: NOW_MS / 1000 + 30, obtained_at: NOW_MS / 1000 - 60 }, [], false],
    [{ expires_at: NOW_MS / 1000 + 9, obtained_at: NOW_MS / 1000 - 8 }, [], true],
    [{ expires_at: NOW_MS / 1000 + 8, obtained_at: NOW_MS / 1000 - 9 }, [], false],
    [{ expires_at: NOW_MS / 1000 - 1, obtained_at: NOW_MS / 1000 - 5 }, [], false],
    [{ access_token: null, refresh_token: "r" }, [], false],
    [{ scopes: ["a", "b"] }, ["b"], true],
    [{ scopes: ["a"] }, ["a", "b"], false],
  ];
  for (const [parts, scopes, expected] of cases) {
    assert.equal(
      usableIn([token(parts)], scopes, NOW_MS) !== null,
      expected,
      JSON.stringify(parts),
    );
  }
});

Deno.test("withToken() drops what the new token covers and keeps the rest", () => {
  const wide = token({ access_token: "wide", scopes: ["a", "b"] });
  const narrow = token({ access_token: "narrow", scopes: ["a"] });
  const other = token({ access_token: "other", scopes: ["c"] });
  assert.deepEqual(withToken([narrow, other], wide), [wide, other]);
  assert.deepEqual(withToken([wide, other], narrow), [narrow, wide, other]);
  assert.deepEqual(withToken([wide, other], narrow, wide), [narrow, other]);
  const many = Array.from({ length: 30 }, (_, index) => token({ scopes: [`s${index}`] }));
  assert.equal(withToken(many, wide).length, 20);
});

Deno.test("cacheKey() tells servers, clients, grants, audiences, resources and accounts apart", () => {
  const identity = { server: "https://id.example.com", clientId: "a", grant: "clientCredentials" };
  const source = (settings: Record<string, unknown> = {}) =>
    sourceOf({ clientId: "a", ...settings });
  const keys = [
    cacheKey(identity, source()),
    cacheKey({ ...identity, server: "https://id.example.org" }, source()),
    cacheKey({ ...identity, clientId: "b" }, source()),
    cacheKey({ ...identity, grant: "authorizationCode" }, source()),
    cacheKey(identity, source({ audience: "x" })),
    cacheKey(identity, source({ resource: "x" })),
    cacheKey(identity, source({ account: "x" })),
  ];
  assert.equal(new Set(keys).size, keys.length);
  assert.equal(cacheKey(identity, source({ scopes: ["a"] })), keys[0]);
});

Deno.test("Every cache keeps tokens, replaces them, and forgets them", async () => {
  await withTempFolder(async (folder) => {
    const home = new Home(folder);
    const items = new Map<string, string>();
    const keychain = {
      get: (service: string, account: string) =>
        Promise.resolve(items.get(`${service} ${account}`) ?? null),
      set: (service: string, account: string, secret: string) =>
        Promise.resolve(void items.set(`${service} ${account}`, secret)),
      delete: (service: string, account: string) =>
        Promise.resolve(items.delete(`${service} ${account}`)),
      available: () => Promise.resolve(true),
    };
    const caches: [string, TokenCache][] = [
      ["file", fileCache(home, "k1")],
      ["keychain", keychainCache(home, "k2", keychain)],
      ["memory", memoryCache(new Map(), "k3")],
    ];
    for (const [name, cache] of caches) {
      assert.deepEqual(await cache.read(), [], name);
      await cache.locked(new AbortController().signal, () => cache.write([token()]));
      assert.deepEqual(await cache.read(), [token()], name);
      await cache.write([]);
      assert.deepEqual(await cache.read(), [], name);
    }
    assert.equal(items.size, 0);
    items.set("keysmith-oauth k2", "{");
    await assert.rejects(caches[1]![1].read(), (error: AppError) => error.code === "BAD_STORE");
  });
});

Deno.test({
  name: "fileCache() keeps tokens private and never resets a damaged file",
  ignore: Deno.build.os === "windows",
  async fn() {
    await withTempFolder(async (folder) => {
      const cache = fileCache(new Home(folder), "k");
      await cache.write([token()]);
      const path = `${folder}/oauth/k.json`;
      assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
      await Deno.chmod(path, 0o644);
      const isBadStore = (error: AppError) => error.code === "BAD_STORE";
      await assert.rejects(cache.read(), isBadStore);
      await Deno.chmod(path, 0o600);
      for (const text of ["{", "[]", '{"tokens": [{}]}', '{"tokens": [{"access_token": 5}]}']) {
        await Deno.writeTextFile(path, text);
        await assert.rejects(cache.read(), isBadStore, text);
        assert.equal(await Deno.readTextFile(path), text);
      }
    });
  },
});
