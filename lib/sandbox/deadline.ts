/** A time-out on the monotonic clock that can stand still. */
export class Deadline {
  #leftMs: number;
  #startedAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pauses = 1;
  readonly #expire: () => void;

  /** Stands still until the first `resume()`. Calls `expire` at most once. */
  constructor(timeoutMs: number, expire: () => void) {
    this.#leftMs = timeoutMs;
    this.#expire = expire;
  }

  /** As many pauses need as many resumes. */
  pause(): void {
    if (this.#pauses++ > 0) return;
    clearTimeout(this.#timer);
    this.#leftMs -= performance.now() - this.#startedAt;
  }

  resume(): void {
    if (--this.#pauses > 0) return;
    this.#startedAt = performance.now();
    this.#timer = setTimeout(this.#expire, Math.max(0, this.#leftMs));
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#pauses = Infinity;
  }
}
