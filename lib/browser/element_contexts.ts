/** The script worlds of each target's documents: one per frame that runs in the target's process. */
import { isRecord } from "../base/json.ts";
import type { DevtoolsEvent } from "./devtools.ts";

export class ElementContexts {
  readonly #bySession = new Map<string, Set<number>>();

  handle({ method, params, sessionId }: DevtoolsEvent): void {
    if (sessionId === undefined) return;
    const known = this.#bySession.get(sessionId) ?? new Set();
    if (method === "Runtime.executionContextCreated") {
      const context = params["context"];
      if (!isRecord(context) || !isRecord(context["auxData"])) return;
      // Worlds beside a page's own see the same elements.
      if (context["auxData"]["isDefault"] === true) known.add(Number(context["id"]));
    } else if (method === "Runtime.executionContextDestroyed") {
      known.delete(Number(params["executionContextId"]));
    } else if (method === "Runtime.executionContextsCleared") known.clear();
    this.#bySession.set(sessionId, known);
  }

  of(sessionId: string): number[] {
    return [...this.#bySession.get(sessionId) ?? []];
  }
}
