/** What Keysmith finds on this machine, each part tried and not assumed. */
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
    readonly path: string;
    /** `null`: files are written and locked there. */
    readonly problem: string | null;
  };
  /** Walls of the operating system around a sandbox process; `null`: none could be started. */
  readonly sandbox: WallReport | null;
  /** The program of the browser that recordings would use; `null`: none is installed. */
  readonly browser: string | null;
}

const LOCK_TIMEOUT_MS = 2000;

/** Writes nothing that stays. @throws {AppError} `USAGE` where no home is set. */
export async function doctor(ctx: Context): Promise<Diagnosis> {
  const { root } = openHome(ctx);
  const [program, sandbox, problem] = await Promise.all([
    Deno.build.standalone ? "executable" as const : guestProgram().then(({ kind }) => kind),
    probeWalls(),
    homeProblem(root),
  ]);
  return { program, home: { path: root, problem }, sandbox, browser: browser(ctx) };
}

/** A home that is not there yet is made by the first command that writes. */
async function homeProblem(root: string): Promise<string | null> {
  const isThere = await Deno.stat(root).then(() => true, () => false);
  if (!isThere) return null;
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
