import assert from "node:assert/strict";
import fc from "fast-check";
import { InvalidAuthResult, readAuthResult } from "../../lib/sandbox/auth_result.ts";
import { fuzzRuns } from "../support/fuzz_runs.ts";

Deno.test("readAuthResult() reads every field of a result, null for absent", () => {
  const result = {
    headers: { Authorization: "Bearer abc", Cookie: "a=1; b=2", "X-Empty": "" },
    body_params: { "params.sessionid": "s", n: 1, deep: { a: [true, null] } },
    query_params: { key: "k" },
    computed: [{ kind: "http_digest", username: "u", password: "p" }],
    refresh_token: "r",
    expires_in: 3600,
  };
  assert.deepEqual(readAuthResult(JSON.stringify(result)), result);
  assert.deepEqual(
    readAuthResult('{"headers":{},"refresh_token":null,"expires_in":null,"body_params":null}'),
    { headers: {} },
  );
});

Deno.test("readAuthResult() refuses what is not a result, naming the field and no value", () => {
  const table: [json: string, problem: RegExp][] = [
    ["null", /not an object/],
    ["[]", /not an object/],
    ["not json", /not an object/],
    ["{}", /`headers`/],
    ['{"headers":[]}', /`headers`/],
    ['{"headers":{"a":1}}', /"a"/],
    ['{"headers":{"a b":"x"}}', /"a b"/],
    ['{"headers":{"":"x"}}', /header name/],
    ['{"headers":{"a":"SECRET\\r\\nX-Evil: 1"}}', /"a"/],
    ['{"headers":{"a":"SECRET\\u0000"}}', /"a"/],
    ['{"headers":{"a":" SECRET"}}', /"a"/],
    ['{"headers":{"a":"SECRET€"}}', /"a"/],
    ['{"headers":{"Host":"evil"}}', /"Host"/],
    ['{"headers":{"Content-Length":"0"}}', /"Content-Length"/],
    ['{"headers":{"Transfer-Encoding":"chunked"}}', /"Transfer-Encoding"/],
    ['{"headers":{},"cookies":{}}', /unknown field "cookies"/],
    ['{"headers":{},"expires_in":"SECRET"}', /expires_in/],
    ['{"headers":{},"expires_in":-1}', /expires_in/],
    ['{"headers":{},"expires_in":1e999}', /expires_in/],
    ['{"headers":{},"refresh_token":""}', /refresh_token/],
    ['{"headers":{},"refresh_token":{"a":"SECRET"}}', /refresh_token/],
    ['{"headers":{},"query_params":{"a":1}}', /query_params/],
    ['{"headers":{},"body_params":"SECRET"}', /body_params/],
    ['{"headers":{},"computed":[{"kind":"exec"}]}', /computed/],
    ['{"headers":{},"__proto__":{"refresh_token":"SECRET"}}', /"__proto__"/],
    ['{"headers":{"__proto__":"SECRET"}}', /"headers\.__proto__"/],
    ['{"headers":{},"body_params":{"a":[{"constructor":1}]}}', /"body_params\.a\.0\.constructor"/],
  ];
  for (const [json, problem] of table) {
    assert.throws(() => readAuthResult(json), (thrown) => {
      assert.ok(thrown instanceof InvalidAuthResult, json);
      assert.match(thrown.message, problem);
      assert.doesNotMatch(thrown.message, /SECRET/);
      return true;
    }, json);
  }
});

Deno.test("readAuthResult() answers or refuses, whatever the JSON", () => {
  const fields = fc.record(
    {
      headers: fc.oneof(fc.dictionary(fc.string(), fc.string()), fc.jsonValue()),
      body_params: fc.jsonValue(),
      query_params: fc.jsonValue(),
      computed: fc.jsonValue(),
      refresh_token: fc.jsonValue(),
      expires_in: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(
      fc.oneof(fields.map((value) => JSON.stringify(value)), fc.json(), fc.string()),
      (json) => {
        try {
          new Headers(readAuthResult(json).headers);
        } catch (thrown) {
          assert.ok(thrown instanceof InvalidAuthResult, String(thrown));
        }
      },
    ),
    { numRuns: fuzzRuns(10_000) },
  );
});

Deno.test("readAuthResult() refuses what later code would stumble over", () => {
  const headers = { Authorization: "Bearer abc" };
  const deep = `{"headers":{},"body_params":{"a":${"[".repeat(30_000)}${"]".repeat(30_000)}}}`;
  const table: [json: string, problem: RegExp][] = [
    [deep, /nested too deeply/],
    [JSON.stringify({ headers, body_params: { "a.__proto__.b": 1 } }), /forbidden key/],
    [JSON.stringify({ headers, query_params: { key: "\ud800" } }), /`query_params.key` is not/],
    [JSON.stringify({ headers, refresh_token: "\udfff" }), /`refresh_token` is not/],
    [JSON.stringify({ headers, body_params: { "\ud800": 1 } }), /is not well-formed/],
  ];
  for (const [json, problem] of table) {
    assert.throws(() => readAuthResult(json), problem);
    assert.throws(() => readAuthResult(json), InvalidAuthResult);
  }
});
