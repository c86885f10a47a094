/**
 * Test files of one room in one module. `deno test` starts an isolate for each file and loads all that it imports anew,
 * which costs a fifth of a second of processor time: more than most of these files take. `deno test PATH` runs a file
 * by itself, as ever.
 */
import { pathToFileURL } from "node:url";

/** Rooms whose tests touch nothing of the process that another file could see. */
const SHARING: readonly string[] = [
  "capture",
  "codec",
  "correlate",
  "http",
  "judge",
  "openapi",
  "ops",
  "replay",
  "resolve",
  "term",
  "token",
  "tools",
];

/** So few that a room is spread over the processors. */
const FILES_OF_ONE = 12;

/**
 * The paths to be tested in place of the folder `tests`.
 *
 * @param folder takes the modules that import several files: `correlate_1_test.ts`
 */
export async function sharedFiles(tests: string, folder: string): Promise<string[]> {
  const paths: string[] = [];
  const entries = [...Deno.readDirSync(tests)].map(({ name }) => name).sort();
  for (const name of entries) {
    if (!SHARING.includes(name)) paths.push(`${tests}/${name}`);
    else paths.push(...await writeShared(testFiles(`${tests}/${name}`), `${folder}/${name}`));
  }
  return paths;
}

async function writeShared(files: readonly string[], prefix: string): Promise<string[]> {
  const paths: string[] = [];
  for (let from = 0; from < files.length; from += FILES_OF_ONE) {
    const imports = files.slice(from, from + FILES_OF_ONE)
      .map((file) => `import ${JSON.stringify(pathToFileURL(file).href)};\n`);
    paths.push(`${prefix}_${paths.length + 1}_test.ts`);
    await Deno.writeTextFile(paths.at(-1)!, imports.join(""));
  }
  return paths;
}

/** Below the folder, in the order of their names. */
export function testFiles(folder: string): string[] {
  return [...Deno.readDirSync(folder)].toSorted((a, b) => a.name < b.name ? -1 : 1)
    .flatMap(({ name, isDirectory }) => {
      if (isDirectory) return testFiles(`${folder}/${name}`);
      return name.endsWith("_test.ts") ? [`${folder}/${name}`] : [];
    });
}
