import assert from "node:assert/strict";
import { userConfigPath } from "../../lib/base/config_files.ts";
import type { Context } from "../../lib/base/context.ts";
import type { Home } from "../../lib/store/home.ts";
import { writeFileAtomic } from "../../lib/store/atomic.ts";
import {
  moveToken,
  readToken,
  readTokenSummary,
  removeToken,
  requireTokenStore,
  storeNewToken,
  writeToken,
} from "../../lib/token/token_file.ts";
import { fakeContext } from "../support/fake_context.ts";
import { FakeKeychain } from "../support/fake_keychain.ts";
import { APP, tokenState, withApp } from "../support/token_home.ts";

interface Place {
  readonly ctx: Context;
  readonly home: Home;
  readonly keychain: FakeKeychain;
  /** The text of `token.json`. */
  file(): Promise<string>;
}

async function withStore(
  store: "file" | "keychain",
  work: (place: Place) => Promise<void>,
): Promise<void> {
  await withApp(async (home) => {
    const env = { get: (name: string) => name === "XDG_CONFIG_HOME" ? home.root : undefined };
    await writeFileAtomic(userConfigPath(env), `store: ${store}\n`);
    const file = () => Deno.readTextFile(home.appFile(APP, "token.json"));
    const ctx = { ...fakeContext({ home: home.root }), env };
    await work({ ctx, home, keychain: new FakeKeychain(), file });
  });
}

const SECRET = /access-token|refresh-token/;

Deno.test("storeNewToken() keeps the token in the keychain and nothing secret in the file", async () => {
  await withStore("keychain", async ({ ctx, home, keychain, file }) => {
    const token = tokenState({ expires_at: 1_900_000_000 });
    await storeNewToken(ctx, home, APP, token, keychain);
    assert.deepEqual(await readToken(home, APP, keychain), token);
    assert.doesNotMatch(await file(), SECRET);
    const { mode } = await Deno.stat(home.appFile(APP, "token.json"));
    if (Deno.build.os !== "windows") assert.equal(mode! & 0o777, 0o600);
    keychain.uses = 0;
    assert.deepEqual(await readTokenSummary(home, APP), {
      ...JSON.parse(await file()),
      expires_at: 1_900_000_000,
      has_refresh_token: true,
      stale: false,
    });
    assert.equal(keychain.uses, 0);
  });
});

Deno.test("writeToken() leaves a token where it is, whatever the configuration says", async () => {
  await withStore("keychain", async ({ ctx, home, keychain, file }) => {
    await writeToken(home, APP, tokenState(), keychain);
    assert.match(await file(), SECRET);
    assert.equal(keychain.uses, 0);
    await storeNewToken(ctx, home, APP, tokenState(), keychain);
    const rotated = tokenState({ refresh_token: "refresh-token-2", stale: true });
    await writeToken(home, APP, rotated, keychain);
    assert.doesNotMatch(await file(), SECRET);
    assert.equal((await readTokenSummary(home, APP))?.stale, true);
    assert.deepEqual(await readToken(home, APP, keychain), rotated);
    assert.equal(keychain.items.size, 1);
  });
});

Deno.test("moveToken() moves there and back and leaves no copy", async () => {
  await withStore("file", async ({ ctx, home, keychain, file }) => {
    const token = tokenState();
    assert.equal(await moveToken(ctx, home, APP, "keychain", keychain), false);
    await storeNewToken(ctx, home, APP, token, keychain);
    assert.equal(await moveToken(ctx, home, APP, "file", keychain), false);
    assert.equal(keychain.uses, 0);
    assert.equal(await moveToken(ctx, home, APP, "keychain", keychain), true);
    assert.doesNotMatch(await file(), SECRET);
    assert.deepEqual(await readToken(home, APP, keychain), token);
    assert.equal(await moveToken(ctx, home, APP, "file", keychain), true);
    assert.equal(keychain.items.size, 0);
    assert.deepEqual(await readToken(home, APP, keychain), token);
  });
});

Deno.test("moveToken() leaves the token where it was when the keychain fails", async () => {
  await withStore("file", async ({ ctx, home, keychain }) => {
    await storeNewToken(ctx, home, APP, tokenState(), keychain);
    for (const failure of ["isGone", "isForgetful"] as const) {
      keychain[failure] = true;
      await assert.rejects(moveToken(ctx, home, APP, "keychain", keychain), {
        code: "UNSUPPORTED",
      });
      keychain[failure] = false;
      assert.deepEqual(await readToken(home, APP, keychain), tokenState());
    }
    await moveToken(ctx, home, APP, "keychain", keychain);
    keychain.isGone = true;
    await assert.rejects(moveToken(ctx, home, APP, "file", keychain), { code: "UNSUPPORTED" });
    keychain.isGone = false;
    assert.deepEqual(await readToken(home, APP, keychain), tokenState());
  });
});

Deno.test("readToken() finds a token that moves into the file under its eyes", async () => {
  await withStore("keychain", async ({ ctx, home, keychain }) => {
    await storeNewToken(ctx, home, APP, tokenState(), keychain);
    keychain.beforeGet = async () => {
      keychain.beforeGet = () => Promise.resolve();
      await moveToken(ctx, home, APP, "file", keychain);
    };
    assert.deepEqual(await readToken(home, APP, keychain), tokenState());
  });
});

Deno.test("readToken() takes an item that somebody removed for a logout, and a foreign one for damage", async () => {
  await withStore("keychain", async ({ ctx, home, keychain }) => {
    await storeNewToken(ctx, home, APP, tokenState(), keychain);
    const [item] = [...keychain.items.keys()];
    keychain.items.set(item!, "access-token-1");
    await assert.rejects(readToken(home, APP, keychain), (error: Error) => {
      assert.equal(Object(error).code, "BAD_STORE");
      assert.doesNotMatch(error.message, SECRET);
      return true;
    });
    keychain.items.clear();
    assert.equal(await readToken(home, APP, keychain), null);
  });
});

Deno.test("removeToken() empties the keychain too, and says so when it cannot", async () => {
  await withStore("keychain", async ({ ctx, home, keychain }) => {
    await storeNewToken(ctx, home, APP, tokenState(), keychain);
    keychain.isGone = true;
    await assert.rejects(removeToken(home, APP, keychain), { code: "UNSUPPORTED" });
    keychain.isGone = false;
    assert.equal(await removeToken(home, APP, keychain), true);
    assert.equal(keychain.items.size, 0);
    assert.equal(await removeToken(home, APP, keychain), false);
  });
});

Deno.test("storeNewToken() goes back to files although the keychain is gone", async () => {
  await withStore("keychain", async ({ ctx, home, keychain, file }) => {
    await storeNewToken(ctx, home, APP, tokenState(), keychain);
    keychain.isGone = true;
    await assert.rejects(requireTokenStore(ctx, keychain), { code: "UNSUPPORTED" });
    await assert.rejects(storeNewToken(ctx, home, APP, tokenState(), keychain), {
      code: "UNSUPPORTED",
    });
    await writeFileAtomic(userConfigPath(ctx.env), "store: file\n");
    await requireTokenStore(ctx, keychain);
    await storeNewToken(ctx, home, APP, tokenState(), keychain);
    assert.match(await file(), SECRET);
  });
});

const damage: [name: string, change: Record<string, unknown>, problem: RegExp][] = [
  ["another place", { stored_in: "cloud" }, /"stored_in"/],
  ["no item", { item: 1 }, /"item"/],
  ["a secret in it", { refresh_token: "refresh-token-1" }, /unknown member "refresh_token"/],
  ["an origin with a path", { origins: ["https://a.example/v1"] }, /"origins"/],
];

for (const [name, change, problem] of damage) {
  Deno.test(`readTokenSummary() refuses a stub with ${name}`, async () => {
    await withStore("keychain", async ({ ctx, home, keychain, file }) => {
      await storeNewToken(ctx, home, APP, tokenState(), keychain);
      const text = JSON.stringify({ ...JSON.parse(await file()), ...change });
      await writeFileAtomic(home.appFile(APP, "token.json"), text);
      await assert.rejects(readTokenSummary(home, APP), { code: "BAD_STORE", message: problem });
    });
  });
}
