/**
 * Pages of tool lists as they were sent, beside the compiled catalogs that they are of: most starts of a server are
 * asked for the list of the last one, and a catalog takes longer to open than a page to be sent. Of each list the pages
 * that were asked for are kept, until what they are made of is another.
 */
import type { Context } from "../base/context.ts";
import { removeFile } from "../store/atomic.ts";
import { openHome } from "../store/home.ts";
import { RecordFile, UnusableRecords, writeRecords } from "../store/record_file.ts";
import { digestOf, touchFile } from "./catalog_cache.ts";

export interface ListState {
  /** Which list it is: who is asked for which tools. */
  readonly list: string;
  /** What it is made of: as long as it is the same, so is the list. */
  readonly state: string;
}

export interface KeptPage<Json = Uint8Array> {
  /** The result, in UTF-8. */
  readonly json: Json;
  /** Of the page that follows. */
  readonly nextCursor: string | undefined;
  /** What is said of owners and tools that are not offered, by the line. */
  readonly said: readonly string[];
}

interface Head extends Omit<KeptPage, "json"> {
  readonly state: string;
}

export class KeptLists {
  readonly #ctx: Context;
  /** Cursors that lead to pages. Others may be anything, and would make a file each. */
  readonly #cursors = new Set<string | undefined>([undefined]);
  #writing: Promise<void> = Promise.resolve();

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /** `null` where none is kept of this state. */
  async page(list: ListState, cursor: string | undefined): Promise<KeptPage | null> {
    const path = this.#path(list, cursor);
    try {
      const file = RecordFile.open(path);
      const head = file?.value as Head | undefined;
      if (file === null || head?.state !== digestOf(list.state)) return null;
      const json = file.bytes(0);
      await touchFile(path);
      this.#cursors.add(head.nextCursor);
      return { ...head, json };
    } catch (error) {
      if (error instanceof UnusableRecords) return null;
      throw error;
    }
  }

  /** Keeps a page once whoever asked for it has it. A home that cannot be written to costs time, no list. */
  keep(list: ListState, cursor: string | undefined, { json, ...page }: KeptPage<string>): void {
    if (!this.#cursors.has(cursor)) return;
    this.#cursors.add(page.nextCursor);
    this.#writing = this.#writing.then(async () => {
      await new Promise((resolve) => setTimeout(resolve, 0));
      // Cursors are names: another list has other ones.
      if (cursor === undefined) await this.#removeAll(list);
      const head: Head = { ...page, state: digestOf(list.state) };
      await writeRecords(this.#path(list, cursor), head, [json]);
    }).catch(() => {});
  }

  /** Waits for what is being written. */
  async close(): Promise<void> {
    await this.#writing;
  }

  get #folder(): string {
    return openHome(this.#ctx).path("catalogs");
  }

  async #removeAll({ list }: ListState): Promise<void> {
    const prefix = prefixOf(list);
    const names = await Array.fromAsync(Deno.readDir(this.#folder), ({ name }) => name);
    for (const name of names.filter((name) => name.startsWith(prefix))) {
      await removeFile(`${this.#folder}/${name}`);
    }
  }

  #path({ list }: ListState, cursor = ""): string {
    const page = cursor === "" ? "first" : digestOf(cursor).slice(0, 16);
    return `${this.#folder}/${prefixOf(list)}${page}.list`;
  }
}

function prefixOf(list: string): string {
  return `list-${digestOf(list).slice(0, 16)}-`;
}
