/** Paths, compared as they stand: follow links first. */
import { isAbsolute, relative } from "node:path";

/** True for the folder itself and all below it. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !/^\.\.[/\\]/.test(way) && !isAbsolute(way);
}
