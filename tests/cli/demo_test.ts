import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { withTempFolder } from "../support/temp_folder.ts";

const DEMO = fileURLToPath(new URL("../../scripts/demo.ts", import.meta.url));

Deno.test("deno task demo does the whole job and leaves nothing behind", () =>
  withTempFolder(async (folder) => {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", DEMO],
      env: { TMPDIR: folder, TEMP: folder, TMP: folder, NO_COLOR: "1" },
    }).output();
    const text = new TextDecoder().decode(stdout);
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    assert.match(text, /proof +passed/);
    assert.match(text, /token +expired/);
    assert.match(text, /"name":"Grace B\. Second"[^]*"name":"Grace B\. Second"/);
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  }));
