/** Small random choices drawn from a random source, so that a test can hand in a predictable one. */
import type { Random } from "../base/context.ts";

export class RandomSource {
  constructor(private readonly random: Random) {}

  /** A whole number from 0 to `limit` − 1. The bias of the remainder does not matter for invented values. */
  below(limit: number): number {
    const bytes = this.random.bytes(4);
    return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0) % limit;
  }

  /** One character of a non-empty alphabet. */
  pick(alphabet: string): string {
    return alphabet.charAt(this.below(alphabet.length));
  }

  text(alphabet: string, length: number): string {
    return Array.from({ length }, () => this.pick(alphabet)).join("");
  }
}
