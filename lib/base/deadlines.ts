/**
 * Deadlines of many calls on one timer: nearly all of them end long before, and to set and clear a timer for each
 * costs a small call as much as to read its arguments.
 */
export class Deadlines {
  /** When each is over, in milliseconds of `performance.now()`. */
  readonly #ends = new Map<() => void, number>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** When the timer looks. */
  #nextMs = Infinity;

  /** Calls `over` after `ms`, unless it has ended before. */
  start(over: () => void, ms: number): void {
    const endMs = performance.now() + ms;
    this.#ends.set(over, endMs);
    if (endMs < this.#nextMs) this.#lookAt(endMs);
  }

  end(over: () => void): void {
    this.#ends.delete(over);
  }

  /** None is kept any more. */
  close(): void {
    this.#ends.clear();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#nextMs = Infinity;
  }

  #lookAt(endMs: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#nextMs = endMs;
    const timer = setTimeout(() => this.#look(), Math.max(0, endMs - performance.now()));
    // A call waits for its answer; a timer that is left over keeps nothing.
    Deno.unrefTimer(timer);
    this.#timer = timer;
  }

  #look(): void {
    this.#timer = null;
    this.#nextMs = Infinity;
    const nowMs = performance.now();
    // A busy process looks late and finds several over.
    const over = [...this.#ends].filter(([, endMs]) => endMs <= nowMs)
      .toSorted(([, a], [, b]) => a - b).map(([one]) => one);
    for (const one of over) this.#ends.delete(one);
    const next = Math.min(...this.#ends.values());
    if (next < Infinity) this.#lookAt(next);
    for (const one of over) one();
  }
}
