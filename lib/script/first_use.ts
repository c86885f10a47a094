/** Which inputs and made values a step or a result uses. */
import type { Expr, Generated, ResultTemplate, Step } from "../correlate/flow.ts";

/** Names of the inputs a step sends, in order of use. */
export function usedInputs(step: Step): string[] {
  const names: string[] = [];
  visit(step, (expr) => {
    if (expr.kind === "input" && !names.includes(expr.input)) names.push(expr.input);
  });
  return names;
}

/** The made values that the steps or the result use, in the flow's order. */
export function usedGenerated(
  generated: readonly Generated[],
  steps: readonly Step[],
  result: ResultTemplate,
): Generated[] {
  const used = new Set<string>();
  visit([steps, result], (expr) => {
    if (expr.kind === "generated") used.add(expr.generated);
  });
  return generated.filter(({ id }) => used.has(id));
}

/** Ids of the extractions that data holding expressions refers to. */
export function usedExtractions(data: unknown): ReadonlySet<string> {
  const used = new Set<string>();
  visit(data, (expr) => {
    if (expr.kind === "extracted") used.add(expr.extraction);
  });
  return used;
}

const ATOMS: ReadonlySet<unknown> = new Set(["input", "generated", "extracted"]);

/** Calls `see` for every atom inside plain data that holds expressions. */
function visit(data: unknown, see: (expr: Expr) => void): void {
  if (Array.isArray(data)) {
    for (const item of data) visit(item, see);
  } else if (typeof data === "object" && data !== null) {
    const record = data as Record<string, unknown>;
    if (ATOMS.has(record["kind"])) see(data as Expr);
    for (const value of Object.values(record)) visit(value, see);
  }
}
