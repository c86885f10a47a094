/**
 * `deno task check:exports [NAME…]`: the OpenAPI description of every recording of the fixtures, held against
 * three validators. Ends in exit code 1 when one of them finds something.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { exportProblems } from "../tests/support/export_problems.ts";

const FIXTURES = fileURLToPath(new URL("../fixtures", import.meta.url));
const FOLDERS = ["recordings", "har", "found"];

if (import.meta.main) {
  const files = Deno.args.length > 0 ? Deno.args.map((name) => fileOf(name)) : [...allFiles()];
  let failed = 0;
  for (const file of files) {
    const problems = await exportProblems(file);
    if (problems.length > 0) failed++;
    for (const problem of problems) console.log(`${file.slice(FIXTURES.length + 1)}: ${problem}`);
  }
  console.log(`${files.length} recordings, ${failed} with problems`);
  if (failed > 0 || files.length === 0) Deno.exitCode = 1;
}

function* allFiles(): Generator<string> {
  for (const folder of FOLDERS) {
    for (const { name } of Deno.readDirSync(join(FIXTURES, folder))) {
      if (name.endsWith(".har")) yield join(FIXTURES, folder, name);
    }
  }
}

function fileOf(name: string): string {
  return name.includes("/") ? name : join(FIXTURES, "recordings", `${name}.har`);
}
