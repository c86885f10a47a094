/** The files of a folder and of those in it, as a zip of the folder would hold them. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Inside } from "./zip.ts";

/** Files and folders looked at; a home that was named by mistake has more. */
const MAX_FILES = 20_000;
const MAX_DEPTH = 6;

/** Hidden files and folders are left out. */
export function filesInFolder(path: string): Inside[] {
  const files: Inside[] = [];
  addFiles(path, "", MAX_DEPTH, files);
  return files;
}

function addFiles(path: string, prefix: string, depth: number, files: Inside[]): void {
  for (const name of readdirSync(path).sort()) {
    if (name.startsWith(".") || files.length >= MAX_FILES) continue;
    const inner = join(path, name);
    const found = statSync(inner, { throwIfNoEntry: false });
    if (found?.isFile()) files.push({ name: prefix + name, read: () => readFileSync(inner) });
    else if (found?.isDirectory() && depth > 0) {
      addFiles(inner, `${prefix}${name}/`, depth - 1, files);
    }
  }
}
