/** Random access to the bytes of a recording, in memory or on disk. */
import { readSync } from "node:fs";

/** What is read from a disk at once, in bytes: most entries of a recording are smaller and lie inside. */
export const CHUNK_BYTES = 1024 * 1024;

export interface ByteSource {
  /** In bytes. */
  readonly size: number;
  /** The bytes from `offset`; fewer than `length` at the end only. Not to be written to. */
  read(offset: number, length: number): Uint8Array;
}

/** Offsets of a part of a source, in bytes; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) => bytes.subarray(offset, offset + length),
  };
}

/** An open file descriptor as a source; the caller closes it. The last chunk is read once. */
export function fileSource(descriptor: number, size: number): ByteSource {
  let chunk = new Uint8Array(0);
  let chunkStart = 0;
  return {
    size,
    read(offset, length) {
      const from = offset - chunkStart;
      if (from >= 0 && from + length <= chunk.length) return chunk.subarray(from, from + length);
      const bytes = readAt(descriptor, offset, Math.max(0, Math.min(length, size - offset)));
      if (length >= CHUNK_BYTES) [chunk, chunkStart] = [bytes, offset];
      return bytes;
    },
  };
}

/** An open file in pieces, each until the next is asked for: all are read into the same memory. */
export function* fileChunks(descriptor: number): Generator<Uint8Array> {
  const memory = new Uint8Array(CHUNK_BYTES);
  for (let offset = 0;; offset += CHUNK_BYTES) {
    const length = fill(memory, descriptor, offset);
    if (length > 0) yield memory.subarray(0, length);
    if (length < CHUNK_BYTES) return;
  }
}

function readAt(descriptor: number, offset: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  return bytes.subarray(0, fill(bytes, descriptor, offset));
}

/** How many bytes there were; fewer than fit at the end only. */
function fill(bytes: Uint8Array<ArrayBuffer>, descriptor: number, offset: number): number {
  let filled = 0;
  while (filled < bytes.length) {
    const count = readSync(descriptor, bytes, filled, bytes.length - filled, offset + filled);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}
