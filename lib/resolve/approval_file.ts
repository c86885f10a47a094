/**
 * `services/<service>.json` in the home: what was approved for a service. A service that a working
 * folder's file defines has a file of its own: it is another one than the user's of the same name.
 */
import { createHash } from "node:crypto";
import { dirname } from "node:path";
import type { ServiceConfig } from "../base/config.ts";
import { isRecord } from "../base/json.ts";
import type { Home } from "../store/home.ts";
import { readJsonFile, writeJsonFile } from "../store/json_file.ts";
import { withLock } from "../store/lock.ts";
import type { Approval } from "./approval.ts";

const LOCK_WAIT_MS = 10_000;

type ServiceRef = Pick<ServiceConfig, "name" | "origin">;

/** `null` before the first use. @throws {AppError} `BAD_STORE` for a damaged file. */
export async function readApproval(home: Home, service: ServiceRef): Promise<Approval | null> {
  return await readJsonFile(approvalPath(home, service), validateApproval);
}

/** Changes what is approved, one process at a time. Answers what is approved now. */
export async function updateApproval(
  home: Home,
  service: ServiceRef,
  change: (approval: Approval | null) => Approval,
): Promise<Approval> {
  const path = approvalPath(home, service);
  return await withLock(path, { timeoutMs: LOCK_WAIT_MS }, async () => {
    const before = await readJsonFile(path, validateApproval);
    const after = change(before);
    if (JSON.stringify(after) !== JSON.stringify(before)) await writeJsonFile(path, after);
    return after;
  });
}

function approvalPath(home: Home, { name, origin: { layer, file } }: ServiceRef): string {
  const mark = layer === "project" ? folderMark(file) : "";
  return home.path("services", `${name}${caseMark(name)}${mark}.json`);
}

/** "Shop" and "shop" are two services, and one file where the file system knows no case. */
function caseMark(name: string): string {
  return name === name.toLowerCase()
    ? ""
    : `+${createHash("sha256").update(name).digest("hex").slice(0, 12)}`;
}

/** Names of services hold no "@", and no "+". */
function folderMark(file: string): string {
  return `@${createHash("sha256").update(dirname(file)).digest("hex").slice(0, 20)}`;
}

function validateApproval(value: unknown): Approval {
  if (!isRecord(value)) throw new TypeError("it is not an object");
  const { origins, userOrigins, schemes } = value;
  if (!isTexts(origins)) throw new TypeError(`"origins" is not a list of texts`);
  if (!isTexts(userOrigins)) throw new TypeError(`"userOrigins" is not a list of texts`);
  if (!isRecord(schemes) || !Object.values(schemes).every(isTexts)) {
    throw new TypeError(`"schemes" is not an object of lists of texts`);
  }
  return { origins, userOrigins, schemes: schemes as Record<string, string[]> };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
