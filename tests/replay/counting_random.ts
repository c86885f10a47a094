import { createHash } from "node:crypto";
import type { Random } from "../../lib/base/context.ts";

/** Bytes that look random and are the same in every run. */
export function countingRandom(seed = 0): Random {
  let counter = seed;
  const block = () => createHash("sha256").update(String(counter++)).digest();
  return {
    bytes: (length) => {
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length; at += 32) bytes.set(block().subarray(0, length - at), at);
      return bytes;
    },
  };
}
