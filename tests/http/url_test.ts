import assert from "node:assert/strict";
import fc from "fast-check";
import { queryPairs } from "../../lib/http/url.ts";

Deno.test("queryPairs() reads any query as the URL standard does", () => {
  const part = fc.string({ unit: fc.constantFrom(..."a=&?+%20;é/\"'<[") });
  fc.assert(fc.property(part, (query) => {
    const url = new URL(`https://a.example/?${query}`);
    assert.deepEqual(queryPairs(url), [...url.searchParams]);
  }));
});
