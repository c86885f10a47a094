/**
 * `deno task bench:logins [NAME…]`: every fixture from its recording to a login as a user who was never
 * recorded. Ends in exit code 1 when a login that can be had is not had, when one that cannot be had is
 * not refused, and above all when a proven script fails at login.
 */
import type { FixtureApp } from "../fixtures/apps/harness.ts";
import { APP_NAMES, loadApp } from "../fixtures/apps/registry.ts";
import { messageOf } from "../lib/base/error.ts";
import { type LoginTrial, tryLogin } from "../tests/support/login_trial.ts";

type Verdict = "logged in" | "refused" | "not proven" | "proven but not logged in" | "not refused";

interface Row {
  readonly app: FixtureApp;
  readonly trial: LoginTrial;
  readonly verdict: Verdict;
}

/** Of the columns, in characters. */
const WIDTHS = [22, 7, 6, 12, 8, 12, 6];

if (import.meta.main) {
  const names = Deno.args.length > 0 ? Deno.args : APP_NAMES;
  console.log(line(["fixture", "traces", "steps", "unexplained", "proven", "second user", "ms"]));
  const rows: Row[] = [];
  for (const name of names) {
    const row = await measure(name);
    rows.push(row);
    printRow(row);
  }
  Deno.exitCode = printTotals(rows) ? 0 : 1;
}

async function measure(name: string): Promise<Row> {
  const app = await loadApp(name);
  const trial = await tryLogin(name);
  return { app, trial, verdict: judge(app, trial) };
}

function judge({ refusal }: FixtureApp, { analysis, asSecond }: LoginTrial): Verdict {
  if (refusal !== undefined) return analysis.result === "refused" ? "refused" : "not refused";
  if (analysis.result !== "script") return "not proven";
  return asSecond ? "logged in" : "proven but not logged in";
}

function printRow({ app, trial, verdict }: Row): void {
  const { analysis, traces, analysisMs } = trial;
  const refused = verdict === "refused";
  const yesNo = (is: boolean) => refused ? "-" : is ? "yes" : "NO";
  console.log(line([
    app.name,
    String(traces),
    refused ? "-" : String(analysis.steps.length),
    refused ? "-" : String(analysis.values.filter(({ kind }) => kind === "unexplained").length),
    refused ? "refused" : yesNo(analysis.proof?.passed ?? false),
    yesNo(trial.asSecond),
    analysisMs.toFixed(0),
  ], app.style));
  if (!isGood(verdict)) console.log(`    ${verdict}: ${problemOf(trial)}`);
}

function isGood(verdict: Verdict): boolean {
  return verdict === "logged in" || verdict === "refused";
}

function problemOf({ analysis, login, check }: LoginTrial): string {
  if (login instanceof Error) return messageOf(login);
  if (check !== null) return `the check was answered ${check.status}`;
  return analysis.reasons.join("; ");
}

function line(cells: readonly string[], style = "style"): string {
  const padded = cells.map((cell, index) =>
    index === 0 ? cell.padEnd(WIDTHS[index]!) : cell.padStart(WIDTHS[index]!)
  );
  return `${padded.join("")}   ${style}`;
}

/** Answers whether every fixture came out as it should. */
function printTotals(rows: readonly Row[]): boolean {
  const count = (accept: (row: Row) => boolean) => rows.filter(accept).length;
  const of = (...verdicts: Verdict[]) => count(({ verdict }) => verdicts.includes(verdict));
  const possible = count(({ app }) => app.refusal === undefined);
  console.log(
    `\n${rows.length} recordings; of ${possible} that can be logged in to: ` +
      `${of("logged in", "proven but not logged in")} proven, ` +
      `${of("logged in")} logged in as another user, ` +
      `${of("proven but not logged in")} proven but not logged in; ` +
      `of ${rows.length - possible} that cannot: ${of("refused")} refused`,
  );
  return rows.every(({ verdict }) => isGood(verdict));
}
