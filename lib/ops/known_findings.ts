/**
 * What a model found out about the login of an app, kept beside its captures: the analysis goes on from it
 * without a model. It holds recorded values, as the captures do, and is as private as they are.
 */
import { AppError } from "../base/error.ts";
import { isRecord, parseJson } from "../base/json.ts";
import { type Findings, NO_FINDINGS } from "../correlate/finding.ts";
import { writeFileAtomic } from "../store/atomic.ts";
import type { Home } from "../store/home.ts";

const FINDINGS_FILE = "findings.json";

/** @throws {AppError} `BAD_INPUT` for a file that is none of ours. */
export function readFindings(home: Home, app: string): Findings {
  const path = home.appFile(app, FINDINGS_FILE);
  const read = parseJson(textOf(path) ?? "{}");
  // Files of before there were functions have none.
  const value = isRecord(read) ? { ...NO_FINDINGS, ...read } : null;
  if (value !== null && [value.values, value.steps, value.functions].every(isList)) {
    return value as Findings;
  }
  throw new AppError("BAD_INPUT", `Cannot read "${path}": it holds no findings`, {
    hint: `Remove the file and run keysmith auth analyze ${app} --llm`,
  });
}

export async function writeFindings(home: Home, app: string, findings: Findings): Promise<void> {
  await writeFileAtomic(home.appFile(app, FINDINGS_FILE), `${JSON.stringify(findings, null, 2)}\n`);
}

function textOf(path: string): string | null {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

function isList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => isRecord(item) || typeof item === "string");
}
