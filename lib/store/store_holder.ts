/**
 * Who writes to a store, in a file beside it while a transaction is open: SQLite does not tell. As with locks, it is
 * told to those who wait in vain and decides nothing.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { holderIn, holderText, type LockHolder } from "./lock_holder.ts";

export function nameStoreHolder(storePath: string): void {
  try {
    writeFileSync(fileOf(storePath), holderText(), { mode: 0o600 });
  } catch {
    // The transaction is open all the same.
  }
}

export function forgetStoreHolder(storePath: string): void {
  try {
    rmSync(fileOf(storePath), { force: true });
  } catch {
    // The next one to write names itself.
  }
}

export function storeHolder(storePath: string): LockHolder | null {
  try {
    return holderIn(readFileSync(fileOf(storePath), "utf8"));
  } catch {
    return null;
  }
}

function fileOf(storePath: string): string {
  return `${storePath}.holder`;
}
