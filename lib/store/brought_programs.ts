/**
 * What the commands of a folder's configuration bring along: the files and folders of that folder which they name,
 * alone or within a word (`sh -c "./run.sh --now"`, `--file=./x.py`, `$PWD/r*.sh`), and where links among them lead. They may change where
 * their names stay. What such a program reads by itself (a Makefile, a module) is not known here.
 */
import { createHash, type Hash } from "node:crypto";
import { join, resolve } from "node:path";
import { AppError } from "../base/error.ts";
import { matchesGlob } from "../base/glob.ts";
import { isInside } from "../base/paths.ts";

/**
 * Of one configuration's programs, in bytes and in number: what is beyond is told by its beginning, its size, its place on the
 * disk and the time that the system keeps of each change, in seconds, which nobody sets back.
 */
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_READ_FILES = 2_000;
const MAX_FILES = 50_000;
const BEGINNING_BYTES = 64 * 1024;

/** A hash over the words and what they name inside `folder`. @throws {AppError} `BAD_CONFIG` where that is too much to watch. */
export async function broughtPrograms(words: readonly string[], folder: string): Promise<string> {
  const root = await Deno.realPath(folder).catch(() => folder);
  const walk: Walk = { hash: createHash("sha256"), root, seen: new Set(), bytes: 0, files: 0 };
  for (const word of new Set(words)) {
    walk.hash.update(`\0${word}\0`);
    for (const piece of piecesOf(word)) {
      for (const place of await placesOf(piece, root)) await addNamed(walk, place);
    }
  }
  return walk.hash.digest("hex");
}

/** The word, and what a shell or an option would take out of it: also where it stands for the folder, or escapes. */
function piecesOf(word: string): Set<string> {
  const plain = word.replace(/\$(?:PWD\b|\{PWD\})/g, ".").replaceAll("\\", "");
  const pieces = [word, plain].flatMap((text) => text.split(/[\s=:;,&|<>()'"`]+/));
  return new Set([word, ...pieces].filter((piece) => piece !== ""));
}

/** A path as it is; of a pattern (`lib/ru?.sh`) what it can stand for, up to its first folder. */
async function placesOf(piece: string, root: string): Promise<string[]> {
  const path = resolve(root, piece);
  const pattern = piece.split("/").map(widened);
  const first = pattern.findIndex((part) => part.includes("*"));
  if (first < 0) return [path];
  const folder = resolve(root, pattern.slice(0, first).join("/"));
  if (!isInside(folder, root)) return [path];
  const names = (await namesIn(folder)).filter((name) => matchesGlob(pattern[first]!, name));
  return [path, ...names.map((name) => join(folder, name))];
}

/** A part of a pattern with `*` for all else that a pattern may hold: it stands for more names, never for fewer. */
function widened(part: string): string {
  const [open, close] = [part.indexOf("["), part.lastIndexOf("]")];
  const outer = open < 0 || close < open ? part : `${part.slice(0, open)}*${part.slice(close + 1)}`;
  return outer.replaceAll("?", "*");
}

interface Walk {
  readonly hash: Hash;
  readonly root: string;
  /** Real paths: links may lead round in a circle. */
  readonly seen: Set<string>;
  bytes: number;
  files: number;
}

/** What has a place in the folder, and what leads into it: an absolute path, a link elsewhere. */
async function addNamed(walk: Walk, path: string): Promise<void> {
  const real = await Deno.realPath(path).catch(() => null);
  if (real === null) return;
  if (isInside(path, walk.root) || isInside(real, walk.root)) await addReal(walk, real);
}

/** Where it leads, and what is there; of a folder elsewhere only that. */
async function addReal(walk: Walk, real: string): Promise<void> {
  walk.hash.update(`\0${real}\0`);
  if (isInside(real, walk.root)) return await addPath(walk, real);
  const info = await Deno.lstat(real).catch(() => null);
  if (info?.isFile) await addFile(walk, real, info);
}

/** Changes with every commit, and no program runs from it. */
const GIT = ".git";

/** A file's content, or all that a folder holds, in the order of names. */
async function addPath(walk: Walk, path: string): Promise<void> {
  const info = await Deno.lstat(path).catch(() => null);
  if (info === null || walk.seen.has(path)) return;
  walk.seen.add(path);
  walk.hash.update(`\0${path}\0`);
  if (info.isSymlink) {
    const real = await Deno.realPath(path).catch(() => null);
    walk.hash.update(await Deno.readLink(path).catch(() => ""));
    if (real !== null) await addReal(walk, real);
  }
  if (info.isFile) await addFile(walk, path, info);
  if (!info.isDirectory) return;
  for (const name of await namesIn(path)) await addPath(walk, join(path, name));
}

async function addFile(walk: Walk, path: string, info: Deno.FileInfo): Promise<void> {
  walk.files++;
  walk.bytes += info.size;
  if (walk.files > MAX_FILES) throw tooMany(path);
  const isRead = walk.files <= MAX_READ_FILES && walk.bytes <= MAX_BYTES;
  walk.hash.update(
    isRead ? await contentOf(path) : `${lastChangeOf(info)} ${await beginningOf(path)}`,
  );
}

async function contentOf(path: string): Promise<string> {
  const bytes = await Deno.readFile(path).catch(() => null);
  return bytes === null ? "" : createHash("sha256").update(bytes).digest("hex");
}

async function beginningOf(path: string): Promise<string> {
  try {
    using file = await Deno.open(path);
    const bytes = new Uint8Array(BEGINNING_BYTES);
    const length = await file.read(bytes) ?? 0;
    return createHash("sha256").update(bytes.subarray(0, length)).digest("hex");
  } catch {
    return "";
  }
}

/** On Windows no system keeps such a time; there it is the one that a program may set. */
function lastChangeOf({ size, ino, ctime, mtime }: Deno.FileInfo): string {
  return [size, ino, (ctime ?? mtime)?.getTime()].join(" ");
}

function tooMany(path: string): AppError {
  return new AppError(
    "BAD_CONFIG",
    `A command of this folder's configuration names more than ${MAX_FILES} files, the last of them "${path}"`,
    { hint: "Name the program's file in the command, and not a folder of so many" },
  );
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.map(({ name }) => name).filter((name) => name !== GIT).sort();
  } catch {
    return [];
  }
}
