/** Records the applications of `fixtures/apps/found`: `deno run -A scripts/record_found.ts [NAME…]`. */
import { FOUND_NAMES } from "../fixtures/apps/found/registry.ts";
import { foundFile, recordFound } from "../tests/support/found_trial.ts";

const FIRST_PORT = 18900;

for (const name of Deno.args.length > 0 ? Deno.args : FOUND_NAMES) {
  const { origins, har } = await recordFound(name, FIRST_PORT + FOUND_NAMES.indexOf(name));
  const { log } = har as { log: object };
  await Deno.writeTextFile(
    foundFile(name),
    `${JSON.stringify({ log: { origins, ...log } }, null, 1)}\n`,
  );
}
