/** One executable out of a bundle, with the permissions the program needs and no more. */
import { LIBC_PATHS } from "../../lib/sandbox/walls/libc_paths.ts";
import { LISTED_PROGRAMS } from "../../lib/base/permitted_programs.ts";
import { deno } from "./bundle.ts";

/**
 * What is baked in. Files: the home, captures, documents and secrets lie wherever the user says. Hosts
 * and variables: as captures and configuration name them. Programs: for Linux a list, see `permitted_programs.ts`; elsewhere
 * any, for itself as the sandbox, a browser, the system's keychain, and what `exec` secrets name. Foreign functions: the C library, by which the sandbox
 * process closes itself; any other process of the program gives that up first. Never: imports from the network. The
 * sandbox process gives all of these up before a script runs.
 */
const PERMISSIONS: readonly string[] = [
  "--no-prompt",
  "--allow-read",
  "--allow-write",
  "--allow-net",
  "--allow-env",
  "--allow-sys=uid",
  `--allow-ffi=${LIBC_PATHS.join(",")}`,
  "--deny-import",
  "--unstable-worker-options",
];

export interface CompileOptions {
  /** The folder `bundle()` wrote. */
  readonly bundleFolder: string;
  readonly output: string;
  /** `null` for the platform that compiles. */
  readonly target: string | null;
  /** A runtime base to use in place of the downloaded one. */
  readonly base: string | null;
  /** Of `PERMISSIONS`, to leave out: for measurements of what one of them costs. */
  readonly without?: string;
}

/** `--no-code-cache`: a compiled program trusts a cache file in the temporary folder without asking whose it is. */
export async function compileExecutable(options: CompileOptions): Promise<void> {
  const { bundleFolder, output, target, base, without } = options;
  await deno([
    "compile",
    "--quiet",
    "--no-check",
    "--no-code-cache",
    "--no-config",
    "--no-lock",
    runPermission(target),
    ...PERMISSIONS.filter((flag) => without === undefined || !flag.startsWith(without)),
    ...(target === null ? [] : ["--target", target]),
    "--include",
    bundleFolder,
    "--output",
    output,
    `${bundleFolder}/main.js`,
  ], base === null ? {} : { DENORT_BIN: base });
}

function runPermission(target: string | null): string {
  const isForLinux = target === null ? Deno.build.os === "linux" : target.includes("linux");
  return isForLinux ? `--allow-run=${LISTED_PROGRAMS.join(",")}` : "--allow-run";
}
