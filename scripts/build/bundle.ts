/** The program as JavaScript in chunks, one per command, so that a run loads only what it needs. */
import { Buffer } from "node:buffer";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import project from "../../deno.json" with { type: "json" };

export const ROOT = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

/** The program, and what runs in Workers: the sandbox's and the watch. Their places are kept under `folder`. */
const ENTRIES = ["main.ts", "lib/sandbox/worker.ts", "lib/cli/watch_worker.ts"];

/** Always here: names of chunks are made of the paths of what is in them, and two builds are to be equal. */
const SETTINGS = `${ROOT}/dist/settings`;

/** Bundles into `folder`, emptied first; `commit` is what `--version` shows. */
export async function bundle(folder: string, commit: string): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await Deno.mkdir(SETTINGS, { recursive: true });
  try {
    const config = await writeBuildConfig(SETTINGS, commit);
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
    await finishChunks(folder);
  } finally {
    await Deno.remove(SETTINGS, { recursive: true });
  }
}

/** What the bundler writes where a CommonJS package requires a module of Node's; it only throws. */
const REQUIRE_STUB = /throw Error\('Dynamic require of "'\+(\w+)\+'" is not supported'\)/g;

/** A long binary in a string, as packages carry their WebAssembly. */
const BINARY_LITERAL = /"([A-Za-z0-9+/]{100000,}={0,2})"/g;

/** In the executable stands when each file was changed last; a build's moment would make no two of them equal. */
const FILE_TIME = new Date(0);

async function finishChunks(folder: string): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) {
      await finishChunks(path);
      continue;
    }
    const code = await Deno.readTextFile(path);
    const finished = packBinaries(answerRequires(code));
    if (finished.includes("Dynamic require of")) throw new Error(`"${path}" has an unknown stub`);
    if (finished !== code) await Deno.writeTextFile(path, finished);
    await Deno.utime(path, FILE_TIME, FILE_TIME);
  }
}

/** Lets CommonJS packages have the built-in modules they require. */
function answerRequires(code: string): string {
  return code.replace(REQUIRE_STUB, "return process.getBuiltinModule($1)");
}

/** Packs long binaries: an executable reads all it holds at every start, and these at few. */
function packBinaries(code: string): string {
  return code.replace(BINARY_LITERAL, (_literal, base64: string) => {
    const packed = brotliCompressSync(Buffer.from(base64, "base64"), {
      params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 22 },
    });
    const bytes = `Buffer.from("${packed.toString("base64")}","base64")`;
    const unpack = `process.getBuiltinModule("node:zlib").brotliDecompressSync`;
    return `${unpack}(process.getBuiltinModule("node:buffer").${bytes}).toString("base64")`;
  });
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
