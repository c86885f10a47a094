/**
 * Reads the body of an answer piece by piece, into buffers made to its size: read by itself, a stream of the
 * runtime takes 64 KiB for each piece, and most answers have a few hundred bytes.
 */

/** Where the answer does not say how long it is. In bytes. */
const FIRST_BUFFER_BYTES = 4 * 1024;
const MAX_BUFFER_BYTES = 256 * 1024;
/** For the read that finds the end. */
const END_BUFFER_BYTES = 16;

/**
 * The pieces of the body, in order. Leaving the loop cancels the stream.
 *
 * @param expected The length that the answer declares, `null` where it declares none. Another length is not an error.
 */
export async function* bodyPieces(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  expected: number | null,
): AsyncGenerator<Uint8Array> {
  const reader = byteReader(body);
  if (reader === null) return yield* body;
  let isDone = false;
  let length = 0;
  try {
    for (let wanted = 0;;) {
      const size = bufferSize(expected, length, wanted);
      // A read takes its buffer away; what came before must outlast one that fails.
      const { done, value } = await reader.read(new Uint8Array(size));
      isDone = done;
      if (done) return;
      length += value.length;
      wanted = value.length < size ? size : size * 2;
      yield ownBytes(value);
    }
  } finally {
    // A stream that is over needs its lock no more, and giving it back makes an error with its stack each time.
    if (!isDone) await reader.cancel().catch(() => {});
  }
}

/** `null` for a stream that is none of bytes, as a test may make one. */
function byteReader(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
): ReadableStreamBYOBReader | null {
  try {
    return body.getReader({ mode: "byob" });
  } catch (error) {
    if (error instanceof TypeError && !body.locked) return null;
    throw error;
  }
}

/** A piece that fills little of its buffer would hold the whole of it: many small ones many times what they have. */
function ownBytes(piece: Uint8Array<ArrayBuffer>): Uint8Array {
  return piece.length * 2 < piece.buffer.byteLength ? piece.slice() : piece;
}

function bufferSize(expected: number | null, length: number, wanted: number): number {
  if (expected !== null && expected >= length) {
    return Math.min(Math.max(expected - length, END_BUFFER_BYTES), MAX_BUFFER_BYTES);
  }
  return Math.min(Math.max(wanted, FIRST_BUFFER_BYTES), MAX_BUFFER_BYTES);
}
