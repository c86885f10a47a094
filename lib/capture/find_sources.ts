/** What was named on the command line as recordings: files, folders, stdin. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../base/error.ts";
import {
  captureBytes,
  captureFile,
  captureFolder,
  type CaptureSource,
  joinedSource,
} from "./capture_source.ts";
import type { ForeignSource } from "./sources/foreign_source.ts";
import { isPiece, usesValues } from "./sources/read_foreign.ts";

/** Endings of files that are a recording each, a folder full of which is several. */
const RECORDING = /\.(?:har|chlsj|flows|mitm)(?:\.gz)?$/i;
const ZIP = /\.zip$/i;

/**
 * A recording each, in the order given; `-` is what came from stdin. A folder stands for the recordings in it, or
 * is one itself: an unpacked trace or bundle, command lines, exchanges. Files that hold a single request or
 * command lines are one recording together.
 *
 * @throws {AppError} `NOT_FOUND` for what is not there; `BAD_INPUT` naming a file that is damaged.
 */
export function findSources(paths: readonly string[], stdin: Uint8Array): CaptureSource[] {
  const sources = paths.flatMap((path) => sourcesAt(path, stdin));
  return sources.length < 2 ? sources : withPiecesJoined(sources);
}

function sourcesAt(path: string, stdin: Uint8Array): CaptureSource[] {
  if (path === "-") return [captureBytes(stdin, "stdin")];
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [captureFile(path)];
  const names = readdirSync(path).sort();
  const recordings = [RECORDING, ZIP].map((ending) => names.filter((name) => ending.test(name)))
    .find(({ length }) => length > 0);
  if (recordings !== undefined) return recordings.map((name) => captureFile(join(path, name)));
  const whole = captureFolder(path);
  if (whole !== null) return [whole];
  throw new AppError("NOT_FOUND", `The folder "${path}" holds no recording`, {
    hint: "Give the path of a HAR file or of a folder that holds some",
    details: { file: path },
  });
}

function withPiecesJoined(sources: readonly CaptureSource[]): CaptureSource[] {
  const pieces = new Map<CaptureSource, ForeignSource>();
  const known = sources.map((source) => [source, source.foreign()] as const);
  const hasValues = known.some(([, foreign]) => foreign?.values !== undefined);
  for (const [source, foreign] of known) {
    if (foreign === null) continue;
    if (isPiece(foreign) || hasValues && usesValues(foreign)) pieces.set(source, foreign);
  }
  if (pieces.size < 2) return [...sources];
  const [first] = pieces.keys();
  return sources.flatMap((source) =>
    source === first ? [joinedSource([...pieces])] : pieces.has(source) ? [] : [source]
  );
}
