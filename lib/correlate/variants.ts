/**
 * What two recordings of the same login tell: a value that is the same in both is a constant of the
 * client, one that differs belongs to the session, however plain it looks.
 */
import { describePlace, type Leaf } from "./leaves.ts";
import type { Message, Recording } from "./recording.ts";
import { isOpaque } from "../http/opaque.ts";

export type Variation = "same" | "differs" | "unknown";

export class Variants {
  readonly #values = new Map<string, Set<string>>();

  /** `others`: recordings of the same app beside the one that is analyzed. */
  constructor(others: readonly Recording[]) {
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
