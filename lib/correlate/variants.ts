/**
 * What two recordings of the same login tell: a value that is the same in both is a constant of the
 * client, one that differs belongs to the session, however plain it looks.
 */
import { describePlace, type Leaf } from "./leaves.ts";
import type { Message, Recording } from "./recording.ts";
import { isOpaque } from "../http/opaque.ts";

export type Variation = "same" | "differs" | "unknown";

/** A place of a recorded request: `Trace.id`, and the place as `describePlace` says it. */
export interface VaryingPlace {
  readonly trace: string;
  readonly place: string;
}

export class Variants {
  readonly #varying: ReadonlySet<string>;
  readonly #values = new Map<string, Set<string>>();

  /**
   * @param others recordings of the same app beside the one that is analyzed
   * @param varying places whose value live answers showed to change with the session
   */
  constructor(others: readonly Recording[], varying: readonly VaryingPlace[] = []) {
    this.#varying = new Set(varying.map(({ trace, place }) => `${trace} ${place}`));
    for (const recording of others) {
      for (const message of recording.messages) {
        if (message.isScriptOrStyle) continue;
        for (const leaf of message.leaves) {
          const key = placeKey(message, leaf);
          const values = this.#values.get(key) ?? new Set();
          this.#values.set(key, values.add(leaf.value));
        }
      }
    }
  }

  /** How the leaf's value compares with the values at the same place of the other recordings. */
  of(message: Message, leaf: Leaf): Variation {
    if (this.#varying.has(`${message.trace.id} ${describePlace(leaf.place)}`)) return "differs";
    const values = this.#values.get(placeKey(message, leaf));
    if (values === undefined) return "unknown";
    if (!values.has(leaf.value)) return "differs";
    return values.size === 1 ? "same" : "unknown";
  }
}

/** The same request in another session: identifiers in its path may differ. */
function placeKey(message: Message, leaf: Leaf): string {
  const path = message.url.pathname.split("/").map((part) => isOpaque(part) ? "*" : part).join(
    "/",
  );
  return `${message.method} ${message.url.host}${path} ${describePlace(leaf.place)}`;
}
