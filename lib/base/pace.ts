/** Long work of the processor in slices: between two of them timers, signals and the terminal have their turn. */

/** How long a slice may take, in milliseconds: a mark that moves looks alive, and Ctrl-C is heard. */
const SLICE_MS = 80;
/** Looking at the clock for each piece of work would cost more than small pieces do. */
const PIECES_PER_LOOK = 16;

export class Pace {
  readonly #signal: AbortSignal;
  #endMs = performance.now() + SLICE_MS;
  #pieces = 0;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** True once a slice is over. Asked after each piece of work; `weight` counts a large piece for several. */
  isDue(weight = 1): boolean {
    this.#pieces += weight;
    if (this.#pieces < PIECES_PER_LOOK) return false;
    this.#pieces = 0;
    return performance.now() >= this.#endMs;
  }

  /** @throws what the signal was aborted with. */
  async rest(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#signal.throwIfAborted();
    this.#endMs = performance.now() + SLICE_MS;
  }
}
