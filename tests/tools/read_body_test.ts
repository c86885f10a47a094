import assert from "node:assert/strict";
import fc from "fast-check";
import { concatBytes } from "../../lib/base/bytes.ts";
import { bodyPieces } from "../../lib/tools/read_body.ts";

type Bytes = Uint8Array<ArrayBuffer>;

function streamOf(pieces: readonly Bytes[], type: "bytes" | undefined, fault?: Error) {
  const left = [...pieces];
  const pull = (controller: ReadableByteStreamController | ReadableStreamDefaultController) => {
    const piece = left.shift();
    if (piece !== undefined) return controller.enqueue(piece.slice());
    if (fault !== undefined) return controller.error(fault);
    controller.close();
    if (controller instanceof ReadableByteStreamController) controller.byobRequest?.respond(0);
  };
  const source = type === undefined ? { pull } : { type, pull };
  return new ReadableStream<Bytes>(source as unknown as UnderlyingSource<Bytes>);
}

async function read(body: ReadableStream<Bytes>, expected: number | null) {
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of bodyPieces(body, expected)) pieces.push(piece);
    return { bytes: concatBytes(pieces), fault: null };
  } catch (fault) {
    return { bytes: concatBytes(pieces), fault };
  }
}

Deno.test("bodyPieces() reads every byte, whatever length was declared, and what came before a fault", async () => {
  const piece = fc.uint8Array({ minLength: 1, maxLength: 9_000 }).map((bytes) => bytes.slice());
  const property = fc.asyncProperty(
    fc.array(piece, { maxLength: 6 }),
    fc.option(fc.nat({ max: 20_000 })),
    fc.constantFrom("bytes" as const, undefined),
    fc.boolean(),
    async (pieces, expected, type, breaks) => {
      const fault = breaks ? new Error("gone") : undefined;
      const result = await read(streamOf(pieces, type, fault), expected);
      assert.deepEqual(result, { bytes: concatBytes(pieces), fault: fault ?? null });
    },
  );
  await fc.assert(property);
});

Deno.test("bodyPieces() cancels what is not wanted", async () => {
  for (const type of ["bytes", undefined] as const) {
    let isCancelled = false;
    const source = {
      ...(type === undefined ? {} : { type }),
      pull: (controller: { enqueue(piece: Bytes): void }) => controller.enqueue(new Uint8Array(10)),
      cancel: () => void (isCancelled = true),
    };
    const body = new ReadableStream<Bytes>(source as unknown as UnderlyingSource<Bytes>);
    for await (const piece of bodyPieces(body, null)) {
      assert.equal(piece.length, 10);
      break;
    }
    assert.equal(isCancelled, true, String(type));
  }
});

Deno.test("bodyPieces() holds little more memory than the body has bytes, however it is cut up", async () => {
  const cuts = [[1, 2_000], [700, 600], [9_000, 60], [70_000, 12]] as const;
  for (const [length, count] of cuts) {
    for (const expected of [null, length * count, 10_000_000]) {
      const pieces = Array.from({ length: count }, () => new Uint8Array(length));
      const buffers = new Set<ArrayBufferLike>();
      for await (const piece of bodyPieces(streamOf(pieces, "bytes"), expected)) {
        buffers.add(piece.buffer);
      }
      const held = [...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0);
      assert.ok(held <= 2 * length * count + 4096, `${held} for ${count} × ${length}, ${expected}`);
    }
  }
});
