import { rmdirSync } from "node:fs";

/** Removes the folder of an app that came to nothing: one whose first recording failed is none. */
export function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It holds the files of an app.
  }
}
