/**
 * `deno task bench:judge [--played] [NAME-PART | FOLDER…]`: mistakes injected into the analysis of each
 * recording, and whether the judge catches them although the flow agrees with them. Ends in exit code 1
 * when one is missed. `--played` sends what the flow says without running its script, which is faster.
 *
 * Caught: the proof of the wrong script on the wrong flow fails. Named: it passes, and names the wrong
 * place among what it took on trust without evidence. Harmless: it sends the same requests as the right one.
 */
import { fileURLToPath } from "node:url";
import { answerFacts } from "../lib/correlate/answer_facts.ts";
import type { LoginFlow } from "../lib/correlate/flow.ts";
import type { Trace } from "../lib/http/exchange.ts";
import { proveScript } from "../lib/replay/prove.ts";
import { DEFAULT_GUEST_LIMITS } from "../lib/sandbox/limits.ts";
import { generateScript } from "../lib/script/generate.ts";
import { fakeContext } from "../tests/support/fake_context.ts";
import { flowOfFile } from "./bench/recorded_flows.ts";
import { flowMistakes, type Mistake } from "./bench/flow_mistakes.ts";
import { playedProof, sendsTheSame, type Verdict } from "./bench/played_proof.ts";

const RECORDINGS = fileURLToPath(new URL("../fixtures/recordings/", import.meta.url));
const WIDTHS = [36, 10, 8, 8, 10, 8];

interface Tally {
  injected: number;
  caught: number;
  named: number;
  harmless: number;
  readonly missed: Mistake[];
}

interface Case {
  readonly name: string;
  readonly flow: LoginFlow;
  readonly traces: readonly Trace[];
}

type Prove = (flow: LoginFlow, traces: readonly Trace[]) => Promise<Verdict>;

if (import.meta.main) {
  const isPlayed = Deno.args.includes("--played");
  const wanted = Deno.args.filter((argument) => !argument.startsWith("--"));
  const prove: Prove = isPlayed
    ? (flow, traces) => Promise.resolve(playedProof(flow, traces))
    : provenScript;
  console.log(line(["recording", "injected", "caught", "named", "harmless", "MISSED"]));
  const total = newTally();
  for (const file of recordings(wanted)) {
    const subject = analysed(file);
    if (subject === null) continue;
    const tally = await measure(subject, prove);
    print(subject.name, tally);
    for (const key of ["injected", "caught", "named", "harmless"] as const) {
      total[key] += tally[key];
    }
    total.missed.push(...tally.missed);
  }
  print("total", { ...total, missed: [] }, total.missed.length);
  Deno.exitCode = total.missed.length === 0 ? 0 : 1;
}

async function measure({ name, flow, traces }: Case, prove: Prove): Promise<Tally> {
  const tally = newTally();
  const right = await prove(flow, traces);
  const known = new Set(right.open);
  // A judge that refuses what is right catches every mistake and tells nothing.
  if (!right.passed) tally.missed.push({ kind: "right flow refused", of: name, flow });
  for (const mistake of flowMistakes(flow)) {
    tally.injected++;
    const verdict = sendsTheSame(flow, mistake.flow, traces)
      ? "harmless"
      : judged(await prove(mistake.flow, traces), known);
    if (verdict === "missed") tally.missed.push(mistake);
    else tally[verdict]++;
  }
  return tally;
}

function judged(
  { passed, open }: Verdict,
  known: ReadonlySet<string>,
): "caught" | "named" | "missed" {
  if (!passed) return "caught";
  return open.some((place) => !known.has(place)) ? "named" : "missed";
}

async function provenScript(flow: LoginFlow, traces: readonly Trace[]): Promise<Verdict> {
  try {
    const { passed, assumptions } = await proveScript(fakeContext({ nowMs: Date.now() }), {
      source: generateScript(flow, { app: "bench", answers: answerFacts(traces, flow) }),
      fileName: "auth_acquire.ts",
      flow,
      traces,
      limits: DEFAULT_GUEST_LIMITS,
    });
    return {
      passed,
      open: assumptions.filter(({ isSettled }) => !isSettled).map(({ where, as }) =>
        `${where} ${as}`
      ),
    };
  } catch {
    return { passed: false, open: [] };
  }
}

/** Files of the project's recordings by a part of their name; of a folder, all captures below it. */
function recordings(wanted: readonly string[]): string[] {
  const folders = wanted.filter(isFolder);
  const parts = wanted.filter((one) => !isFolder(one));
  const own = [...Deno.readDirSync(RECORDINGS)].map(({ name }) => RECORDINGS + name)
    .filter((path) =>
      path.endsWith(".har") && (parts.length === 0 || parts.some((part) => path.includes(part)))
    );
  const files = folders.length > 0 && parts.length === 0 ? [] : own.sort();
  return [...files, ...folders.flatMap(harsBelow)];
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

function harsBelow(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    return isDirectory ? harsBelow(path) : name.endsWith(".har") ? [path] : [];
  }).sort();
}

function analysed(path: string): Case | null {
  const name = path.split("/").slice(-2).join("/").replace(
    /^recordings\/|\.har$|\/capture\.har$/g,
    "",
  );
  try {
    const found = flowOfFile(path, name);
    return found && { name, flow: found.flow, traces: [...found.traces.values()] };
  } catch {
    return null;
  }
}

function newTally(): Tally {
  return { injected: 0, caught: 0, named: 0, harmless: 0, missed: [] };
}

function print(name: string, tally: Tally, missed = tally.missed.length): void {
  const { injected, caught, named, harmless } = tally;
  console.log(line([name, ...[injected, caught, named, harmless, missed].map(String)]));
  for (const { kind, of } of tally.missed) console.log(`    missed: ${kind}: ${of}`);
}

function line(cells: readonly string[]): string {
  return cells.map((cell, at) => at === 0 ? cell.padEnd(WIDTHS[0]!) : cell.padStart(WIDTHS[at]!))
    .join("");
}
