/** Parts of a text that others take the place of, none twice. */

interface Span {
  readonly start: number;
  readonly end: number;
}

export class TakenSpans {
  /** By where each begins; they do not overlap. */
  readonly #spans: (Span & { readonly text: string })[] = [];

  isFree({ start, end }: Span): boolean {
    const at = this.#after(start);
    const [before, next] = [this.#spans[at - 1], this.#spans[at]];
    return (before === undefined || before.end <= start) &&
      (next === undefined || next.start >= end);
  }

  take({ start, end }: Span, text: string): void {
    this.#spans.splice(this.#after(start), 0, { start, end, text });
  }

  replacedIn(text: string): string {
    let replaced = "";
    let done = 0;
    for (const span of this.#spans) {
      replaced += text.slice(done, span.start) + span.text;
      done = span.end;
    }
    return replaced + text.slice(done);
  }

  /** Index of the first span that begins after this. */
  #after(start: number): number {
    let [low, high] = [0, this.#spans.length];
    while (low < high) {
      const middle = low + high >>> 1;
      if (this.#spans[middle]!.start <= start) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
