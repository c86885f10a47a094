/**
 * `deno run -A scripts/check_readme.ts`: whether lib/README.md shows the import table and the packages as they are, and
 * names files that there are; with `--write` it brings the import table up to date.
 */
import project from "../deno.json" with { type: "json" };
import { PACKAGE_ROOMS, ROOMS } from "./rooms.ts";

const README = new URL("../lib/README.md", import.meta.url);
const FOLDERS = ["lib", "scripts", "tests"];
/** The example of a new codec. */
const EXAMPLES: ReadonlySet<string> = new Set(["lib/codec/openers/lines.ts"]);
const IMPORTS_BEGIN = "<!-- imports -->";
const IMPORTS_END = "<!-- /imports -->";

if (import.meta.main) {
  const text = await Deno.readTextFile(README);
  if (Deno.args.includes("--write")) await Deno.writeTextFile(README, withImportTable(text));
  const problems = readmeProblems(await Deno.readTextFile(README));
  for (const problem of problems) console.error(problem);
  Deno.exitCode = problems.length === 0 ? 0 : 1;
}

/** What is wrong with the text of lib/README.md; empty when nothing is. */
export function readmeProblems(text: string): string[] {
  const problems: string[] = [];
  if (squeeze(withImportTable(text)) !== squeeze(text)) {
    problems.push("The import table is not that of scripts/rooms.ts: run with --write");
  }
  const rows = packageRows(text);
  for (const name of packageNames()) {
    const room = PACKAGE_ROOMS[name] ?? "tests";
    const row = rows.get(name);
    if (row === undefined) problems.push(`Package "${name}" has no row`);
    else if (!row.includes(room)) {
      problems.push(`Package "${name}" is shown in "${row}", not "${room}"`);
    }
  }
  for (const name of rows.keys()) {
    if (!packageNames().includes(name)) problems.push(`Package "${name}" is not in deno.json`);
  }
  for (const name of missingFiles(text)) problems.push(`There is no file "${name}"`);
  return problems;
}

/** Named by the end of their paths, as `prove.ts` and `replay/prove.ts`. */
function missingFiles(text: string): string[] {
  const named = new Set([...text.matchAll(/`([\w/]+\.ts)`/g)].map(([, name = ""]) => name));
  const files = ["main.ts", "sandbox_main.ts", ...FOLDERS.flatMap((folder) => filesBelow(folder))];
  const known = new Set(files.flatMap((path) => {
    const parts = path.split("/");
    return parts.map((_, index) => parts.slice(index).join("/"));
  }));
  return [...named].filter((name) => !known.has(name) && !EXAMPLES.has(name));
}

/** @param folder below the project's own */
function filesBelow(folder: string): string[] {
  const entries = [...Deno.readDirSync(new URL(`../${folder}/`, import.meta.url))];
  return entries.flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(`${folder}/${name}`) : [`${folder}/${name}`]
  );
}

function withImportTable(text: string): string {
  const begin = text.indexOf(IMPORTS_BEGIN) + IMPORTS_BEGIN.length;
  const end = text.indexOf(IMPORTS_END);
  if (end < begin) throw new Error("lib/README.md has no place for the import table");
  return `${text.slice(0, begin)}\n\n${importTable()}\n${text.slice(end)}`;
}

function importTable(): string {
  const rows = Object.entries(ROOMS).map(([room, { rooms, types = [] }]) => {
    const all = [...rooms, ...types.map((name) => `${name} (types)`)];
    return `| \`${room}/\` | ${all.join(", ") || "nothing of ours"} |\n`;
  });
  return `| room | may import |\n| --- | --- |\n${rows.join("")}`;
}

function packageNames(): string[] {
  const names = Object.keys(project.imports).filter((name) => !name.startsWith("#"));
  return names.map((name) => name.replace(/\/$/, ""));
}

/** The second column of each row of the dependency table, by the package in the first. */
function packageRows(text: string): Map<string, string> {
  const section = text.slice(text.indexOf("## Dependencies"));
  const rows = section.matchAll(/^\| `([^`]+)` +\| +([^|]+?) +\|/gm);
  return new Map([...rows].map(([, name = "", room = ""]) => [name, room]));
}

/** Tables are padded by the formatter. */
function squeeze(text: string): string {
  return text.replace(/ +/g, " ").replace(/-+/g, "-");
}
