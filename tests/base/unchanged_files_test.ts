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
    const longAgo = new Date(2020, 1, 1);
    // The change of an inode cannot be dated back, so files settle only with time.
    const settle = () => new Promise((resolve) => setTimeout(resolve, 120));
    await Deno.writeTextFile(first, "one");
    await settle();
    assert.deepEqual([await read(), await read()], [1, 1]);
    await Deno.writeTextFile(first, "two");
    await Deno.utime(first, longAgo, longAgo);
    assert.deepEqual([await read(), await read()], [2, 3], "Just changed, it is not trusted yet");
    await Deno.writeTextFile(second, "made");
    assert.equal(await read(), 4);
    await Deno.remove(first);
    assert.equal(await read(), 5);
    await settle();
    assert.deepEqual([await read(), await read()], [6, 6]);
  });
});
