/** Every `tests/cli/*.txt`, within this process and, with `KEYSMITH_BIN`, against the executable. */
import { EXECUTABLE, keysmith, keysmithWithin } from "../support/keysmith.ts";
import { parseScript, runScript } from "../support/script.ts";
import { withTempFolder } from "../support/temp_folder.ts";

const folder = new URL("./", import.meta.url);
const names = [...Deno.readDirSync(folder)].map(({ name }) => name)
  .filter((name) => name.endsWith(".txt")).sort();

for (const name of names) {
  const script = parseScript(Deno.readTextFileSync(new URL(name, folder)));
  Deno.test(`tests/cli/${name} within the process`, () =>
    withTempFolder((work) => runScript(script, work, keysmithWithin)));
  if (EXECUTABLE !== null) {
    Deno.test(`tests/cli/${name} against the executable`, () =>
      withTempFolder((work) => runScript(script, work, keysmith)));
  }
}
