/**
 * Holds every regular expression of `lib/` against `recheck`, which proves that a pattern ends in linear time or
 * shows a text on which it does not. Verdicts are kept in `tests/lint/patterns.json`, so that only new
 * patterns are looked at; `tests/lint/patterns_test.ts` fails for one without a verdict.
 *
 *     deno task check:patterns        # judges what is new, and writes what is proven
 *     deno task check:patterns --all  # judges everything anew
 */
import { loadedPatterns, patternsIn } from "./patterns.ts";

/** Not in `deno.json`: 50 MB of backends that neither tests nor the executable need. */
const RECHECK = "npm:recheck@4.5.0";
const FILE = new URL("../tests/lint/patterns.json", import.meta.url);
const LIB = new URL("../lib", import.meta.url).pathname;
const TIMEOUT_MS = 20_000;

export interface Verdicts {
  /** Proven to end in linear time. */
  readonly linear: readonly string[];
  /** Polynomial at worst, on a text whose length is bounded where it is used: by what. */
  readonly bounded: Readonly<Record<string, string>>;
  /** Files of `lib/` that put patterns together as they are called: of what, and why they end. */
  readonly built: Readonly<Record<string, string>>;
}

type Check = (source: string, flags: string, options: object) => {
  readonly status: "safe" | "vulnerable" | "unknown";
  readonly complexity?: { readonly summary: string };
};

const { checkSync } = await import(RECHECK) as { checkSync: Check };
const before = JSON.parse(
  await Deno.readTextFile(FILE).catch(() => '{"linear":[],"bounded":{},"built":{}}'),
) as Verdicts;
const isAnew = Deno.args.includes("--all");
const linear: string[] = [];
const bounded: Record<string, string> = {};
let refused = 0;
for (const { text, source, flags, file } of [...patternsIn(LIB), ...await loadedPatterns(LIB)]) {
  const reason = before.bounded[text];
  if (reason !== undefined) bounded[text] = reason;
  else if (!isAnew && before.linear.includes(text)) linear.push(text);
  else {
    const { status, complexity } = judge(source, flags);
    if (status === "safe") linear.push(text);
    else {
      refused++;
      console.log(`${status} ${complexity?.summary ?? ""} ${file.slice(LIB.length + 1)} ${text}`);
    }
  }
}
await Deno.writeTextFile(
  FILE,
  `${JSON.stringify({ linear, bounded, built: before.built }, null, 2)}\n`,
);
console.log(`${linear.length} linear, ${Object.keys(bounded).length} bounded, ${refused} refused`);
if (refused > 0) Deno.exit(1);

/** `recheck` knows neither `d`, which changes nothing, nor `v`, which is read as `u`. */
function judge(source: string, flags: string) {
  const known = flags.replace("d", "").replace("v", "u");
  return checkSync(source, known, { timeout: TIMEOUT_MS });
}
