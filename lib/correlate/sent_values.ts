/** What requests carry: every leaf's value with the requests and places it stands in. */
import type { Leaf } from "./leaves.ts";
import type { Message, Recording } from "./recording.ts";

/** A leaf that is the value, and the request that carries it. */
export interface Carrier {
  readonly message: Message;
  readonly leaf: Leaf;
}

/** A place is one number: the message's index and the leaf's position in it, which is below this. */
const MAX_LEAVES = 4_096;

export class SentValues {
  readonly #recording: Recording;
  readonly #places = new Map<string, number[]>();

  constructor(recording: Recording) {
    this.#recording = recording;
    for (const message of recording.messages) {
      for (const [position, { value }] of message.leaves.entries()) {
        if (position >= MAX_LEAVES) break;
        const place = message.index * MAX_LEAVES + position;
        const places = this.#places.get(value);
        if (places === undefined) this.#places.set(value, [place]);
        else places.push(place);
      }
    }
  }

  carriers(value: string): Carrier[] {
    return (this.#places.get(value) ?? []).map((place) => {
      const message = this.#recording.at(Math.floor(place / MAX_LEAVES));
      return { message, leaf: message.leaves[place % MAX_LEAVES]! };
    });
  }

  firstSent(value: string): number | undefined {
    const place = this.#places.get(value)?.[0];
    return place === undefined ? undefined : Math.floor(place / MAX_LEAVES);
  }

  /** Every value, once. */
  get values(): Iterable<string> {
    return this.#places.keys();
  }
}
