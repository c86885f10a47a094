/**
 * Which compiled catalog belongs to a document as it is now. A small file beside it says of which state of which
 * files it was made: by their times, and where those have changed, by a digest of what stands in them.
 */
import { createHash } from "node:crypto";
import type { ServiceConfig } from "../base/config.ts";
import { isRecord } from "../base/json.ts";
import type { Home } from "../store/home.ts";
import { removeFile } from "../store/atomic.ts";
import { readJsonFile, writeJsonFile } from "../store/json_file.ts";
import type { CompiledCatalog } from "./compiled_catalog.ts";

export interface CacheEntry {
  /** Of the documents, by times and sizes. */
  readonly signature: string;
  /** Of what stands in them. */
  readonly digest: string;
}

/** Catalogs that no start has looked at for this long are removed, in milliseconds. */
const UNUSED_MS = 30 * 24 * 3_600_000;

export class CatalogCache {
  readonly #folder: string;
  readonly #key: string;

  /** What the configuration says of a service goes into its catalog, and so does the program that made it. */
  constructor(home: Home, service: ServiceConfig) {
    const { name, openapi, refs, server, serverVariables, attach, origins } = service;
    const parts = [openapi, refs, server, serverVariables, attach, origins, programSignature()];
    this.#folder = home.path("catalogs");
    this.#key = `${name.slice(0, 40)}-${digestOf(JSON.stringify(parts)).slice(0, 16)}`;
  }

  /** `null` where none was made, or what says so is damaged. */
  async entry(): Promise<CacheEntry | null> {
    return await readJsonFile(this.#notePath(), validEntry).catch(() => null);
  }

  /** @throws {UnusableRecords} */
  async open({ digest }: CacheEntry): Promise<CompiledCatalog | null> {
    // A list that is kept whole needs none.
    const { openCompiled } = await import("./compiled_catalog.ts");
    return openCompiled(this.path(digest));
  }

  /** Another one for each catalog that is made of other documents, in another way, or by another program. */
  state({ digest }: CacheEntry): string {
    return `${this.#key} ${digest}`;
  }

  /** Of the paths of all catalogs of this service. */
  get prefix(): string {
    return `${this.#folder}/${this.#key}-`;
  }

  path(digest: string): string {
    return catalogPath(this.prefix, digest);
  }

  /** Says that the catalog of `entry` is the one; catalogs of other states go. */
  async note(entry: CacheEntry): Promise<void> {
    await writeJsonFile(this.#notePath(), entry);
    const current = this.path(entry.digest);
    for await (const { name, isFile } of Deno.readDir(this.#folder)) {
      const path = `${this.#folder}/${name}`;
      if (!isFile || path === current || path === this.#notePath()) continue;
      const isOld = name.startsWith(`${this.#key}-`) || await isUnused(path);
      if (isOld) await removeFile(path);
    }
  }

  /** Files that are in use are young. */
  async touch({ digest }: CacheEntry): Promise<void> {
    for (const path of [this.path(digest), this.#notePath()]) await touchFile(path);
  }

  #notePath(): string {
    return `${this.#folder}/${this.#key}.json`;
  }
}

/** The folder's files that nobody touches for long are removed. */
export async function touchFile(path: string): Promise<void> {
  const now = new Date();
  await Deno.utime(path, now, now).catch(() => {});
}

/** `prefix`: as of a cache. */
export function catalogPath(prefix: string, digest: string): string {
  return `${prefix}${digest.slice(0, 16)}.records`;
}

export function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

async function isUnused(path: string): Promise<boolean> {
  const { mtime } = await Deno.stat(path).catch(() => ({ mtime: null }));
  return mtime !== null && Date.now() - mtime.getTime() > UNUSED_MS;
}

function validEntry(value: unknown): CacheEntry {
  const isEntry = isRecord(value) && typeof value.signature === "string" &&
    typeof value.digest === "string" && /^[0-9a-f]{64}$/.test(value.digest);
  if (!isEntry) throw new TypeError("it is not a note of a catalog");
  return value as unknown as CacheEntry;
}

let program: string | null = null;

/** Another program reads documents otherwise. Of a checkout it is its newest file that says so. */
function programSignature(): string {
  if (program !== null) return program;
  if (Deno.build.standalone) {
    const { mtime, size } = Deno.statSync(Deno.execPath());
    return program = `${mtime?.getTime()} ${size}`;
  }
  const folders = ["../openapi", "../mcp", "../ops", "../tools", "../http", "../base"];
  const times = folders.flatMap((folder) => {
    const url = new URL(folder, import.meta.url);
    return [...Deno.readDirSync(url)].map(({ name }) =>
      Deno.statSync(new URL(`${folder}/${name}`, import.meta.url)).mtime?.getTime() ?? 0
    );
  });
  return program = String(Math.max(...times));
}
