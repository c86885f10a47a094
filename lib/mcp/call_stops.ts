/**
 * What stops the calls of a connection: the end of the server, or the client that takes one back. `AbortSignal.any`
 * does the same, and leaves something of each call with the signal that outlives them all.
 */
export class CallStops {
  readonly #server: AbortSignal;
  readonly #running = new Set<AbortController>();

  /** `server`: aborted when the server is to end. */
  constructor(server: AbortSignal) {
    this.#server = server;
    const stopAll = () => this.#running.forEach((call) => call.abort(server.reason));
    server.addEventListener("abort", stopAll, { once: true });
  }

  /**
   * Runs a call under a signal that is aborted with that of its request, or of the server. `own`: what the signal of the
   * request is of, where that is at hand.
   */
  async during<T>(
    request: AbortSignal,
    own: AbortController | undefined,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const call = own ?? new AbortController();
    if (this.#server.aborted) call.abort(this.#server.reason);
    else if (request.aborted) call.abort(request.reason);
    const stop = () => call.abort(request.reason);
    if (own === undefined) request.addEventListener("abort", stop, { once: true });
    this.#running.add(call);
    try {
      return await work(call.signal);
    } finally {
      this.#running.delete(call);
      if (own === undefined) request.removeEventListener("abort", stop);
    }
  }
}
