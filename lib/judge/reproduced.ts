/** Which recorded requests a run reproduces, and how far in the recording it comes. */
import type { HttpRequest, Trace } from "../http/exchange.ts";
import { targetOf } from "../http/url.ts";
import type { ScriptRun } from "./run.ts";

export class Reproduced {
  readonly #ids: ReadonlySet<string | null>;
  readonly #targets: ReadonlySet<string>;
  /** The place in time of the last of them; -1 without any. */
  readonly end: number;
  /** Of the last one that changes something. */
  readonly lastWrite: number;

  constructor({ sent }: ScriptRun, traces: readonly Trace[]) {
    this.#ids = new Set(sent.map(({ trace }) => trace));
    this.end = traces.findLastIndex(({ id }) => this.has(id));
    this.lastWrite = traces.findLastIndex(({ id, request }) => this.has(id) && !isReading(request));
    const made = traces.filter(({ id }) => this.has(id));
    this.#targets = new Set(made.map(({ request }) => askedBy(request)));
  }

  /** @param trace `Trace.id` */
  has(trace: string): boolean {
    return this.#ids.has(trace);
  }

  /** True where one of them asks for the same by the same method. */
  asksLike(request: HttpRequest): boolean {
    return this.#targets.has(askedBy(request));
  }
}

/** The same for requests of one method to one address, whatever they say there. */
export function askedBy({ method, url }: HttpRequest): string {
  return `${method} ${targetOf(url)}`;
}

export function isReading({ method }: HttpRequest): boolean {
  return method === "GET" || method === "HEAD";
}
