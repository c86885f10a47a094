/**
 * The first line of the sandbox process's stdin, read without any other thread. A stream would be read by a
 * thread of the runtime's pool, and a thread that exists before the process closes itself is not bound by Landlock.
 */
import { concatBytes } from "../base/bytes.ts";

const CHUNK_BYTES = 65_536;

export interface FirstLine {
  readonly line: string;
  /** What was read behind its line feed. */
  readonly rest: Uint8Array<ArrayBuffer>;
}

/** `null` where the input ends before the line does, or the line is longer than `maxBytes`. */
export function readFirstLine(
  input: { readSync(into: Uint8Array): number | null },
  maxBytes: number,
): FirstLine | null {
  let held = new Uint8Array();
  while (held.length <= maxBytes) {
    const chunk = new Uint8Array(CHUNK_BYTES);
    const length = input.readSync(chunk);
    if (length === null) return null;
    const end = chunk.subarray(0, length).indexOf(10);
    const before = concatBytes([held, chunk.subarray(0, end < 0 ? length : end)]);
    if (end >= 0) {
      return { line: new TextDecoder().decode(before), rest: chunk.slice(end + 1, length) };
    }
    held = before;
  }
  return null;
}
