/** Reads hostile texts one after another and says how the time grows; ended from outside where one does not end. */
import process from "node:process";
import { drawFrom, hostileText, textOf, tokensOf } from "./hostile_texts.ts";
import { READERS } from "./readers.ts";

export interface Round {
  readonly seed: number;
  readonly reader: string;
}

export type Said =
  | { readonly kind: "begun"; readonly round: Round }
  | { readonly kind: "slow"; readonly round: Round; readonly text: string; readonly ms: number[] };

/** What is read within this is not looked at again; milliseconds. */
const QUICK_MS = 80;
/** Four times the text may take so many times as long: what sorts is above four, what is quadratic at sixteen. */
const MAX_GROWTH = 9;

/** What takes longer is not tried with a text that is longer still. */
const MAX_LONG_MS = 1_500;

const tokens = tokensOf(new URL("../../lib", import.meta.url).pathname);

/** The types of `deno check` are those of a window. */
const main = globalThis as unknown as {
  onmessage: (event: MessageEvent<{ readonly from: number; readonly to: number }>) => void;
  postMessage(said: Said | "done"): void;
};

main.onmessage = ({ data }) => {
  for (let seed = data.from; seed < data.to; seed++) {
    const hostile = hostileText(tokens, drawFrom(seed));
    for (const { name, read, length } of READERS) {
      const round = { seed, reader: name };
      say({ kind: "begun", round });
      const time = (by: number) => timeOf(() => read(textOf(hostile, length * by)));
      if (time(4) < QUICK_MS) continue;
      // Each twice: what runs first is compiled, and other processes have the processor meanwhile.
      const [short, long] = [1, 4].map((by) => Math.min(time(by), time(by))) as [number, number];
      if (long < QUICK_MS || long < MAX_GROWTH * short) continue;
      const ms = [short, long, ...long < MAX_LONG_MS ? [time(16)] : []];
      if ((ms[2] ?? Infinity) < MAX_GROWTH * long) continue;
      say({ kind: "slow", round, text: JSON.stringify(hostile), ms });
    }
  }
  main.postMessage("done");
};

/** Of the processor, in milliseconds: what else runs on the machine does not count. */
function timeOf(work: () => unknown): number {
  const start = process.cpuUsage();
  try {
    work();
  } catch {
    // To refuse a text is an answer.
  }
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function say(said: Said): void {
  main.postMessage(said);
}
