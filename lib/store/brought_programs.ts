/**
 * What the commands of a folder's configuration bring along: the files and folders of that folder which they name,
 * alone or within a word (`sh -c "./run.sh --now"`, `--file=./x.py`). They may change where their names stay. What such a
 * program reads by itself (a Makefile, a module) is not known here.
 */
import { createHash, type Hash } from "node:crypto";
import { join, resolve } from "node:path";
import { isInside } from "../base/paths.ts";

/** Of one command's files, in bytes and in number; what is beyond is told by sizes and times of change. */
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_FILES = 2_000;

/** A hash over the words and what they name inside `folder`. */
export async function broughtPrograms(words: readonly string[], folder: string): Promise<string> {
  const hash = createHash("sha256");
  const root = await Deno.realPath(folder).catch(() => folder);
  const left = { bytes: MAX_BYTES, files: MAX_FILES };
  for (const word of new Set(words)) {
    hash.update(`\0${word}\0`);
    for (const piece of piecesOf(word)) await addNamed(hash, resolve(folder, piece), root, left);
  }
  return hash.digest("hex");
}

/** The word, and what a shell or an option would take out of it. */
function piecesOf(word: string): Set<string> {
  return new Set([word, ...word.split(/[\s=:;,&|<>()'"`]+/)].filter((piece) => piece !== ""));
}

interface Left {
  bytes: number;
  files: number;
}

async function addNamed(hash: Hash, path: string, root: string, left: Left): Promise<void> {
  const real = await Deno.realPath(path).catch(() => null);
  if (real === null || !isInside(real, root)) return;
  await addPath(hash, real, left);
}

/** Changes with every commit, and no program runs from it. */
const GIT = ".git";

/** A file's content, or all that a folder holds, in the order of names. Links in it are told by where they lead. */
async function addPath(hash: Hash, path: string, left: Left): Promise<void> {
  const info = await Deno.lstat(path).catch(() => null);
  if (info === null || left.files-- <= 0) return;
  hash.update(`\0${path}\0`);
  if (info.isSymlink) hash.update(await Deno.readLink(path).catch(() => ""));
  if (info.isFile) hash.update(await contentOf(path, info, left));
  if (!info.isDirectory) return;
  for (const name of await namesIn(path)) await addPath(hash, join(path, name), left);
}

async function contentOf(
  path: string,
  { size, mtime }: Deno.FileInfo,
  left: Left,
): Promise<string> {
  left.bytes -= size;
  if (left.bytes < 0) return `${size} ${mtime?.getTime()}`;
  const bytes = await Deno.readFile(path).catch(() => null);
  return bytes === null ? "" : createHash("sha256").update(bytes).digest("hex");
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.map(({ name }) => name).filter((name) => name !== GIT).sort();
  } catch {
    return [];
  }
}
