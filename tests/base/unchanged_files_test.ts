import assert from "node:assert/strict";
import { join } from "node:path";
import { unlessUnchanged } from "../../lib/base/unchanged_files.ts";
import { withTempFolder } from "../support/temp_folder.ts";

Deno.test("unlessUnchanged() reads again when a file was written, replaced, removed or made", async () => {
  await withTempFolder(async (folder) => {
    const [first, second] = [join(folder, "first"), join(folder, "second")];
    const owner = {};
    let reads = 0;
    const read = () => unlessUnchanged(owner, [first, second], () => Promise.resolve(++reads));
    const settle = async () => {
      for (const path of [first, second]) {
        const longAgo = new Date(Date.now() - 10_000);
        await Deno.utime(path, longAgo, longAgo).catch(() => {});
      }
    };
    await Deno.writeTextFile(first, "one");
    await settle();
    assert.deepEqual([await read(), await read()], [1, 1]);
    await Deno.writeTextFile(first, "two");
    assert.deepEqual([await read(), await read()], [2, 3], "Just changed, it is not trusted yet");
    await Deno.writeTextFile(second, "made");
    await settle();
    assert.deepEqual([await read(), await read()], [4, 4]);
    await Deno.remove(first);
    assert.deepEqual([await read(), await read()], [5, 5]);
  });
});
