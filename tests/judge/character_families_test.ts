import assert from "node:assert/strict";
import { mayBeOfOneKind } from "../../lib/judge/character_families.ts";

const HEX = "9e107d9d372bb6826bd81d3542a419d6";

const CASES: readonly (readonly [recorded: string, sent: string, isOne: boolean])[] = [
  [HEX, "d41d8cd98f00b204e9800998ecf8427e", true],
  [HEX, "D41D8CD98F00B204E9800998ECF8427E", false],
  [HEX, "1B2M2Y8AsgTpgAmy7PhCfg==", false],
  [HEX, "Tarn-88 quay", false],
  [HEX.toUpperCase(), HEX, false],
  // Eight digits may be hexadecimal by chance, forty may not.
  ["48151623", "4f1e0a77", true],
  ["4815162342481516234248151623424815162342", "4f1e0a77c00d4f1e0a77c00d4f1e0a77c00d4f1e", false],
  // Base64 that happens to hold no digit, sign or padding.
  ["qZkTtRwVbNmXcYpL", "a+/9bQ==", true],
  ["q/kTtRwV9+mXcYpLa5Jw0fZk8sD1hGtUe3BoNxViMYQ=", "a-_9bQaabQaabQaaba==", false],
  ["MZXW6YTBOI======", "GEZDGNBVGY3TQOJQ", true],
  ["eyJhIjoxfQ.eyJiIjoyfQ.c2ln", "a-_c.b9.z", true],
  ["eyJhIjoxfQ.eyJiIjoyfQ.q_kTtRwV9mXcYpLa5Jw0fZk8sD1h", "a:_c.b9.z", false],
  ["HMAC-SHA256 q/kTtRwV9+mXcYpL", "HMAC-SHA256 a+9/", true],
  ['{"h":"9e10/7Q="}', '{"h":"ab+="}', true],
  ["ab%2Bcd%3D", "zz%2Fyy", true],
  ["abcd9f10Qz", "ab%2Bcd", true],
  ['<~87cURD]i,"Ebo80(6~>', "<~9jqo^BlbD-BleB1~>", true],
  ["Grüße 12", "né%", true],
];

Deno.test("mayBeOfOneKind() judges characters by the narrowest encoding that may have made the recorded ones", () => {
  for (const [recorded, sent, isOne] of CASES) {
    assert.equal(mayBeOfOneKind(recorded, sent), isOne, `${recorded} and ${sent}`);
  }
});
