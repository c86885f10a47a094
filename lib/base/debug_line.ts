/** What a script printed with `debug()`, for a person: what looks like a token or a code is not shown. */

const MASKED = "…";

/** Runs of token characters with digits in them, and long ones without. */
export function shownDebug(line: string): string {
  return line.replace(/[\w+/~-]{6,}={0,2}/g, (run) => looksMade(run) ? MASKED : run);
}

function looksMade(run: string): boolean {
  const digits = run.match(/\d/g)?.length ?? 0;
  return digits >= 3 || run.length >= 24;
}
