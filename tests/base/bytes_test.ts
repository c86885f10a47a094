import { deepEqual, equal } from "node:assert/strict";
import { concatBytes } from "../../lib/base/bytes.ts";

Deno.test("concatBytes() joins in order, passes over empty parts and copies", () => {
  const first = Uint8Array.of(1, 2);
  const joined = concatBytes([first, new Uint8Array(), Uint8Array.of(3)]);
  deepEqual([...joined], [1, 2, 3]);
  first[0] = 9;
  equal(joined[0], 1);
  equal(concatBytes([]).length, 0);
});
