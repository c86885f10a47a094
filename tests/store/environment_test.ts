/** Texts of an app as they read in one of its environments. */
import assert from "node:assert/strict";
import { hostInEnvironment, inEnvironment } from "../../lib/store/environment.ts";

const ORIGINS = new Map([
  ["https://shop.example", "https://staging.shop.example:8443"],
  ["https://id.shop.example", "http://127.0.0.1:9000"],
  ["https://same.example", "https://same.example"],
]);

const CASES: readonly [text: string, there: string][] = [
  ['fetch("https://shop.example/login")', 'fetch("https://staging.shop.example:8443/login")'],
  ["https://shop.example", "https://staging.shop.example:8443"],
  ["https://id.shop.example?a=1", "http://127.0.0.1:9000?a=1"],
  ["r=https%3A%2F%2Fshop.example%2Fcb", "r=https%3A%2F%2Fstaging.shop.example%3A8443%2Fcb"],
  ["POST https://same.example/a", "POST https://same.example/a"],
  // Other sites whose names begin alike.
  ["https://shop.example.evil/", "https://shop.example.evil/"],
  ["https://shop.example:444/", "https://shop.example:444/"],
  ["https://shop.example-cdn.net/", "https://shop.example-cdn.net/"],
  ["https://www.shop.example/", "https://www.shop.example/"],
];

for (const [text, there] of CASES) {
  Deno.test(`inEnvironment() of ${text}`, () => assert.equal(inEnvironment(text, ORIGINS), there));
}

Deno.test("hostInEnvironment() knows default ports, and leaves other hosts", () => {
  assert.equal(hostInEnvironment("shop.example:443", ORIGINS), "staging.shop.example:8443");
  assert.equal(hostInEnvironment("id.shop.example:443", ORIGINS), "127.0.0.1:9000");
  assert.equal(hostInEnvironment("shop.example:80", ORIGINS), "shop.example:80");
});
