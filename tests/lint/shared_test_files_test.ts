import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { sharedFiles, testFiles } from "../../scripts/shared_test_files.ts";
import { withTempFolder } from "../support/temp_folder.ts";

const TESTS = fileURLToPath(new URL("../", import.meta.url)).replace(/[\\/]$/, "");

Deno.test("sharedFiles() leaves no test file out and runs none twice", () =>
  withTempFolder(async (folder) => {
    const paths = await sharedFiles(TESTS, folder);
    const run: string[] = [];
    for (const path of paths) {
      if (!path.startsWith(folder)) run.push(...testFiles(path));
      else {
        const imports = (await Deno.readTextFile(path)).matchAll(/^import "(.*)";$/gm);
        run.push(...[...imports].map(([, href = ""]) => fileURLToPath(href)));
      }
    }
    assert.deepEqual(run.toSorted(), testFiles(TESTS).toSorted());
    assert.ok(paths.filter((path) => path.startsWith(folder)).length >= 10);
  }));
