/**
 * Times what reads foreign texts on texts that grow: `deno task fuzz:growth [TEXTS] [SEED]`. Each text is repeated
 * four times as long where it takes a noticeable time; more than eight times the time is a finding, and so is
 * a text that is not read after twenty seconds. Patterns that stand in the sources are proven by
 * `deno task check:patterns`; this looks at scanners, and at patterns that are put together as they are used.
 */
import type { Round, Said } from "./fuzz/growth_worker.ts";

const MAX_MS = 20_000;
const DEFAULT_TEXTS = 400;

async function main(count: number, first: number): Promise<void> {
  console.log(`${count} texts from seed ${first}`);
  let found = 0;
  let from = first;
  while (from < first + count) {
    const stopped = await run(from, first + count, (line) => {
      found++;
      console.log(line);
    });
    if (stopped === null) break;
    found++;
    console.log(`does not end: ${stopped.reader}, seed ${stopped.seed}`);
    from = stopped.seed + 1;
  }
  console.log(`${found} found`);
  Deno.exitCode = found === 0 ? 0 : 1;
}

/** The round that did not end; `null` when all are done. */
function run(from: number, to: number, tell: (line: string) => void): Promise<Round | null> {
  const worker = new Worker(new URL("./fuzz/growth_worker.ts", import.meta.url), {
    type: "module",
  });
  const { promise, resolve } = Promise.withResolvers<Round | null>();
  let current: Round | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = (round: Round | null) => {
    clearTimeout(timer);
    worker.terminate();
    resolve(round);
  };
  worker.onmessage = ({ data }: MessageEvent<Said | "done">) => {
    if (data === "done") return end(null);
    if (data.kind === "slow") {
      const times = data.ms.map((ms) => `${ms.toFixed(0)} ms`).join(", ");
      tell(
        `${data.round.reader}, seed ${data.round.seed}: ${times}: ${data.text}`,
      );
      return;
    }
    current = data.round;
    clearTimeout(timer);
    timer = setTimeout(() => end(current), MAX_MS);
  };
  worker.postMessage({ from, to });
  return promise;
}

const [texts, seed] = Deno.args.map(Number);
await main(texts ?? DEFAULT_TEXTS, seed ?? Date.now() % 1e9);
