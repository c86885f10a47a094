/** The first results hold different things: those of one kind give way to others that fit nearly as well. */

export interface Result {
  readonly id: number;
  readonly score: number;
}

/** Of a result, for each one of its kind before it. */
const NEXT_OF_KIND_WEIGHT = 0.92;
/** What a person or a model looks at, and what may come up into it. */
const SPREAD = 12;
const LOOKED_AT = 60;

/** `sorted`, best first. What is behind the first results keeps its order. */
export function spreadResults(
  sorted: readonly Result[],
  kindOf: (result: Result) => string,
): Result[] {
  const left = sorted.slice(0, LOOKED_AT);
  const chosen: Result[] = [];
  const counts = new Map<string, number>();
  while (chosen.length < SPREAD && left.length > 0) {
    const scores = left.map((one) =>
      one.score * NEXT_OF_KIND_WEIGHT ** (counts.get(kindOf(one)) ?? 0)
    );
    const [next] = left.splice(scores.indexOf(Math.max(...scores)), 1);
    counts.set(kindOf(next!), (counts.get(kindOf(next!)) ?? 0) + 1);
    chosen.push(next!);
  }
  return [...chosen, ...left, ...sorted.slice(LOOKED_AT)];
}
