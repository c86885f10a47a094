/**
 * How much a synchronous function does, independent of the machine: elements that the methods of arrays visit at
 * most, look-ups in maps and sets, and texts that patterns and searches are held against.
 */

const VISITING = [
  "filter",
  "some",
  "every",
  "find",
  "findLast",
  "map",
  "flatMap",
  "reduce",
] as const;

type Methods = Record<string, (this: unknown, ...args: unknown[]) => unknown>;

/** The work of one call; the built-in methods are as before when it returns. */
export function countWork(run: () => unknown): number {
  let work = 0;
  const restore = [
    ...VISITING.map((name) =>
      watch(Array.prototype, name, (self) => work += (self as readonly unknown[]).length)
    ),
    ...[Map.prototype, Set.prototype].map((kind) => watch(kind, "has", () => work++)),
    watch(Map.prototype, "get", () => work++),
    watch(RegExp.prototype, "test", () => work++),
    ...["includes", "indexOf", "slice"].map((name) => watch(String.prototype, name, () => work++)),
  ];
  try {
    run();
  } finally {
    for (const undo of restore) undo();
  }
  return work;
}

function watch(prototype: object, name: string, note: (self: unknown) => void): () => void {
  const methods = prototype as Methods;
  const own = methods[name]!;
  methods[name] = function (this: unknown, ...args: unknown[]) {
    note(this);
    return own.apply(this, args);
  };
  return () => {
    methods[name] = own;
  };
}
