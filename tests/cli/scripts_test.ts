/** Every `tests/cli/*.txt`: against the executable if `KEYSMITH_BIN` names one, else within this process. */
import { testedKeysmith } from "../support/keysmith.ts";
import { parseScript, runScript } from "../support/script.ts";
import { withTempFolder } from "../support/temp_folder.ts";

const folder = new URL("./", import.meta.url);
const names = [...Deno.readDirSync(folder)].map(({ name }) => name)
  .filter((name) => name.endsWith(".txt")).sort();

for (const name of names) {
  const script = parseScript(Deno.readTextFileSync(new URL(name, folder)));
  Deno.test(`tests/cli/${name}`, () =>
    withTempFolder((work) => runScript(script, work, testedKeysmith)));
}
