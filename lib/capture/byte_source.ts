/** Random access to the bytes of a recording, in memory or on disk. */
import { readSync } from "node:fs";

export interface ByteSource {
  /** In bytes. */
  readonly size: number;
  /** The bytes from `offset`; fewer than `length` at the end only. Valid until the next call. */
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

/** An open file descriptor as a source; the caller closes it. */
export function fileSource(descriptor: number, size: number): ByteSource {
  return {
    size,
    read(offset, length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      let filled = 0;
      while (filled < bytes.length) {
        const count = readSync(descriptor, bytes, filled, bytes.length - filled, offset + filled);
        if (count === 0) break;
        filled += count;
      }
      return bytes.subarray(0, filled);
    },
  };
}
