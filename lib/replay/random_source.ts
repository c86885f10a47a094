/** Small random choices drawn from a random source, so that a test can hand in a predictable one. */
import type { Random } from "../base/context.ts";

/** Values are invented character by character: a call of the system for each would cost more than all the rest. */
const DRAWN_AT_ONCE = 256;
const BYTES_PER_NUMBER = 4;

export class RandomSource {
  #drawn: DataView = new DataView(new ArrayBuffer(0));
  #used = 0;

  constructor(private readonly random: Random) {}

  /** A whole number from 0 to `limit` − 1. The bias of the remainder does not matter for invented values. */
  below(limit: number): number {
    if (this.#used === this.#drawn.byteLength) this.#draw();
    const number = this.#drawn.getUint32(this.#used);
    this.#used += BYTES_PER_NUMBER;
    return number % limit;
  }

  #draw(): void {
    const { buffer, byteOffset, length } = this.random.bytes(DRAWN_AT_ONCE);
    this.#drawn = new DataView(buffer, byteOffset, length);
    this.#used = 0;
  }

  /** One character of a non-empty alphabet. */
  pick(alphabet: string): string {
    return alphabet.charAt(this.below(alphabet.length));
  }

  text(alphabet: string, length: number): string {
    return Array.from({ length }, () => this.pick(alphabet)).join("");
  }
}
