/** The name that was probably meant by one that is not known. Pure. */

/**
 * The known name that is the same but for case and marks (`list_tickets` for `listTickets`), else the nearest
 * within one slip for every four characters, at most three; `undefined` where none is near.
 */
export function nearName(name: string, known: Iterable<string>): string | undefined {
  const meant = bare(name);
  if (meant === "") return undefined;
  let nearest: string | undefined;
  let least = Math.min(3, Math.floor(meant.length / 4)) + 1;
  for (const candidate of known) {
    const slips = slipsBetween(meant, bare(candidate), least);
    if (slips >= least) continue;
    nearest = candidate;
    least = slips;
  }
  return nearest;
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/** Characters to add, drop or exchange (Levenshtein); `limit` where there are as many or more. */
function slipsBetween(one: string, other: string, limit: number): number {
  if (Math.abs(one.length - other.length) >= limit) return limit;
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let at = 0; at < one.length; at++) {
    const next = [at + 1];
    for (let to = 0; to < other.length; to++) {
      const exchanged = row[to]! + (one[at] === other[to] ? 0 : 1);
      next.push(Math.min(exchanged, row[to + 1]! + 1, next[to]! + 1));
    }
    row = next;
  }
  return Math.min(row.at(-1)!, limit);
}
