/** Functions that a model wrote, to be called by a generated script. */

/** A function that a model wrote, because no expression says what a page computes. */
export interface FoundFunction {
  readonly name: string;
  /** TypeScript: the one declaration. */
  readonly code: string;
}

/** Those of the functions that the named ones are made of, themselves included, in their order. */
export function calledFunctions(
  called: Iterable<string>,
  functions: readonly FoundFunction[],
): FoundFunction[] {
  const wanted = new Set(called);
  // A set's walk takes in what is added during it.
  for (const name of wanted) {
    const code = functions.find((one) => one.name === name)?.code ?? "";
    for (const other of functions) {
      if (new RegExp(`\\b${other.name}\\b`).test(code)) wanted.add(other.name);
    }
  }
  return functions.filter(({ name }) => wanted.has(name));
}
