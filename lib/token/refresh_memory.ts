/**
 * `refresh.json`: what became of the refreshes of the token that is stored. A refresh token that was refused
 * for good is not sent again, and one whose answer was lost on the way is told from one that was refused.
 * Written with the token's lock held.
 */
import { removeFile } from "../store/atomic.ts";
import type { Home } from "../store/home.ts";
import { readJsonFile, writeJsonFile } from "../store/json_file.ts";
import { field, isBoolean, isNullOr, isTime, objectOf } from "./fields.ts";

export interface RefreshMemory {
  /** `TokenState.obtained_at` of the token that all of this is about. */
  readonly obtained_at: number;
  /** When a refresh began whose answer never arrived, in milliseconds since the Unix epoch. */
  readonly unansweredMs: number | null;
  /** How often the site has refused. */
  readonly refusals: number;
  readonly refusedMs: number | null;
  /** Until then the site wants to be left alone, in milliseconds since the Unix epoch. */
  readonly notBeforeMs?: number;
  /** No further request is made. */
  readonly isFinal: boolean;
}

/** `null` where nothing is remembered of this token. @throws {AppError} `BAD_STORE` for a damaged file. */
export async function readRefreshMemory(
  home: Home,
  app: string,
  { obtained_at }: { readonly obtained_at: number },
): Promise<RefreshMemory | null> {
  const memory = await readJsonFile(memoryPath(home, app), validateMemory, { private: true });
  return memory?.obtained_at === obtained_at ? memory : null;
}

export async function writeRefreshMemory(
  home: Home,
  app: string,
  memory: RefreshMemory,
): Promise<void> {
  await writeJsonFile(memoryPath(home, app), validateMemory(memory));
}

export async function forgetRefreshes(home: Home, app: string): Promise<void> {
  await removeFile(memoryPath(home, app));
}

function memoryPath(home: Home, app: string): string {
  return home.appFile(app, "refresh.json");
}

const MEMBERS = ["obtained_at", "unansweredMs", "refusals", "refusedMs", "isFinal", "notBeforeMs"];

function validateMemory(value: unknown): RefreshMemory {
  const fields = objectOf(value, MEMBERS);
  const notBeforeMs = fields["notBeforeMs"] === undefined
    ? {}
    : { notBeforeMs: field(fields, "notBeforeMs", isTime, "a time") };
  return {
    obtained_at: field(fields, "obtained_at", isTime, "a time in seconds"),
    unansweredMs: field(fields, "unansweredMs", isNullOr(isTime), "a time or null"),
    refusals: field(fields, "refusals", isTime, "a number"),
    refusedMs: field(fields, "refusedMs", isNullOr(isTime), "a time or null"),
    isFinal: field(fields, "isFinal", isBoolean, "true or false"),
    ...notBeforeMs,
  };
}
