/** Operations by the names that a person or a program may know them by. */

/** What an operation is called, and where it stands. */
export interface PlacedName {
  readonly tool: string;
  readonly operationId: string | null;
  readonly method: string;
  readonly path: string;
}

/** Finds by any of the names that an operation has. */
export class OperationFinder<T extends PlacedName> {
  readonly #byTool = new Map<string, T>();
  readonly #byId = new Map<string, T>();
  readonly #byPlace = new Map<string, T>();

  constructor(operations: readonly T[]) {
    for (const one of operations) {
      setOnce(this.#byTool, one.tool, one);
      if (one.operationId !== null) setOnce(this.#byId, one.operationId, one);
      setOnce(this.#byPlace, `${one.method} ${one.path}`, one);
    }
  }

  find(name: string): T | undefined {
    const [, method = "", path = ""] = /^([A-Za-z]+)[ :]+(\/.*)$/.exec(name) ?? [];
    return this.#byTool.get(name) ?? this.#byId.get(name) ??
      this.#byPlace.get(`${method.toUpperCase()} ${path}`);
  }
}

/** The first of a name counts. */
function setOnce<T>(map: Map<string, T>, key: string, value: T): void {
  if (!map.has(key)) map.set(key, value);
}
