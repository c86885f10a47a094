/** Kills a process at a random moment of its work, again and again. */

export interface KillOptions {
  readonly runs: number;
  /** The moment lies this long after the child's first output, at most; in milliseconds. */
  readonly withinMs: number;
}

/**
 * Starts a child per run, waits until it writes to stdout, kills it (SIGKILL) at a random moment after
 * that and calls `verify`. The child must have stdout piped.
 */
export async function killRuns(
  options: KillOptions,
  start: (run: number) => Deno.ChildProcess,
  verify: (run: number) => void | Promise<void>,
): Promise<void> {
  for (let run = 0; run < options.runs; run++) {
    const child = start(run);
    const reader = child.stdout.getReader();
    await reader.read();
    await new Promise((resolve) => setTimeout(resolve, Math.random() * options.withinMs));
    kill(child);
    await child.status;
    await reader.cancel();
    await verify(run);
  }
}

/** A child that ended by itself before the moment came is a run like any other. */
function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}
