import assert from "node:assert/strict";
import { join } from "node:path";
import { AppError } from "../../lib/base/error.ts";
import { readJsonFile, writeJsonFile } from "../../lib/store/json_file.ts";
import { readAppInfo, writeAppInfo } from "../../lib/store/app_file.ts";
import { Home } from "../../lib/store/home.ts";
import { withTempFolder } from "../support/temp_folder.ts";

const same = (value: unknown) => value;

Deno.test("readJsonFile() reads back what writeJsonFile() wrote, and null when there is nothing", async () => {
  await withTempFolder(async (root) => {
    const path = join(root, "a.json");
    assert.equal(await readJsonFile(path, same), null);
    const value = { text: "ü\n", list: [1, null, { deep: true }] };
    await writeJsonFile(path, value);
    assert.deepEqual(await readJsonFile(path, same, { private: true }), value);
  });
});

Deno.test("readJsonFile() names a damaged file, quotes none of it and leaves it alone", async () => {
  await withTempFolder(async (root) => {
    const path = join(root, "token.json");
    for (
      const text of ["", '{"refresh_token": "rt-8d7f6a5b', '{"a": rt-8d7f6a5b}', "rt-8d7f6a5b"]
    ) {
      await Deno.writeTextFile(path, text);
      const error = await readJsonFile(path, same).catch((thrown) => thrown);
      assert.ok(error instanceof AppError);
      assert.equal(error.code, "BAD_STORE");
      assert.ok(error.message.startsWith(`Cannot use "${path}": it is not JSON`), error.message);
      assert.ok(!`${error.message}${error.stack}${error.cause}`.includes("rt-8d7f6a5b"));
      assert.equal(await Deno.readTextFile(path), text);
    }
  });
});

Deno.test("readJsonFile() passes on what the validator says", async () => {
  await withTempFolder(async (root) => {
    const path = join(root, "a.json");
    await writeJsonFile(path, {});
    const refuse = () => {
      throw new Error('"headers" is not an object');
    };
    await assert.rejects(readJsonFile(path, refuse), {
      code: "BAD_STORE",
      message: `Cannot use "${path}": "headers" is not an object`,
      details: { file: path },
    });
  });
});

Deno.test("readAppInfo() reads back what writeAppInfo() wrote and refuses what is malformed", async () => {
  await withTempFolder(async (root) => {
    const home = new Home(root);
    const info = {
      name: "shop",
      displayName: "Shop",
      baseUrls: ["https://shop.example"],
      created: "2026-01-02T03:04:05.000Z",
      updated: "2026-01-02T03:04:05.000Z",
    };
    assert.equal(await readAppInfo(home, "shop"), null);
    await writeAppInfo(home, info);
    assert.deepEqual(await readAppInfo(home, "shop"), info);
    for (const bad of [[], { ...info, baseUrls: [1] }, { ...info, created: null }]) {
      await writeJsonFile(home.appFile("shop", "app.json"), bad);
      await assert.rejects(readAppInfo(home, "shop"), { code: "BAD_STORE" });
    }
  });
});
