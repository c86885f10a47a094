/** Lines of UTF-8 text from a pipe that is not trusted to contain any. */
import { concatBytes } from "../base/bytes.ts";

export class LineTooLong extends Error {
  override readonly name = "LineTooLong";
}

/**
 * Yields the lines of `stream` without their line feed; a last line without one is not yielded.
 *
 * @throws {LineTooLong} before more than `maxBytes` of a line are held in memory.
 */
export async function* readLines(
  stream: ReadableStream<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  for await (const chunk of stream) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      held.push(chunk.subarray(start, end));
      yield decoder.decode(concatBytes(held));
      held = [];
      heldBytes = 0;
      start = end + 1;
    }
    held.push(chunk.subarray(start));
    heldBytes += chunk.length - start;
    if (heldBytes > maxBytes) throw new LineTooLong(`A line is longer than ${maxBytes} bytes`);
  }
}

/** `first`, and then what `stream` holds. */
export function precededBy(
  first: Uint8Array<ArrayBuffer>,
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return ReadableStream.from((async function* () {
    if (first.length > 0) yield first;
    yield* stream;
  })());
}
