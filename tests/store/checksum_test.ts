import assert from "node:assert/strict";
import fc from "fast-check";
import { checksum } from "../../lib/store/checksum.ts";

Deno.test("checksum() is another one for every change of a bit, wherever the bytes stand", () => {
  const property = fc.property(
    fc.uint8Array({ minLength: 1, maxLength: 64 }),
    fc.nat(),
    fc.nat({ max: 7 }),
    (bytes, at, bit) => {
      const sum = checksum(bytes);
      const shifted = new Uint8Array([0, ...bytes]).subarray(1);
      assert.equal(checksum(shifted), sum);
      assert.ok(Number.isInteger(sum) && sum >= 0 && sum < 2 ** 32);
      const spoiled = bytes.slice();
      spoiled[at % bytes.length]! ^= 1 << bit;
      assert.notEqual(checksum(spoiled), sum);
      assert.notEqual(checksum(bytes.subarray(0, -1)), sum);
    },
  );
  fc.assert(property);
});

Deno.test("checksum() tells blocks of zeros and exchanged words apart", () => {
  assert.notEqual(checksum(new Uint8Array(8)), checksum(new Uint8Array(12)));
  const words = Uint8Array.of(1, 0, 0, 0, 2, 0, 0, 0);
  assert.notEqual(checksum(words), checksum(Uint8Array.of(2, 0, 0, 0, 1, 0, 0, 0)));
});
