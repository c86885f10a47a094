/**
 * What stops a request: its user, or its time-out. A signal of it is made where one is wanted: to make one, and to
 * have it follow another, costs a small request as much as its headers.
 */
import type { Deadlines } from "../base/deadlines.ts";

export class Stopping {
  readonly timeoutMs: number;
  readonly #user: AbortSignal;
  readonly #deadlines: Deadlines | undefined;
  readonly #stopByUser = () => this.#stop(this.#user.reason);
  readonly #stopByTime = () => this.#stop(new DOMException("It took too long", "TimeoutError"));
  #controller: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #reason: unknown;
  #isStopped = false;

  /** The time-out begins now. `deadlines`: those of a server, which has one timer for all of its calls. */
  constructor(user: AbortSignal, timeoutMs: number, deadlines?: Deadlines) {
    this.timeoutMs = timeoutMs;
    this.#user = user;
    this.#deadlines = deadlines;
    user.addEventListener("abort", this.#stopByUser);
    this.#start();
    if (user.aborted) this.#stopByUser();
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  get signal(): AbortSignal {
    if (this.#controller !== null) return this.#controller.signal;
    this.#controller = new AbortController();
    if (this.#isStopped) this.#controller.abort(this.#reason);
    return this.#controller.signal;
  }

  /** The time-out begins anew. */
  restart(): void {
    this.#stopClock();
    if (!this.#isStopped) this.#start();
  }

  /** Nothing is stopped any more. */
  end(): void {
    this.#stopClock();
    this.#user.removeEventListener("abort", this.#stopByUser);
  }

  #start(): void {
    if (this.#deadlines === undefined) this.#timer = setTimeout(this.#stopByTime, this.timeoutMs);
    else this.#deadlines.start(this.#stopByTime, this.timeoutMs);
  }

  #stopClock(): void {
    this.#deadlines?.end(this.#stopByTime);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #stop(reason: unknown): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#reason = reason;
    this.end();
    this.#controller?.abort(reason);
  }
}
