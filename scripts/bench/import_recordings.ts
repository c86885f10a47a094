/** Recordings imported into a home, one app for each. */
import { importCapture } from "../../lib/ops/import_capture.ts";
import { fakeContext } from "../../tests/support/fake_context.ts";

/**
 * Each HAR file of a folder is an app; of a folder below it, all HAR files together are one. What the user
 * told (`answers.json`) lies beside the captures afterwards. What cannot be imported is left out.
 */
export async function importRecordings(home: string, folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    for (const { name, files, answers } of recordingsIn(folder)) {
      const ctx = { ...fakeContext(), homeOption: home };
      try {
        await importCapture(ctx, { app: name, files, allowSanitised: true });
      } catch (error) {
        console.error(`${name}: ${error instanceof Error ? error.message : error}`);
        continue;
      }
      if (answers !== null) await Deno.copyFile(answers, `${home}/apps/${name}/answers.json`);
    }
  }
}

interface Found {
  readonly name: string;
  readonly files: string[];
  readonly answers: string | null;
}

function recordingsIn(folder: string): Found[] {
  const found: Found[] = [];
  for (const { name, isDirectory } of [...Deno.readDirSync(folder)].sort(byName)) {
    const path = `${folder}/${name}`;
    if (name.endsWith(".har")) found.push({ name: appName(name), files: [path], answers: null });
    if (!isDirectory || name.startsWith("_")) continue;
    const entries = [...Deno.readDirSync(path)].sort(byName).map((entry) => entry.name);
    const files = entries.filter((entry) => entry.endsWith(".har")).map((entry) =>
      `${path}/${entry}`
    );
    const answers = entries.includes("answers.json") ? `${path}/answers.json` : null;
    if (files.length > 0) found.push({ name: appName(name), files, answers });
  }
  return found;
}

function byName(a: Deno.DirEntry, b: Deno.DirEntry): number {
  return a.name < b.name ? -1 : 1;
}

function appName(name: string): string {
  return name.replace(/\.har$/, "").toLowerCase().replace(/[^a-z0-9]+/g, "-");
}
