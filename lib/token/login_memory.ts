/**
 * `logins.json`: what is remembered of the logins that nobody asked for, so that a stored password is
 * neither tried again and again nor a locked account kept locked. Written with the token's lock held.
 */
import { randomBytes, scryptSync } from "node:crypto";
import type { Home } from "../store/home.ts";
import { readJsonFile, writeJsonFile } from "../store/json_file.ts";
import { choiceField, field, isListOf, isString, isTime, objectOf, textFields } from "./fields.ts";

export interface LoginMemory {
  /** When automatic logins began, of the last hour, in milliseconds since the Unix epoch. */
  readonly begunMs: readonly number[];
  /** Those that failed since one worked, for another reason than the answers. */
  readonly failures: number;
  readonly lastFailure: SiteFailure | null;
  /** The answers that the site refused; no request is made with them again. */
  readonly refused: RefusedLogin | null;
}

export interface LoginFailure {
  readonly atMs: number;
  readonly message: string;
}

/** `notBeforeMs`: until then the site wants to be left alone. */
export interface SiteFailure extends LoginFailure {
  readonly notBeforeMs?: number;
}

export interface RefusedLogin extends LoginFailure {
  readonly reason: "refused" | "locked";
  /** Of the prompts that had been answered. */
  readonly labels: readonly string[];
  /** Of the answers, salted and slow to guess: passwords are short. */
  readonly digest: string;
}

export const EMPTY_MEMORY: LoginMemory = {
  begunMs: [],
  failures: 0,
  lastFailure: null,
  refused: null,
};

/** Automatic logins of one account within an hour: enough for sessions of five minutes. */
export const MAX_LOGINS_PER_HOUR = 12;
const HOUR_MS = 3_600_000;
const FIRST_PAUSE_MS = 60_000;
/** What a site may ask for at most: its clock may be wrong. */
const MAX_WAIT_MS = 24 * HOUR_MS;

/** @throws {AppError} `BAD_STORE` for a damaged file. */
export async function readLoginMemory(home: Home, app: string): Promise<LoginMemory> {
  const path = home.appFile(app, "logins.json");
  return await readJsonFile(path, validateMemory, { private: true }) ?? EMPTY_MEMORY;
}

export async function writeLoginMemory(
  home: Home,
  app: string,
  memory: LoginMemory,
): Promise<void> {
  await writeJsonFile(home.appFile(app, "logins.json"), memory);
}

/** When the next automatic login may begin; in the past or now when it may begin at once. */
export function nextLoginMs(memory: LoginMemory, nowMs: number): number {
  const { lastFailure, failures } = memory;
  const recent = recentLogins(memory, nowMs);
  const full = recent.length < MAX_LOGINS_PER_HOUR ? 0 : recent.at(-MAX_LOGINS_PER_HOUR)! + HOUR_MS;
  // A failure yet to come was noted by a clock that has been set back since: it says nothing of when.
  if (lastFailure === null || failures === 0 || lastFailure.atMs > nowMs) return full;
  const pauseMs = Math.min(HOUR_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
  const wantedMs = Math.min(lastFailure.notBeforeMs ?? 0, lastFailure.atMs + MAX_WAIT_MS);
  return Math.max(full, lastFailure.atMs + pauseMs, wantedMs);
}

export function recentLogins({ begunMs }: LoginMemory, nowMs: number): number[] {
  return begunMs.filter((atMs) => atMs > nowMs - HOUR_MS && atMs <= nowMs);
}

/** A new digest of answers. */
export function digestAnswers(
  answers: readonly (readonly [label: string, value: string])[],
): string {
  const salt = randomBytes(16);
  return `${salt.toString("hex")}:${derive(answers, salt)}`;
}

/** True when the digest was made of the same answers. */
export function areSameAnswers(
  answers: readonly (readonly [label: string, value: string])[],
  digest: string,
): boolean {
  const [salt = "", derived] = digest.split(":");
  return derive(answers, new Uint8Array(Buffer.from(salt, "hex"))) === derived;
}

function derive(answers: readonly (readonly [string, string])[], salt: Uint8Array): string {
  return scryptSync(JSON.stringify(answers), salt, 32).toString("hex");
}

function validateMemory(value: unknown): LoginMemory {
  const fields = objectOf(value, ["begunMs", "failures", "lastFailure", "refused"]);
  return {
    begunMs: field(fields, "begunMs", isListOf(isTime), "a list of times"),
    failures: field(fields, "failures", isTime, "a number"),
    lastFailure: fields["lastFailure"] === null ? null : validateSiteFailure(fields["lastFailure"]),
    refused: fields["refused"] === null ? null : validateRefusal(fields["refused"]),
  };
}

function validateSiteFailure(value: unknown): SiteFailure {
  const fields = objectOf(value, ["atMs", "message", "notBeforeMs"], `"lastFailure"`);
  const notBeforeMs = fields["notBeforeMs"] === undefined
    ? {}
    : { notBeforeMs: field(fields, "notBeforeMs", isTime, "a time") };
  return {
    ...textFields(fields, ["message"]),
    atMs: field(fields, "atMs", isTime, "a time"),
    ...notBeforeMs,
  };
}

function validateRefusal(value: unknown): RefusedLogin {
  const fields = objectOf(value, ["atMs", "message", "reason", "labels", "digest"], `"refused"`);
  return {
    ...textFields(fields, ["message", "digest"]),
    atMs: field(fields, "atMs", isTime, "a time"),
    reason: choiceField(fields, "reason", ["refused", "locked"] as const),
    labels: field(fields, "labels", isListOf(isString), "a list of texts"),
  };
}
