import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import {
  createPrivateFile,
  readPrivateFile,
  readTextFile,
  removeFile,
  writeFileAtomic,
} from "../../lib/store/atomic.ts";
import type { AppError } from "../../lib/base/error.ts";
import { withTempFolder } from "../support/temp_folder.ts";

const UNIX = Deno.build.os !== "windows";

async function modeOf(path: string): Promise<string> {
  return ((await Deno.stat(path)).mode! & 0o777).toString(8);
}

async function namesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map((entry) => entry.name).sort();
}

Deno.test("writeFileAtomic() creates and replaces a file and leaves nothing else behind", async () => {
  await withTempFolder(async (root) => {
    const path = join(root, "apps", "shop", "token.json");
    await writeFileAtomic(path, "first");
    await writeFileAtomic(path, new TextEncoder().encode("zweite Fassung ü"));
    assert.equal(await readTextFile(path), "zweite Fassung ü");
    assert.deepEqual(await namesIn(dirname(path)), ["token.json"]);
  });
});

Deno.test({
  name: "writeFileAtomic() makes folders 0700 and files 0600 whatever the umask",
  ignore: !UNIX,
  async fn() {
    const umask = Deno.umask(0);
    try {
      await withTempFolder(async (root) => {
        const path = join(root, "apps", "shop", "token.json");
        await writeFileAtomic(path, "x");
        assert.equal(await modeOf(path), "600");
        assert.equal(await modeOf(join(root, "apps", "shop")), "700");
        assert.equal(await modeOf(join(root, "apps")), "700");
        await Deno.chmod(path, 0o644);
        await writeFileAtomic(path, "y");
        assert.equal(await modeOf(path), "600");
        await createPrivateFile(join(root, "db"));
        assert.equal(await modeOf(join(root, "db")), "600");
      });
    } finally {
      Deno.umask(umask);
    }
  },
});

Deno.test("writeFileAtomic() leaves the old file when the new one cannot take its place", async () => {
  await withTempFolder(async (root) => {
    const path = join(root, "folder");
    await Deno.mkdir(join(path, "inside"), { recursive: true });
    await assert.rejects(writeFileAtomic(path, "x"));
    assert.deepEqual(await namesIn(root), ["folder"]);
    assert.deepEqual(await namesIn(path), ["inside"]);
  });
});

Deno.test("writeFileAtomic() removes what killed writers of the same file left", async () => {
  await withTempFolder(async (root) => {
    const temporary = (name: string, digit: string) =>
      join(root, `.${name}.${digit.repeat(8)}-2222-3333-4444-555555555555.tmp`);
    const abandoned = temporary("token.json", "1");
    const recent = temporary("token.json", "2");
    const inUse = temporary("token.json", "3");
    const other = temporary("auth.json", "1");
    for (const path of [abandoned, recent, inUse, other]) await Deno.writeTextFile(path, "half");
    const minuteAgo = Date.now() / 1000 - 60;
    for (const path of [abandoned, inUse, other]) await Deno.utime(path, minuteAgo, minuteAgo);
    using writer = await Deno.open(inUse, { read: true, write: true });
    await writer.lock(true);
    await writeFileAtomic(join(root, "token.json"), "x");
    const left = [other, recent, inUse].map((path) => path.slice(root.length + 1));
    assert.deepEqual(await namesIn(root), [...left, "token.json"]);
  });
});

Deno.test("writeFileAtomic() lets many writers of one file leave one of their texts whole", async () => {
  await withTempFolder(async (root) => {
    const path = join(root, "token.json");
    const texts = Array.from({ length: 20 }, (_, index) => String(index).repeat(5000));
    await Promise.all(texts.map((text) => writeFileAtomic(path, text)));
    assert.ok(texts.includes(await readTextFile(path) ?? ""));
    assert.deepEqual(await namesIn(root), ["token.json"]);
  });
});

Deno.test("readTextFile() and removeFile() tell an absent file", async () => {
  await withTempFolder(async (root) => {
    const path = join(root, "token.json");
    assert.equal(await readTextFile(path), null);
    assert.equal(await readPrivateFile(path), null);
    assert.equal(await removeFile(path), false);
    await writeFileAtomic(path, "x");
    assert.equal(await removeFile(path), true);
    assert.equal(await readTextFile(path), null);
  });
});

Deno.test({
  name: "readPrivateFile() refuses a file others can read and names the command that repairs it",
  ignore: !UNIX,
  async fn() {
    await withTempFolder(async (root) => {
      const path = join(root, "token.json");
      await writeFileAtomic(path, "secret");
      assert.equal(await readPrivateFile(path), "secret");
      for (const mode of [0o640, 0o604, 0o620, 0o601]) {
        await Deno.chmod(path, mode);
        await assert.rejects(readPrivateFile(path), {
          code: "BAD_STORE",
          message: `"${path}" holds secrets and others can read it`,
          hint: `chmod 600 "${path}"`,
        });
      }
    });
  },
});

Deno.test({
  name: "readPrivateFile() refuses a file of another user",
  ignore: !UNIX || Deno.uid() !== 0,
  async fn() {
    await withTempFolder(async (root) => {
      const path = join(root, "token.json");
      await writeFileAtomic(path, "secret");
      await Deno.chown(path, 65534, null);
      await assert.rejects(readPrivateFile(path), {
        code: "BAD_STORE",
        message: `"${path}" belongs to another user`,
      });
    });
  },
});

Deno.test({
  name: "readPrivateFile() tells what is not a file",
  ignore: !UNIX,
  async fn() {
    await withTempFolder(async (root) => {
      const path = join(root, "token.json");
      await Deno.mkdir(path);
      const refusal = { code: "BAD_STORE", message: `"${path}" is not a file` };
      await assert.rejects(readPrivateFile(path), refusal);
      await assert.rejects(readTextFile(path), refusal);
    });
  },
});

Deno.test("readPrivateFile() refuses a file in a folder that everybody may write", {
  ignore: Deno.build.os === "windows",
}, async () => {
  await withTempFolder(async (root) => {
    await Deno.mkdir(`${root}/home/apps`, { recursive: true });
    const path = `${root}/home/apps/token.json`;
    await Deno.writeTextFile(path, "{}", { mode: 0o600 });
    assert.equal(await readPrivateFile(path), "{}");
    for (const folder of [`${root}/home/apps`, `${root}/home`]) {
      await Deno.chmod(folder, 0o777);
      await assert.rejects(readPrivateFile(path), (error: AppError) => {
        assert.equal(error.code, "BAD_STORE");
        assert.equal(error.details.file, folder);
        return true;
      });
      await Deno.chmod(folder, 0o755);
    }
    assert.equal(await readPrivateFile(path), "{}");
  });
});
