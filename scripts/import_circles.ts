/**
 * `deno run -A scripts/import_circles.ts`: files of lib/ that import each other in a circle, by type or by
 * value, now or later (`import()`). A circle means that neither file can be read, tested or moved alone:
 * what both need belongs into a third.
 */
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const LIB = fileURLToPath(new URL("../lib/", import.meta.url));
const IMPORT = /(?:\bfrom|^import|\bimport\()\s*"(\.[^"]+\.ts)"/gm;

if (import.meta.main) {
  const circles = importCircles(await importsOf(LIB));
  for (const circle of circles) console.error(circle.join(" → "));
  Deno.exitCode = circles.length === 0 ? 0 : 1;
}

/** What each file imports of ours, by its path below `folder`. */
export async function importsOf(folder: string): Promise<Map<string, string[]>> {
  const imports = new Map<string, string[]>();
  for await (const path of files(folder)) {
    const text = await Deno.readTextFile(path);
    const targets = [...text.matchAll(IMPORT)].map((match) => join(dirname(path), match[1]!));
    imports.set(relative(folder, path), targets.map((target) => relative(folder, target)));
  }
  return imports;
}

async function* files(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) yield* files(path);
    else if (name.endsWith(".ts")) yield path;
  }
}

/** One shortest circle for each file that is in any, each circle once, from its first file on. */
export function importCircles(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const circles = new Map<string, string[]>();
  for (const file of [...imports.keys()].sort()) {
    const circle = circleOf(file, imports);
    if (circle === null) continue;
    const key = [...new Set(circle)].sort().join(" ");
    if (!circles.has(key)) circles.set(key, circle);
  }
  return [...circles.values()];
}

/** The shortest way from a file back to itself; breadth first. */
function circleOf(start: string, imports: ReadonlyMap<string, readonly string[]>): string[] | null {
  const ways: string[][] = [[start]];
  const seen = new Set<string>();
  for (const way of ways) {
    for (const next of imports.get(way.at(-1)!) ?? []) {
      if (next === start) return [...way, start];
      if (!seen.has(next)) ways.push([...way, next]);
      seen.add(next);
    }
  }
  return null;
}
