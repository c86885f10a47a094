/**
 * `deno task check:reproducible [--base npm]`: builds the executable of this commit twice, in folders of other names and
 * one after the other, and compares the two byte for byte. Ends in exit code 1 where they differ, with the first
 * file of the bundle that does, or the first byte of the executable.
 */
import { bundle } from "./build/bundle.ts";
import { compileExecutable } from "./build/compile_executable.ts";
import { npmDenortBase, sha256 } from "./build/denort_base.ts";

if (import.meta.main) {
  const base = Deno.args.join(" ") === "--base npm" ? await npmDenortBase() : null;
  const folders = [await folder("keysmith-one-"), await folder("keysmith-the-other-")] as const;
  try {
    const builds: Build[] = [];
    for (const path of folders) builds.push(await build(path, base));
    Deno.exitCode = await compare(builds[0]!, builds[1]!) ? 0 : 1;
  } finally {
    for (const path of folders) await Deno.remove(path, { recursive: true });
  }
}

interface Build {
  readonly bundleFolder: string;
  readonly executable: string;
}

async function folder(prefix: string): Promise<string> {
  return await Deno.makeTempDir({ prefix });
}

async function build(path: string, base: string | null): Promise<Build> {
  const bundleFolder = `${path}/bundle`;
  const executable = `${path}/keysmith`;
  await bundle(bundleFolder, "reproducible");
  await compileExecutable({ bundleFolder, output: executable, target: null, base });
  return { bundleFolder, executable };
}

async function compare(one: Build, other: Build): Promise<boolean> {
  const names = [one, other].map(({ bundleFolder }) => filesIn(bundleFolder));
  if (names[0]!.join("\n") !== names[1]!.join("\n")) {
    return differ("the names of the bundle's files");
  }
  for (const name of names[0]!) {
    const at = await firstDifference(
      `${one.bundleFolder}/${name}`,
      `${other.bundleFolder}/${name}`,
    );
    if (at >= 0) return differ(`"${name}" of the bundle, at byte ${at}`);
  }
  const at = await firstDifference(one.executable, other.executable);
  if (at >= 0) return differ(`the executable, at byte ${at}`);
  console.log(`equal: SHA-256 ${sha256(await Deno.readFile(one.executable))}`);
  return true;
}

function differ(what: string): false {
  console.error(`The two builds differ in ${what}`);
  return false;
}

function filesIn(path: string, below = ""): string[] {
  return [...Deno.readDirSync(`${path}/${below}`)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesIn(path, `${below}${name}/`) : [`${below}${name}`]
  ).sort();
}

/** -1 where the files are equal. */
async function firstDifference(one: string, other: string): Promise<number> {
  const [a, b] = [await Deno.readFile(one), await Deno.readFile(other)];
  const length = Math.max(a.length, b.length);
  for (let at = 0; at < length; at++) if (a[at] !== b[at]) return at;
  return -1;
}
