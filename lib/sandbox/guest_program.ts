/**
 * What the sandbox process runs under `deno run`: `sandbox_main.ts` and the Worker, bundled once into a few
 * files of JavaScript that need no npm package. Such a process is started with `--no-npm`, may read
 * the folder of the bundle alone, and starts in under half the processor time.
 *
 * The bundle lies in Deno's own cache folder, under the hash of all it is made of: the project's files that it is
 * reached by, the configuration, the lock file and Deno's version. Who may write there could as well change
 * the packages that every run loads. It is built in a folder beside and renamed, so that it is whole or not
 * there.
 */
import { createHash } from "node:crypto";
import { fileURLToPath, pathToFileURL } from "node:url";
import { denoDir } from "./deno_dir.ts";
import { filesReachedBy } from "./reached_files.ts";

const ROOT = new URL("../../", import.meta.url);
const ENTRIES = ["sandbox_main.ts", "lib/sandbox/worker.ts"].map((name) => new URL(name, ROOT));
const SETTINGS = ["deno.json", "deno.lock"].map((name) => new URL(name, ROOT));

/** A bundle that no run has used for so long is removed when another is built, in milliseconds. */
const KEPT_UNUSED_MS = 30 * 24 * 3600 * 1000;

export interface GuestProgram {
  readonly kind: "bundle" | "sources";
  /** The first module, a `file:` URL. */
  readonly main: string;
  /** The folder that holds all of it. */
  readonly folder: string;
}

let program: Promise<GuestProgram> | undefined;

/** Built at the first call on a machine, and looked up once in a process. */
export function guestProgram(): Promise<GuestProgram> {
  return program ??= bundledProgram().catch(() => sourceProgram());
}

/** Where no bundle can be built (no bundler in the cache and no network, a cache that cannot be written). */
export function sourceProgram(): GuestProgram {
  return { kind: "sources", main: ENTRIES[0]!.href, folder: fileURLToPath(ROOT) };
}

/** @throws where the bundler fails or the cache cannot be written. */
export async function bundledProgram(cache = denoDir()): Promise<GuestProgram> {
  const bundles = `${cache}/keysmith-guest`;
  const folder = `${bundles}/${await hashOfSources()}`;
  const now = new Date();
  await Deno.utime(folder, now, now).catch(async () => {
    await buildInto(folder, bundles);
    await removeUnused(bundles);
  });
  return { kind: "bundle", main: pathToFileURL(`${folder}/sandbox_main.js`).href, folder };
}

async function hashOfSources(): Promise<string> {
  const files = [...SETTINGS, ...await filesReachedBy(ENTRIES)];
  const hash = createHash("sha256").update(JSON.stringify(Deno.version));
  for (const file of files) {
    const text = await Deno.readTextFile(file);
    hash.update(JSON.stringify([file.href.slice(ROOT.href.length), text]));
  }
  return hash.digest("hex");
}

/** Another process may build the same at the same time: the first to rename wins, and both are alike. */
async function buildInto(folder: string, bundles: string): Promise<void> {
  await Deno.mkdir(bundles, { recursive: true, mode: 0o700 });
  const partial = await Deno.makeTempDir({ dir: bundles, prefix: "partial-" });
  try {
    await bundle(partial);
    await Deno.rename(partial, folder);
  } catch (thrown) {
    await Deno.remove(partial, { recursive: true });
    await Deno.stat(folder).catch(() => {
      throw thrown;
    });
  }
}

async function bundle(folder: string): Promise<void> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["bundle", "--quiet", "--no-check", "--code-splitting", "--minify", "--keep-names"],
      ...["--config", fileURLToPath(SETTINGS[0]!), "--lock", fileURLToPath(SETTINGS[1]!)],
      ...["--frozen", "--outdir", folder],
      ...ENTRIES.map((entry) => fileURLToPath(entry)),
    ],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).output();
  if (!success) throw new Error("The program of the sandbox could not be bundled");
}

async function removeUnused(bundles: string): Promise<void> {
  for await (const { name } of Deno.readDir(bundles)) {
    const folder = `${bundles}/${name}`;
    const { mtime } = await Deno.stat(folder).catch(() => ({ mtime: null }));
    if (mtime === null || Date.now() - mtime.getTime() < KEPT_UNUSED_MS) continue;
    await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
}
