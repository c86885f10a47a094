/**
 * The recordings of the unit tests, as `bench_rules.ts` looks at them: in a copy, the functions that take a
 * recording write it down while the tests run. One line of JSON for each, bytes as base64.
 */
import type { AnalysisOptions } from "../../lib/correlate/analyze.ts";
import type { Trace } from "../../lib/http/exchange.ts";

export interface TestRecording {
  /** The test file and the line: `sinks_test:89`. */
  readonly name: string;
  readonly recorded: Trace[];
  readonly options: AnalysisOptions;
}

/** By file of correlate/: what opens the body of the function, and the names of traces and options in it. */
const HOOKS: Readonly<Record<string, readonly [opening: RegExp, traces: string, options: string]>> =
  {
    "recording.ts": [/^ {2}constructor\(traces: readonly Trace\[\]\) \{$/m, "traces", "{}"],
    "analyze.ts": [/^export function analyzeLogin\([^{]*\{\}[^{]*\{$/m, "traces", "options"],
    "failed_attempts.ts": [
      /^export function analyzeRecording\([^{]*\{\}[^{]*\{[^{]*\} \{$/m,
      "recorded",
      "options",
    ],
  };

export const NOTED_FILES: readonly string[] = Object.keys(HOOKS);

/** The text of one of `NOTED_FILES`, writing to `path` what it is given. */
export function noting(file: string, text: string, path: string): string {
  const [opening, traces, options] = HOOKS[file]!;
  const note = `noteRecording(${JSON.stringify(path)}, ${traces}, ${options});`;
  const noted = text.replace(opening, (line) => `${line} ${note}`);
  if (noted === text) throw new Error(`correlate/${file} has changed: see HOOKS`);
  return `${noted}\n${noteRecording}\n`;
}

function noteRecording(path: string, traces: unknown, options: unknown): void {
  const where = [...new Error().stack?.matchAll(/tests\/[^\s]*?(\w+_test)\.ts:(\d+)/g) ?? []]
    .at(-1);
  const line = JSON.stringify(
    { name: where === undefined ? "" : `${where[1]}:${where[2]}`, recorded: traces, options },
    (_, value) => value instanceof Uint8Array ? { base64: value.toBase64() } : value,
  );
  Deno.writeTextFileSync(path, `${line}\n`, { append: true });
}

/** Each once, numbered where a test makes several. */
export function readTestRecordings(path: string): TestRecording[] {
  const found = new Map<string, TestRecording>();
  const counts = new Map<string, number>();
  for (const line of Deno.readTextFileSync(path).split("\n")) {
    if (line === "") continue;
    const { name, recorded, options }: TestRecording = JSON.parse(
      line,
      (_, value) => typeof value?.base64 === "string" ? Uint8Array.fromBase64(value.base64) : value,
    );
    const key = line.slice(line.indexOf('"recorded"'));
    if (found.has(key)) continue;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    found.set(key, { name: count === 1 ? name : `${name}/${count}`, recorded, options });
  }
  return [...found.values()];
}
