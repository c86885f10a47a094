import assert from "node:assert/strict";
import { join } from "node:path";
import { removeAbandoned } from "../../lib/browser/browser_profile.ts";
import { withTempFolder } from "../support/temp_folder.ts";

Deno.test("removeAbandoned() removes profiles whose process is gone, and nothing else", () =>
  withTempFolder(async (folder) => {
    const gone = new Deno.Command(Deno.execPath(), { args: ["--version"], stdout: "null" }).spawn();
    await gone.status;
    const owners: Record<string, string | null> = {
      "keysmith-browser-gone": String(gone.pid),
      "keysmith-browser-mine": String(Deno.pid),
      "keysmith-browser-nobody": null,
      "keysmith-browser-odd": "x",
      "other": String(gone.pid),
    };
    for (const [name, owner] of Object.entries(owners)) {
      await Deno.mkdir(join(folder, name));
      if (owner !== null) await Deno.writeTextFile(join(folder, name, "keysmith-owner"), owner);
    }
    removeAbandoned(folder);
    const left = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    assert.deepEqual(left, Object.keys(owners).filter((name) => !name.endsWith("gone")).sort());
  }));
