/** `folders/<digest>.json` in the home: what of a working folder's configuration the user approved. */
import { createHash } from "node:crypto";
import { isRecord } from "../base/json.ts";
import type { Home } from "./home.ts";
import { readJsonFile, writeJsonFile } from "./json_file.ts";

interface FolderApproval {
  /** The configuration file, absolute. */
  readonly file: string;
  readonly fingerprint: string;
}

/** True for exactly what was approved, at exactly this path. @throws {AppError} `BAD_STORE`. */
export async function isFolderApproved(
  home: Home,
  file: string,
  fingerprint: string,
): Promise<boolean> {
  const known = await readJsonFile(approvalPath(home, file), validate, { private: true });
  return known?.file === file && known.fingerprint === fingerprint;
}

/** Replaces what was approved for the file before. */
export async function approveFolderFile(
  home: Home,
  { file, fingerprint }: FolderApproval,
): Promise<void> {
  await writeJsonFile(approvalPath(home, file), { file, fingerprint });
}

function approvalPath(home: Home, file: string): string {
  const digest = createHash("sha256").update(file).digest("hex").slice(0, 40);
  return home.path("folders", `${digest}.json`);
}

function validate(value: unknown): FolderApproval {
  if (!isRecord(value)) throw new TypeError("it is not an object");
  const { file, fingerprint } = value;
  if (typeof file !== "string") throw new TypeError(`"file" is not a text`);
  if (typeof fingerprint !== "string") throw new TypeError(`"fingerprint" is not a text`);
  return { file, fingerprint };
}
