/** A recording of any length: a recorded login and, after it, more of the traffic it ends with. */
import type { Exchange, HeaderList } from "../../lib/http/exchange.ts";

const ITEMS_PER_ANSWER = 40;
const ITEMS_PER_BODY = 5;

/** `recorded` in time order, its last request authenticated; the same `count`, the same recording. */
export function* longRecording(recorded: readonly Exchange[], count: number): Generator<Exchange> {
  yield* recorded;
  const random = new Random();
  const last = recorded.at(-1)!;
  for (let index = recorded.length; index < count; index++) yield furtherCall(last, index, random);
}

/** One call in five creates something, the others read. */
function furtherCall({ startedAtMs, request }: Exchange, index: number, random: Random): Exchange {
  const creates = index % 5 === 0;
  const items = Array.from({ length: ITEMS_PER_ANSWER }, (_, at) => item(index * 100 + at, random));
  const { origin } = new URL(request.url);
  const headers: HeaderList = [...request.headers, ["X-Request-Id", random.text(32)]];
  return {
    startedAtMs: startedAtMs + index * 100,
    request: {
      method: creates ? "POST" : "GET",
      url: `${origin}/api/items/${random.text(12)}?cursor=${random.text(16)}`,
      headers: creates ? [...headers, ["Content-Type", "application/json"]] : headers,
      body: creates ? json({ items: items.slice(0, ITEMS_PER_BODY) }) : null,
    },
    response: {
      status: 200,
      headers: [["Content-Type", "application/json"]],
      body: json({ items, next: random.text(16) }),
    },
  };
}

function item(number: number, random: Random) {
  return {
    id: random.text(12),
    number,
    title: `Item ${random.text(6)}, as somebody would describe it in a few words`,
    owner: { id: random.text(24), href: `https://cdn.example.com/people/${random.text(10)}` },
  };
}

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** Marsaglia's 32-bit xorshift (2003, triple 13, 17, 5): the same values in every run. */
class Random {
  #state = 0x9e3779b9;

  text(length: number): string {
    let text = "";
    while (text.length < length) text += this.#next().toString(36);
    return text.slice(0, length);
  }

  #next(): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return this.#state >>> 0;
  }
}
