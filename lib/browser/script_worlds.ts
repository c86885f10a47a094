/** The script worlds of one kind in each target's documents: one per frame that runs in the target's process. */
import { isRecord } from "../base/json.ts";
import type { DevtoolsEvent } from "./devtools.ts";

export class ScriptWorlds {
  readonly #name: string | undefined;
  readonly #bySession = new Map<string, Set<number>>();

  /** Worlds of this name; the pages' own when left out. */
  constructor(name?: string) {
    this.#name = name;
  }

  handle({ method, params, sessionId }: DevtoolsEvent): void {
    if (sessionId === undefined) return;
    const known = this.#bySession.get(sessionId) ?? new Set();
    if (method === "Runtime.executionContextCreated") {
      const context = params["context"];
      if (!isRecord(context) || !isRecord(context["auxData"])) return;
      const isWanted = this.#name === undefined
        ? context["auxData"]["isDefault"] === true
        : context["name"] === this.#name;
      if (isWanted) known.add(Number(context["id"]));
    } else if (method === "Runtime.executionContextDestroyed") {
      known.delete(Number(params["executionContextId"]));
    } else if (method === "Runtime.executionContextsCleared") known.clear();
    this.#bySession.set(sessionId, known);
  }

  of(sessionId: string): number[] {
    return [...this.#bySession.get(sessionId) ?? []];
  }
}
