/**
 * Which programs this process may start. Permissions are baked into an executable, and of "every program" none can be
 * taken away later but one by one. So the executable for Linux is baked with a list: itself, what opens a browser, the
 * keychain's tool, `kill`, and `env(1)`, which runs in its own place any program it is told to. That one is given up
 * before anything foreign is read where neither the configuration nor the command names a program of the user's choice.
 * The list has paths: names are looked up when a process starts, and without a `PATH` it would not start.
 *
 * Where every program is permitted (`deno run -A`; macOS and Windows, on which a process has no name of its own that is
 * the same wherever it was put), programs are started as they are and nothing is given up here.
 */
import { AppError } from "./error.ts";

/** In a new process it is this program. */
const OWN_PROGRAM = "/proc/self/exe";
/** What runs another program in its own place. */
const ANY_PROGRAM = "env";
/** Without `env(1)`'s reading of the first word with `=` in it as a variable. */
const PLAINLY = ["nice", "-n", "0"];
/** What Linux has for a browser and for secrets. */
const TOOLS = ["xdg-open", "secret-tool"];
const ENDING = "kill";

/** Where distributions keep them. */
const FOLDERS = ["/usr/bin", "/bin", "/usr/local/bin", "/run/current-system/sw/bin"];

/** For `--allow-run` of the executable. */
export const LISTED_PROGRAMS: readonly string[] = [
  OWN_PROGRAM,
  ...[ANY_PROGRAM, ...TOOLS, ENDING].flatMap(placesOf),
];

/** `own`: itself, and what ends it; `listed`: the openers and the keychain too. */
export type KeptPrograms = "own" | "listed";

export interface ProgramStart {
  readonly program: string;
  readonly args: string[];
  /** To be passed on as it is: empty where the whole environment is inherited. */
  readonly environment: { readonly clearEnv?: true; readonly env?: Record<string, string> };
}

/** False where every program is. */
export function hasProgramList(): boolean {
  return Deno.build.os === "linux" && !isPermitted(undefined) && isPermitted(OWN_PROGRAM);
}

/** This same program, to be started again with an environment of its own. */
export function ownProgram(): string {
  return hasProgramList() ? OWN_PROGRAM : Deno.execPath();
}

/**
 * One of the tools, which lies where the list has it or else is started as any program is. With a list the runtime starts
 * nothing under variables of the loader; they are left out.
 *
 * @throws as `anyProgram()`.
 */
export function toolProgram(tool: string, args: readonly string[]): ProgramStart {
  if (!hasProgramList()) return { program: tool, args: [...args], environment: {} };
  const program = findProgram(tool);
  if (!isPermitted(program)) return anyProgram(program, args);
  return { program, args: [...args], environment: withoutLoader(Deno.env.toObject()).environment };
}

/**
 * Any program, with the environment of this process.
 *
 * @throws {AppError} `UNSUPPORTED` where that was given up.
 * @throws {Deno.errors.NotFound} where there is none of that name.
 */
export function anyProgram(program: string, args: readonly string[]): ProgramStart {
  if (!hasProgramList()) return { program, args: [...args], environment: {} };
  const found = findProgram(program);
  const door = placesOf(ANY_PROGRAM).find((place) => isPermitted(place) && isExecutable(place));
  if (door === undefined) throw givenUp(program);
  const { loader, environment } = withoutLoader(Deno.env.toObject());
  const plainly = found.includes("=") ? PLAINLY : [];
  return { program: door, args: [...loader, ...plainly, found, ...args], environment };
}

/** Whether one of the tools lies where the list does not have it: it is started as any program is. */
export function hasToolElsewhere(): boolean {
  return TOOLS.some((tool) => {
    const place = placesOnPath(tool).find(isExecutable);
    return place !== undefined && !isPermitted(place);
  });
}

/** Gives the others up, for good. */
export function keepPrograms(kept: KeptPrograms): void {
  if (!hasProgramList()) return;
  const given = kept === "own" ? [ANY_PROGRAM, ...TOOLS] : [ANY_PROGRAM];
  for (const command of given.flatMap(placesOf)) {
    Deno.permissions.revokeSync({ name: "run", command });
  }
}

/** As the first argument it makes a process one that ends the process by which it was started. */
const ENDING_MODE = "--keysmith-end";

/**
 * Ends this process at once, whatever its main thread does. With a list the runtime lets it send no signal, and a child
 * does: `kill(1)`, or where that is not installed this program, by means of the C library.
 */
export function endThisProcess(): void {
  if (!hasProgramList()) return Deno.kill(Deno.pid, "SIGKILL");
  const kill = placesOf(ENDING).find(isExecutable);
  const [program, args] = kill === undefined
    ? [OWN_PROGRAM, [ENDING_MODE]]
    : [kill, ["-KILL", String(Deno.pid)]];
  new Deno.Command(program, { args, clearEnv: true }).spawn();
}

function placesOf(program: string): string[] {
  return FOLDERS.map((folder) => `${folder}/${program}`);
}

function isPermitted(command: string | undefined): boolean {
  const asked = { name: "run", ...(command === undefined ? {} : { command }) } as const;
  return Deno.permissions.querySync(asked).state === "granted";
}

/** As `execvp(3)` finds it, so that a missing one is told from one that fails. */
function findProgram(program: string): string {
  const found = placesOnPath(program).find(isExecutable);
  if (found === undefined) throw new Deno.errors.NotFound(`No program "${program}"`);
  return found;
}

function placesOnPath(program: string): string[] {
  if (program.includes("/")) return [program];
  const folders = (Deno.env.get("PATH") ?? "/usr/bin:/bin").split(":");
  return folders.map((folder) => folder === "" ? program : `${folder}/${program}`);
}

function isExecutable(path: string): boolean {
  try {
    const { isFile, mode } = Deno.statSync(path);
    return isFile && ((mode ?? 0) & 0o111) !== 0;
  } catch {
    return false;
  }
}

/** Variables of the dynamic loader, as `env(1)` takes them, and the rest. */
function withoutLoader(all: Readonly<Record<string, string>>) {
  const isLoaders = ([name]: [string, string]) => /^(LD|DYLD)_/.test(name);
  const loader = Object.entries(all).filter(isLoaders).map(([name, value]) => `${name}=${value}`);
  if (loader.length === 0) return { loader, environment: {} };
  const env = Object.fromEntries(Object.entries(all).filter((entry) => !isLoaders(entry)));
  return { loader, environment: { clearEnv: true, env } as const };
}

function givenUp(program: string): AppError {
  return new AppError(
    "UNSUPPORTED",
    `"${program}" may not be started: when this command began, the configuration named no program, or env(1) was not on ` +
      "the PATH",
    { hint: "Start the command again; a server that goes on is to be restarted" },
  );
}
