import assert from "node:assert/strict";
import { setConfig } from "../../lib/ops/set_config.ts";
import { fileCache, keychainCache } from "../../lib/resolve/oauth/token_cache.ts";
import { Home } from "../../lib/store/home.ts";
import { fakeContext } from "../support/fake_context.ts";
import { FakeKeychain } from "../support/fake_keychain.ts";
import { type CliRun, keysmith, keysmithWithin } from "../support/keysmith.ts";
import { withTempFolder } from "../support/temp_folder.ts";

/** `secret-tool` on files of `$FAKE_KEYCHAIN`, one per item. */
const SECRET_TOOL = `#!/bin/sh
verb=$1; shift
case $1 in --label=*) shift;; esac
item="$FAKE_KEYCHAIN/$2 $4"
case $verb in
  store) cat > "$item";;
  lookup) [ -f "$item" ] || exit 1; cat "$item";;
  clear) rm -f "$item";;
esac
`;

const SECRET = "the-secret-token-of-the-shop";

Deno.test({
  name: "config set store moves the tokens into the keychain and back, and commands find them",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await withTempFolder(async (folder) => {
      const [home, bin, items] = ["home", "bin", "items"].map((name) => `${folder}/${name}`);
      for (const path of [bin!, items!]) await Deno.mkdir(path);
      await Deno.writeTextFile(`${bin}/secret-tool`, SECRET_TOOL, { mode: 0o755 });
      const env = {
        PATH: `${bin}:/usr/bin:/bin`,
        FAKE_KEYCHAIN: items!,
        XDG_CONFIG_HOME: `${folder}/config`,
      };
      const run = async (args: string[], stdin = ""): Promise<CliRun> => {
        const result = await keysmith(args, { home: home!, env, stdin });
        assert.equal(result.code, 0, `${args.join(" ")}: ${result.stderr}`);
        return result;
      };
      await Deno.writeTextFile(`${folder}/login.ts`, "export async function acquire_token() {}");
      const host = "api.example.com:443";
      await run(["auth", "adopt", "shop", `${folder}/login.ts`, "--host", host]);
      await run(["auth", "set", "shop"], SECRET);
      const token = () => Deno.readTextFile(`${home}/apps/shop/token.json`);
      assert.ok((await token()).includes(SECRET));

      const { stdout } = await run(["config", "set", "store", "keychain"]);
      assert.match(stdout, /moved the token of shop/);
      assert.ok(!(await token()).includes(SECRET));
      const headers = await run(["auth", "headers", "shop"]);
      assert.ok(headers.stdout.includes(SECRET));
      const status = await keysmithWithin(["auth", "status", "shop", "--json"], { home: home! });
      assert.equal(JSON.parse(status.stdout).state, "valid", "without the keychain's tool");

      await run(["config", "set", "store", "file"]);
      assert.ok((await token()).includes(SECRET));
      assert.deepEqual([...Deno.readDirSync(items!)], []);
    });
  },
});

Deno.test({
  name: "config set store keychain changes nothing without secret-tool, and names its package",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await withTempFolder(async (folder) => {
      const env = { PATH: folder, XDG_CONFIG_HOME: `${folder}/config` };
      const { code, stderr } = await keysmith(["config", "set", "store", "keychain"], {
        home: `${folder}/home`,
        env,
      });
      assert.equal(code, 1);
      assert.match(stderr, /Cannot use "secret-tool": it is not installed/);
      assert.match(stderr, /libsecret-tools/);
      await assert.rejects(Deno.stat(`${folder}/config/keysmith/config.yaml`));
    });
  },
});

const TOKENS = [{
  access_token: "access",
  refresh_token: "refresh",
  scopes: ["read"],
  expires_at: null,
  obtained_at: 1_700_000_000,
}];

Deno.test("setConfig() moves the logins of services with the store", async () => {
  await withTempFolder(async (root) => {
    const home = new Home(root);
    const keychain = new FakeKeychain();
    const ctx = {
      ...fakeContext({ home: root }),
      env: { get: (name: string) => name === "XDG_CONFIG_HOME" ? `${root}/config` : undefined },
    };
    const key = "0123456789abcdef0123456789abcdef01234567";
    const [file, item] = [fileCache(home, key), keychainCache(home, key, keychain)];
    await file.locked(ctx.signal, () => file.write(TOKENS));
    const set = (value: string | null) => setConfig(ctx, { setting: "store", value }, keychain);
    assert.deepEqual((await set("keychain")).moved, { apps: [], services: 1 });
    assert.deepEqual([await file.read(), await item.read()], [[], TOKENS]);
    keychain.isGone = true;
    await assert.rejects(set("file"), { code: "UNSUPPORTED" });
    keychain.isGone = false;
    await set("keychain");
    assert.deepEqual((await set(null)).moved, { apps: [], services: 1 });
    assert.deepEqual([await file.read(), await item.read()], [TOKENS, []]);
    const before = keychain.uses;
    await set("file");
    assert.equal(keychain.uses, before, "a keychain that is not in use is not asked");
  });
});
