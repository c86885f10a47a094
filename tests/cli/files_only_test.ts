/** Commands that work in files alone give up what it takes to connect and to start programs. */
import assert from "node:assert/strict";
import { importsOf } from "../../scripts/import_circles.ts";
import { withTempFolder } from "../support/temp_folder.ts";

const LIB = new URL("../../lib/", import.meta.url);
const REACHES_OUT =
  /\bnew Deno\.Command\b|\bfetch\(|\bDeno\.(?:connect|listen|serve|resolveDns)|"node:(?:child_process|https?|net|tls|dgram|dns)"/;

/** Files of `lib/` that a command is made of. */
function madeOf(file: string, imports: ReadonlyMap<string, readonly string[]>): Set<string> {
  const found = new Set([file]);
  for (const one of found) for (const next of imports.get(one) ?? []) found.add(next);
  return found;
}

Deno.test("a command works in files alone exactly where nothing that it is made of reaches out", async () => {
  const imports = await importsOf(LIB.pathname);
  const reaching = new Set<string>();
  for (const file of imports.keys()) {
    if (REACHES_OUT.test(await Deno.readTextFile(new URL(file, LIB)))) reaching.add(file);
  }
  const commands = [...imports.keys()].filter((file) => file.startsWith("cli/commands/")).sort();
  for (const file of commands) {
    const text = await Deno.readTextFile(new URL(file, LIB));
    if (!text.includes("export const command")) continue;
    const isConfined = madeOf(file, imports).isDisjointFrom(reaching);
    assert.equal(text.includes("filesOnly: true"), isConfined, file);
  }
});

Deno.test("the process has no longer what such a command gives up", async () => {
  const run = new URL("cli/run.ts", LIB).href;
  const code = `
    const { runCli } = await import("${run}");
    for (const args of [["capture", "show", "no"], ["capture", "list"]]) {
      await runCli([...args, "--home", Deno.args[0]]);
      console.log(["net", "run"].map((name) => Deno.permissions.querySync({ name }).state).join(" "));
    }
    Deno.exit(0);`;
  await withTempFolder(async (home) => {
    await Deno.writeTextFile(`${home}/run.ts`, code);
    const config = new URL("../../deno.json", import.meta.url).pathname;
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-prompt", "--config", config, `${home}/run.ts`, home],
      stderr: "null",
    }).output();
    const states = new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
    assert.deepEqual(states, ["prompt granted", "prompt prompt"]);
  });
});
