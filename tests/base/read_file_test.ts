import assert from "node:assert/strict";
import { readWholeFile, readWholeText } from "../../lib/base/read_file.ts";
import { withTempFolder } from "../support/temp_folder.ts";

Deno.test("readWholeText() reads files of any length", async () => {
  await withTempFolder(async (folder) => {
    for (const length of [0, 1, 65_536, 65_537, 300_000]) {
      await Deno.writeTextFile(`${folder}/file`, `\u00e9${"x".repeat(length)}`);
      assert.equal((await readWholeText(`${folder}/file`)).length, length + 1);
    }
    await assert.rejects(readWholeFile(`${folder}/none`), Deno.errors.NotFound);
  });
});

Deno.test({
  name:
    "readWholeFile() waits for a pipe without standing in the way, and no longer than its signal",
  ignore: Deno.build.os === "windows",
  async fn() {
    await withTempFolder(async (folder) => {
      const [pipe, other] = [`${folder}/pipe`, `${folder}/other`] as const;
      assert.ok((await new Deno.Command("mkfifo", { args: [pipe, other] }).output()).success);
      const controller = new AbortController();
      const reading = readWholeFile(pipe, controller.signal);
      let ticks = 0;
      await new Promise((resolve) => setTimeout(() => resolve(ticks++), 0));
      controller.abort(new Error("no longer"));
      await assert.rejects(reading, /no longer/);
      assert.equal(ticks, 1);
      await Deno.writeTextFile(pipe, ""); // the thread that opens it goes on
      const text = readWholeText(other);
      await Deno.writeTextFile(other, "written");
      assert.equal(await text, "written");
    });
  },
});
