/** The program as JavaScript in chunks, one per command, so that a run loads only what it needs. */
import { fileURLToPath } from "node:url";
import project from "../../deno.json" with { type: "json" };

export const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

/** The program, and the module that runs in the sandbox's Worker. Their places are kept under `folder`. */
const ENTRIES = ["main.ts", "lib/sandbox/worker.ts"];

/** Bundles into `folder`, emptied first; `commit` is what `--version` shows. */
export async function bundle(folder: string, commit: string): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  const settings = await Deno.makeTempDir({ prefix: "keysmith-bundle-" });
  try {
    const config = await writeBuildConfig(settings, commit);
    await deno([
      "bundle",
      "--quiet",
      "--config",
      config,
      "--lock",
      `${ROOT}/deno.lock`,
      "--frozen",
      "--code-splitting",
      "--minify",
      "--keep-names",
      "--outdir",
      folder,
      ...ENTRIES.map((entry) => `${ROOT}/${entry}`),
    ]);
    await answerRequires(folder);
  } finally {
    await Deno.remove(settings, { recursive: true });
  }
}

/** What the bundler writes where a CommonJS package requires a module of Node's; it only throws. */
const REQUIRE_STUB = /throw Error\('Dynamic require of "'\+(\w+)\+'" is not supported'\)/g;

/** Lets CommonJS packages have the built-in modules they require. */
async function answerRequires(folder: string): Promise<void> {
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (!isFile) continue;
    const code = await Deno.readTextFile(`${folder}/${name}`);
    const answered = code.replace(REQUIRE_STUB, "return process.getBuiltinModule($1)");
    if (answered.includes("Dynamic require of")) throw new Error(`"${name}" has an unknown stub`);
    if (answered !== code) await Deno.writeTextFile(`${folder}/${name}`, answered);
  }
}

/** The project's configuration with the module that tells the commit exchanged. */
async function writeBuildConfig(folder: string, commit: string): Promise<string> {
  const module = `${folder}/build_commit.ts`;
  await Deno.writeTextFile(module, `export const BUILD_COMMIT = ${JSON.stringify(commit)};\n`);
  const { name, version, nodeModulesDir, compilerOptions } = project;
  const imports = { ...project.imports, "#build-commit": module };
  const config = { name, version, nodeModulesDir, compilerOptions, imports };
  await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify(config));
  return `${folder}/deno.json`;
}

/** Runs the Deno that runs this script. */
export async function deno(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { success } = await new Deno.Command(Deno.execPath(), { args: [...args], env, cwd: ROOT })
    .spawn().status;
  if (!success) throw new Error(`"deno ${args[0]}" failed`);
}
