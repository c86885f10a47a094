/**
 * Answers that are too large for a result of a tool, in files of the home for as long as the server runs.
 * Text is kept as it is shown: without secrets.
 */
import { Buffer } from "node:buffer";
import { join } from "node:path";
import type { Context } from "../base/context.ts";
import { makePrivateFolder, writeFileAtomic } from "../store/atomic.ts";
import { openHome } from "../store/home.ts";

export interface KeptAnswer {
  readonly id: string;
  /** Absolute. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** `""` when the server named none. */
  readonly mediaType: string;
  /** What it is the answer to. */
  readonly tool: string;
  readonly isText: boolean;
}

export interface AnswerRange {
  /** The first byte. */
  readonly offset: number;
  /** In bytes. */
  readonly length: number;
}

/** All of them; the oldest go first. */
const MAX_KEPT_BYTES = 512 * 1024 * 1024;
/** Folders of servers that were killed, which nobody else removes. */
const MAX_AGE_MS = 7 * 24 * 3600 * 1000;

const EXTENSIONS: readonly (readonly [pattern: RegExp, extension: string])[] = [
  [/[/+]json$/, "json"],
  [/[/+]xml$/, "xml"],
  [/^text\/html$/, "html"],
  [/^text\/csv$/, "csv"],
  [/^text\//, "txt"],
  [/^(?:image|audio|video)\/(?:x-)?([a-z0-9]{2,5})$/, "bin"],
  [/^application\/(pdf|zip|gzip)$/, "bin"],
];

export class KeptAnswers {
  readonly #ctx: Context;
  readonly #answers = new Map<string, KeptAnswer>();
  #folder: Promise<string> | undefined;
  #count = 0;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /** Writes the answer to a file. @throws what the file system says. */
  async keep(
    content: string | Uint8Array,
    { tool, mediaType }: Pick<KeptAnswer, "tool" | "mediaType">,
  ): Promise<KeptAnswer> {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const isText = typeof content === "string";
    const id = `${++this.#count}-${tool}`;
    const folder = await (this.#folder ??= this.#createFolder());
    const path = join(folder, `${id}.${extensionOf(mediaType, isText)}`);
    await writeFileAtomic(path, bytes);
    const answer = { id, path, size: bytes.length, mediaType, tool, isText };
    this.#answers.set(id, answer);
    await this.#dropOldest();
    return answer;
  }

  get(id: string): KeptAnswer | undefined {
    return this.#answers.get(id);
  }

  list(): KeptAnswer[] {
    return [...this.#answers.values()];
  }

  /** The bytes of a range, as far as there are any. */
  async read({ path, size }: KeptAnswer, { offset, length }: AnswerRange): Promise<Uint8Array> {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
    using file = await Deno.open(path, { read: true });
    await file.seek(offset, Deno.SeekMode.Start);
    let filled = 0;
    while (filled < bytes.length) {
      const count = await file.read(bytes.subarray(filled));
      if (count === null) break;
      filled += count;
    }
    return bytes.subarray(0, filled);
  }

  /** Removes them all. */
  async clear(): Promise<void> {
    this.#answers.clear();
    if (this.#folder === undefined) return;
    await Deno.remove(await this.#folder, { recursive: true }).catch(() => {});
  }

  async #createFolder(): Promise<string> {
    const all = openHome(this.#ctx).path("answers");
    await makePrivateFolder(all);
    await removeOld(all, this.#ctx.clock.nowMs());
    const folder = join(all, Buffer.from(this.#ctx.random.bytes(9)).toString("base64url"));
    await makePrivateFolder(folder);
    return folder;
  }

  async #dropOldest(): Promise<void> {
    let total = this.list().reduce((sum, { size }) => sum + size, 0);
    for (const { id, path, size } of this.list().slice(0, -1)) {
      if (total <= MAX_KEPT_BYTES) return;
      total -= size;
      this.#answers.delete(id);
      await Deno.remove(path).catch(() => {});
    }
  }
}

async function removeOld(folder: string, nowMs: number): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    const path = join(folder, name);
    const { mtime } = await Deno.stat(path).catch(() => ({ mtime: null }));
    if (mtime === null || nowMs - mtime.getTime() < MAX_AGE_MS) continue;
    await Deno.remove(path, { recursive: true }).catch(() => {});
  }
}

function extensionOf(mediaType: string, isText: boolean): string {
  for (const [pattern, extension] of EXTENSIONS) {
    if (pattern.test(mediaType)) {
      return pattern.exec(mediaType)?.[1] ?? extension;
    }
  }
  return isText ? "txt" : "bin";
}
