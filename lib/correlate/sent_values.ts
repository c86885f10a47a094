/**
 * What requests carry: every leaf's value with the requests and places it stands in.
 */
import { isBodyField, type Leaf } from "./leaves.ts";
import type { Message, Recording } from "./recording.ts";

/** A leaf that is the value, and the request that carries it. */
export interface Carrier {
  readonly message: Message;
  readonly leaf: Leaf;
}

/** A place is one number: the message's index and the leaf's position in it, which is below this. */
const MAX_LEAVES = 4_096;

export class SentValues {
  protected readonly recording: Recording;
  /** Most values are sent once: a list for each would take more memory than the values. */
  readonly #places = new Map<string, number | number[]>();

  constructor(recording: Recording) {
    this.recording = recording;
    for (const message of recording.messages) {
      const { leaves } = message;
      const count = Math.min(leaves.length, MAX_LEAVES);
      for (let position = 0; position < count; position++) {
        this.#note(leaves[position]!.value, message.index * MAX_LEAVES + position);
      }
    }
  }

  #note(value: string, place: number): void {
    const held = this.#places.get(value);
    if (held === undefined) this.#places.set(value, place);
    else if (typeof held === "number") this.#places.set(value, [held, place]);
    else held.push(place);
  }

  /** Every leaf that is the value, in time order. */
  *carriers(value: string): Generator<Carrier> {
    const places = this.#places.get(value) ?? [];
    for (const place of typeof places === "number" ? [places] : places) {
      yield this.#carrier(place);
    }
  }

  #carrier(place: number): Carrier {
    const message = this.recording.at(Math.floor(place / MAX_LEAVES));
    return { message, leaf: message.leaves[place % MAX_LEAVES]! };
  }

  /** Two leaves or more are the value. */
  isSentAgain(value: string): boolean {
    return typeof this.#places.get(value) === "object";
  }

  /** Index of the first request that carries the value as a whole leaf. */
  firstSent(value: string): number | undefined {
    return this.carriers(value).next().value?.message.index;
  }

  /** Every value, once; of those that stand in a body and nowhere else the ones up to this message. */
  protected *sentValues(until = Infinity): Generator<string> {
    const isData = (place: number) =>
      place >= (until + 1) * MAX_LEAVES && isBodyField(this.#carrier(place).leaf);
    for (const [value, places] of this.#places) {
      if (typeof places === "object" || !isData(places)) yield value;
    }
  }
}
