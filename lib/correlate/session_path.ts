/** Sessions that stand in the address: a call can put a new credential everywhere but there. */
import { isOpaque } from "../http/opaque.ts";
import { describePlace, type Leaf } from "./leaves.ts";
import type { Occurrences } from "./occurrences.ts";
import type { Message } from "./recording.ts";

/** Parameters of a path segment (RFC 3986 section 3.3), as in `/;stok=…/` and `/home;jsessionid=…`. */
const PARAMETER = /;[\w.-]+=([^;=]+)/;

/**
 * Why no call can follow: each login makes a part of the address anew, and no cookie says the same.
 * @rule off: null
 */
export function sessionInPath(
  requests: readonly Message[],
  provenance: Occurrences,
): string | null {
  for (const message of requests) {
    const leaf = message.leaves.find((one) => {
      const value = one.place.kind === "path" ? PARAMETER.exec(one.value)?.[1] : undefined;
      return value !== undefined && isOpaque(value) &&
        provenance.find(value, message.index) !== null &&
        message.leaves.every((other) => other.place.kind !== "cookie" || other.value !== value);
    });
    if (leaf !== undefined) return madeAnew(message, leaf);
  }
  return null;
}

/** The sentence for a part of an address that is another one after each login. */
export function madeAnew({ trace }: Message, leaf: Leaf): string {
  return `${trace.id} ${
    describePlace(leaf.place)
  }: each login makes this part of the address anew, ` +
    "and a call cannot put a new one there; look for another interface of the app, and record that";
}
