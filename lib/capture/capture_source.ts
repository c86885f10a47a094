/** Where a recording comes from, a file or bytes, and its exchanges one after another. */
import { closeSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { basename } from "node:path";
import { concatBytes } from "../base/bytes.ts";
import { AppError, messageOf } from "../base/error.ts";
import {
  type ByteSource,
  CHUNK_BYTES,
  fileChunks,
  fileSource,
  memorySource,
} from "./byte_source.ts";
import { type CaptureScan, type CaptureSummary, scanCapture } from "./capture_format.ts";
import { HAR_FORMAT } from "./har.ts";
import { naming } from "./input_error.ts";
import { MITM_FORMAT } from "./mitm_flows.ts";
import { isOfBundle, joined, readBundle } from "./sources/bundle.ts";
import { filesInFolder } from "./sources/folder_files.ts";
import type { ForeignSource } from "./sources/foreign_source.ts";
import { readForeign, scanForeign, startsLikeHar } from "./sources/read_foreign.ts";
import type { Inside } from "./sources/zip.ts";
import { asUtf8, isGzip, requireKnown, requireUtf8, unpackedGzip } from "./text_encoding.ts";

/** What is not a HAR by its beginning is read whole up to this size, in bytes. */
const MAX_WHOLE_BYTES = 256 * 1024 * 1024;
const HEAD_BYTES = 2_000;
/** A larger file is a recording of its own, in bytes. */
const MAX_PIECE_BYTES = 16 * 1024 * 1024;

export interface CaptureSource {
  /** Base name. */
  readonly file: string;
  /** In bytes. */
  readonly size: number;
  /** The bytes in order, for their digest; each piece until the next is asked for. */
  chunks(): Generator<Uint8Array>;
  /** What the file holds if it is a small one of another tool; `null` for HAR and flows. */
  foreign(): ForeignSource | null;
  /**
   * The exchanges in the order of the file.
   *
   * @throws {AppError} `BAD_INPUT` naming the file when it is not a recording.
   */
  scan(): CaptureScan;
}

/** @throws {AppError} `NOT_FOUND` when there is no such file. */
export function captureFile(path: string): CaptureSource {
  const file = basename(path);
  const { size, isPipe } = aboutFile(path);
  if (isPipe) return captureBytes(readPipe(path), file);
  return {
    file,
    size,
    chunks: () => reading(path, fileChunks),
    foreign: () => size > MAX_PIECE_BYTES ? null : smallForeign(file, readFileSync(path)),
    scan: () =>
      reading(path, (descriptor) => namingEach(file, scanSource(fileSource(descriptor, size)))),
  };
}

/** As `captureFile`, for what comes from stdin; `file` is the name it goes by. */
export function captureBytes(bytes: Uint8Array, file: string): CaptureSource {
  const source = memorySource(bytes);
  return {
    file,
    size: bytes.length,
    chunks: () => chunksOf(source),
    foreign: () => bytes.length > MAX_PIECE_BYTES ? null : smallForeign(file, bytes),
    scan: () => namingEach(file, scanSource(source)),
  };
}

/** All the files of a folder as one recording; `null` where none of them looks like part of one. */
export function captureFolder(path: string): CaptureSource | null {
  const files = filesInFolder(path);
  if (!files.some(isOfBundle)) return null;
  const file = basename(path);
  const read = () => naming(file, () => readBundle(files, "folder"));
  return {
    file,
    size: files.length,
    chunks: () => chunksOfFiles(files),
    foreign: () => null,
    scan: () => scanForeign(read(), files.length),
  };
}

/** Sources one after another as one recording, which goes by the name of the first. */
export function joinedSource(
  parts: readonly (readonly [CaptureSource, ForeignSource])[],
): CaptureSource {
  const [first] = parts[0]!;
  const size = parts.reduce((sum, [source]) => sum + source.size, 0);
  return {
    file: `${first.file} and ${parts.length - 1} more`,
    size,
    *chunks() {
      for (const [source] of parts) yield* source.chunks();
    },
    foreign: () => null,
    scan: () => scanForeign(joined(parts.map(([, foreign]) => foreign)), size),
  };
}

/** @throws {AppError} `BAD_INPUT` for a recording in which nothing was recorded. */
export function nothingRecorded(file: string, summary: CaptureSummary): AppError {
  const reasons = [...new Set(summary.skipped.map(({ reason }) => reason))].join(", ");
  const skipped = summary.skipped.length;
  const rest = skipped === 0 ? "" : `; entries skipped: ${skipped} (${reasons})`;
  return new AppError(
    "BAD_INPUT",
    `Cannot read capture "${file}": it holds no HTTP exchange${rest}`,
    {
      hint:
        "Open the network panel, reload the page, log in, use the application, then export again",
      details: { file, place: "log.entries" },
    },
  );
}

function* scanSource(source: ByteSource): CaptureScan {
  const head = source.read(0, HEAD_BYTES);
  if (isGzip(head)) return yield* scanUnpacked(source);
  requireKnown(source.size, head);
  if (isFlows(head)) return yield* scanCapture(MITM_FORMAT, source);
  if (startsLikeHar(head)) return yield* scanCapture(HAR_FORMAT, source);
  if (source.size > MAX_WHOLE_BYTES) {
    requireUtf8(head);
    return yield* scanCapture(HAR_FORMAT, source);
  }
  const bytes = source.read(0, source.size);
  const foreign = readForeign(bytes);
  return yield* foreign === null
    ? scanCapture(HAR_FORMAT, memorySource(asUtf8(bytes)))
    : scanForeign(foreign, bytes.length);
}

/** What gzip packed, as it is unpacked; how far into it an exchange ends is told by its part of the whole. */
function* scanUnpacked(source: ByteSource): CaptureScan {
  const inner = memorySource(unpackedGzip(source.read(0, source.size)));
  const scan = scanSource(inner);
  let next = scan.next();
  for (; !next.done; next = scan.next()) {
    const { endOffset } = next.value;
    yield { ...next.value, endOffset: endOffset * source.size / inner.size };
  }
  return next.value;
}

function smallForeign(file: string, packed: Uint8Array): ForeignSource | null {
  const bytes = isGzip(packed) ? naming(file, () => unpackedGzip(packed)) : packed;
  const head = bytes.subarray(0, HEAD_BYTES);
  return isFlows(head) || startsLikeHar(head) ? null : naming(file, () => readForeign(bytes));
}

/** A flow file starts with the length of its first flow; everything else is read, or refused, as HAR. */
function isFlows(head: Uint8Array): boolean {
  const first = head[0] ?? 0;
  return first >= 0x30 && first <= 0x39;
}

function* reading<T, R>(
  path: string,
  read: (descriptor: number) => Generator<T, R>,
): Generator<T, R> {
  const descriptor = openSync(path, "r");
  try {
    return yield* read(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function* chunksOf(source: ByteSource): Generator<Uint8Array> {
  for (let at = 0; at < source.size; at += CHUNK_BYTES) yield source.read(at, CHUNK_BYTES);
}

function* chunksOfFiles(files: readonly Inside[]): Generator<Uint8Array> {
  for (const { name, read } of files) {
    yield new TextEncoder().encode(`${name}\n`);
    yield read();
  }
}

/** What `items` throws as `InputProblem` becomes `BAD_INPUT` naming the file. */
function* namingEach<T, R>(file: string, items: Generator<T, R>): Generator<T, R> {
  let next = naming(file, () => items.next());
  for (; !next.done; next = naming(file, () => items.next())) yield next.value;
  return next.value;
}

/** What comes out of a pipe, such as a shell's `<(…)`: it comes once, and without a size. */
function readPipe(path: string): Uint8Array<ArrayBuffer> {
  const descriptor = opened(path);
  try {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for (;;) {
      const chunk = new Uint8Array(CHUNK_BYTES);
      const read = readSync(descriptor, chunk);
      if (read === 0) return concatBytes(chunks);
      length += read;
      if (length > MAX_WHOLE_BYTES) throw tooLongPipe(path);
      chunks.push(chunk.subarray(0, read));
    }
  } finally {
    closeSync(descriptor);
  }
}

function tooLongPipe(path: string): AppError {
  return new AppError("BAD_INPUT", `"${path}" gives more than ${MAX_WHOLE_BYTES} bytes`, {
    hint: "Write it to a file, and import that: a file is read piece by piece",
    details: { file: path },
  });
}

function aboutFile(path: string): { size: number; isPipe: boolean } {
  try {
    const info = statSync(path);
    return { size: info.size, isPipe: info.isFIFO() || info.isCharacterDevice() };
  } catch (error) {
    throw cannotOpen(path, error);
  }
}

function opened(path: string): number {
  try {
    return openSync(path, "r");
  } catch (error) {
    throw cannotOpen(path, error);
  }
}

function cannotOpen(path: string, error: unknown): AppError {
  const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
  const problem = isMissing
    ? `Cannot find "${path}"`
    : `Cannot open "${path}": ${messageOf(error)}`;
  return new AppError("NOT_FOUND", problem, {
    hint: "Give the path of a HAR file or of a folder that holds some",
    details: { file: path },
    cause: error,
  });
}
