/**
 * `deno task attacks:without WALL[,WALL…] [NAME-PART…]`: the attack suite against a copy of the project in which
 * walls of the sandbox are taken away, to see that the others hold. `each` takes every wall away in turn.
 *
 *     checks        the search for imports, and the printing of what was searched
 *     compartment   the hardened JavaScript, with its globals
 *     permissions   of the Worker and, under `deno run`, of the sandbox process
 *     landlock, seccomp   the walls of the operating system
 *
 * Judged is harm alone: the canary touched, the canary's secret read, the approved server reached under another
 * name, a raw control character, a process left behind. What a script says it reached behind the wall that is
 * gone does not count; its outcome stands in the table. `--compile` tries the executable of the copy, with the
 * runtime base from npm.
 */
import { parseArgs } from "node:util";
import { copyProject } from "./bench/copy_project.ts";
import { changed, changesWithout, type Wall, WALLS } from "./attacks/without_walls.ts";
import { withTempFolder } from "../tests/support/temp_folder.ts";

const ROOT = new URL("../", import.meta.url).pathname;

if (import.meta.main) {
  const { values, positionals: [walls = "", ...words] } = parseArgs({
    args: Deno.args,
    options: { compile: { type: "boolean", default: false } },
    allowPositionals: true,
  });
  let holds = true;
  for (const taken of walls === "each" ? WALLS.map((wall) => [wall]) : [readWalls(walls)]) {
    console.log(`Without ${taken.join(", ")}:`);
    holds = await withTempFolder((copy) => attackWithout(taken, copy, words, values.compile)) &&
      holds;
  }
  Deno.exitCode = holds ? 0 : 1;
}

/** @throws {Error} for a name that is none of a wall. */
function readWalls(text: string): Wall[] {
  return text.split(",").map((name) => {
    const wall = WALLS.find((known) => known === name);
    if (wall === undefined) {
      throw new Error(`Unknown wall "${name}"; known: each, ${WALLS.join(", ")}`);
    }
    return wall;
  });
}

async function attackWithout(
  walls: readonly Wall[],
  copy: string,
  words: readonly string[],
  compiled: boolean,
): Promise<boolean> {
  await copyProject(ROOT, copy);
  for (const change of changesWithout(new Set(walls))) {
    const path = `${copy}/${change.file}`;
    await Deno.writeTextFile(path, changed(await Deno.readTextFile(path), change));
  }
  if (compiled) await run(copy, ["scripts/compile.ts", "--base", "npm"], {});
  const env: Record<string, string> = compiled ? { KEYSMITH_BIN: `${copy}/dist/keysmith` } : {};
  return await run(copy, ["scripts/attacks.ts", ...words], env);
}

async function run(
  cwd: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<boolean> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", ...args],
    ...{ cwd, env },
  });
  return (await command.spawn().status).success;
}
