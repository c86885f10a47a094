/** What Keysmith finds on this machine, each part tried and not assumed. */
import { dirname } from "node:path";
import type { Context } from "../base/context.ts";
import { AppError, messageOf } from "../base/error.ts";
import { findBrowser } from "../browser/find_browser.ts";
import { guestProgram } from "../sandbox/guest_program.ts";
import { probeWalls } from "../sandbox/probe_walls.ts";
import type { WallReport } from "../sandbox/walls/wall_report.ts";
import { openHome } from "../store/home.ts";
import { withLock } from "../store/lock.ts";

export interface Diagnosis {
  /** What the sandbox process runs: this executable, a bundle made of the checkout, or its sources. */
  readonly program: "executable" | "bundle" | "sources";
  readonly home: {
    /** `null`: the environment does not say where it is. */
    readonly path: string | null;
    /** `null`: files are written and locked there. */
    readonly problem: string | null;
  };
  /** Walls of the operating system around a sandbox process; `null`: none could be started. */
  readonly sandbox: WallReport | null;
  /** The program of the browser that recordings would use; `null`: none is installed. */
  readonly browser: string | null;
}

const LOCK_TIMEOUT_MS = 2000;

/** Writes nothing that stays. */
export async function doctor(ctx: Context): Promise<Diagnosis> {
  const [program, sandbox, home] = await Promise.all([
    Deno.build.standalone ? "executable" as const : guestProgram().then(({ kind }) => kind),
    probeWalls(),
    examineHome(ctx),
  ]);
  return { program, home, sandbox, browser: browser(ctx) };
}

async function examineHome(ctx: Context): Promise<Diagnosis["home"]> {
  try {
    const { root } = openHome(ctx);
    const isThere = await exists(root);
    return { path: root, problem: isThere ? await homeProblem(root) : await parentProblem(root) };
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    const remedy = thrown.hint === undefined ? "" : `; ${thrown.hint}`;
    return { path: null, problem: `${thrown.message}${remedy}` };
  }
}

function exists(path: string): Promise<boolean> {
  return Deno.stat(path).then(() => true, () => false);
}

/** A home that is not there yet is made by the first command that writes, in the nearest folder that is there. */
async function parentProblem(root: string): Promise<string | null> {
  let parent = dirname(root);
  while (!await exists(parent) && parent !== dirname(parent)) parent = dirname(parent);
  try {
    await Deno.remove(await Deno.makeTempDir({ dir: parent, prefix: ".keysmith-doctor-" }));
    return null;
  } catch (thrown) {
    return `it cannot be made: ${messageOf(thrown)}`;
  }
}

async function homeProblem(root: string): Promise<string | null> {
  const path = `${root}/.doctor-${crypto.randomUUID()}`;
  try {
    await withLock(path, { timeoutMs: LOCK_TIMEOUT_MS }, () => Promise.resolve());
    return null;
  } catch (thrown) {
    return messageOf(thrown);
  } finally {
    await Deno.remove(`${path}.lock`).catch(() => {});
  }
}

function browser({ env }: Context): string | null {
  try {
    return findBrowser(env, undefined);
  } catch (thrown) {
    if (thrown instanceof AppError) return null;
    throw thrown;
  }
}
