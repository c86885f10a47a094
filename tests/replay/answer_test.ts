import assert from "node:assert/strict";
import type { Locator } from "../../lib/codec/locators.ts";
import { type Opener, putOpened } from "../../lib/codec/openers.ts";
import { runExtraction } from "../../lib/correlate/evaluate.ts";
import type { Extraction } from "../../lib/correlate/flow.ts";
import { base64Encode, base64UrlEncode } from "../../lib/http/base64.ts";
import { parseSetCookie } from "../../lib/http/cookies.ts";
import { headerValue, headerValues } from "../../lib/http/headers.ts";
import { answerFrom } from "../../lib/replay/answer.ts";
import { RandomSource } from "../../lib/replay/random_source.ts";
import { FreshValues } from "../../lib/replay/fresh_values.ts";
import { countingRandom } from "./counting_random.ts";
import { extraction, RECORDED_AT_MS, trace } from "./flows/recording.ts";

const URL_OF_PAGE = "https://app.example/login";
const NOW_MS = RECORDED_AT_MS + 90 * 24 * 3600 * 1000;

function freshValues(extractions: readonly Extraction[]): FreshValues {
  const shift = { recordedAtMs: RECORDED_AT_MS, nowMs: NOW_MS };
  const values = new FreshValues(new RandomSource(countingRandom()), [], shift);
  for (const { id, recorded } of extractions) values.add(recorded, { name: id, kind: "extracted" });
  return values;
}

Deno.test("answerFrom() makes even the shortest value fresh wherever a locator finds it", () => {
  const json = '{"b":{"x":"7"},"a":{"x":"7","n":7,"flag":true}}';
  const page = `<meta name="csrf" content="7"><form action="/go?f=7"><input name="other" value="7">
    <input type="hidden" name="t" value="7"></form><div id="seven" data-v="7">7</div>
    <script>var other = 7; var nonce = '7';</script>`;
  const cases: [Locator, Opener[], string, { body?: string; headers?: [string, string][] }][] = [
    [{ kind: "json", path: ["a", "x"] }, [], "7", { body: json }],
    [{ kind: "json", path: ["a", "n"] }, [], "7", { body: `)]}',\n${json}` }],
    [{ kind: "json", path: ["a", "flag"] }, [], "true", { body: json }],
    [{ kind: "form-field", form: 0, name: "t" }, [], "7", { body: page }],
    [{ kind: "meta", name: "csrf" }, [], "7", { body: page }],
    [{ kind: "attribute", selector: "#seven", attribute: "data-v" }, [], "7", { body: page }],
    [{ kind: "between", before: "nonce = '", after: "'" }, [], "7", { body: page }],
    [{ kind: "body" }, [], "7", { body: " 7\n" }],
    [{ kind: "form-action", form: 0 }, [{ kind: "param", name: "f" }], "7", { body: page }],
    [{ kind: "header", name: "x-key" }, [], "7", { headers: [["X-Key", "7"]] }],
    [{ kind: "cookie", name: "k" }, [], "7", { headers: [["Set-Cookie", "k=7; Path=/"]] }],
    [{ kind: "location-param", part: "query", name: "c" }, [], "7", {
      headers: [["Location", "/cb?b=7&c=7#c=7"]],
    }],
    [{ kind: "location" }, [{ kind: "param", name: "c" }], "7", {
      headers: [["Location", "/cb?b=7&c=7"]],
    }],
    [
      { kind: "cookie", name: "k" },
      [{ kind: "url-decode" }, { kind: "base64-decode" }, { kind: "json", path: ["u", 0] }],
      "7",
      { headers: [["Set-Cookie", `k=${encodeURIComponent(base64Encode('{"u":[7,"a>b?c"]}'))}`]] },
    ],
    [
      { kind: "header", name: "authorization" },
      [
        { kind: "strip", prefix: "Bearer ", suffix: "" },
        { kind: "jwt-payload" },
        { kind: "json", path: ["uid"] },
      ],
      "7",
      {
        headers: [[
          "Authorization",
          `Bearer ${base64UrlEncode('{"alg":"none"}')}.${base64UrlEncode('{"uid":"7"}')}.`,
        ]],
      },
    ],
  ];
  for (const [locator, openers, recorded, response] of cases) {
    const wanted = [extraction("x", "s1", locator, recorded, openers)];
    const answer = answerFrom(
      trace("t_0001", { url: URL_OF_PAGE }, response),
      URL_OF_PAGE,
      wanted,
      freshValues(wanted),
      NOW_MS,
    );
    assert.deepEqual(answer.unminted, [], JSON.stringify(locator));
    assert.notEqual(
      runExtraction(wanted[0]!, answer.response, URL_OF_PAGE),
      recorded,
      JSON.stringify(locator),
    );
  }
});

Deno.test("answerFrom() says which value it could not make fresh", () => {
  const recorded = trace("t_0001", { url: URL_OF_PAGE }, { headers: [["X", "other"]] });
  const missing = [extraction("gone", "s1", { kind: "header", name: "y" }, "abcdefg")];
  assert.deepEqual(
    answerFrom(recorded, URL_OF_PAGE, missing, freshValues(missing), NOW_MS).unminted,
    ["gone"],
  );
});

Deno.test("answerFrom() moves cookie dates, keeps deletions and drops what described the transfer", () => {
  const recorded = trace("t_0001", { url: URL_OF_PAGE }, {
    headers: [
      ["Content-Type", "text/html; charset=iso-8859-1"],
      ["Content-Encoding", "br"],
      ["Content-Length", "12"],
      ["Set-Cookie", `a=1; Expires=${new Date(RECORDED_AT_MS + 3_600_000).toUTCString()}; Secure`],
      ["Set-Cookie", "b=; expires=Thu, 01 Jan 1970 00:00:00 GMT"],
      ["Set-Cookie", "c=2; Max-Age=60; Domain=app.example"],
    ],
    body: "é",
  });
  const { response } = answerFrom(recorded, URL_OF_PAGE, [], freshValues([]), NOW_MS);
  assert.equal(headerValue(response.headers, "content-type"), "text/html; charset=utf-8");
  assert.equal(headerValue(response.headers, "content-encoding"), undefined);
  assert.equal(headerValue(response.headers, "content-length"), undefined);
  const [a, b, c] = headerValues(response.headers, "set-cookie").map(parseSetCookie);
  assert.equal(a!.expiresMs, NOW_MS + 3_599_000);
  assert.equal(a!.secure, true);
  assert.ok(b!.expiresMs! < NOW_MS);
  assert.equal(c!.maxAgeSec, 60);
  assert.equal(c!.domain, "app.example");
});

Deno.test("putOpened() is undone by the openers, and refuses text they do not fit", () => {
  assert.equal(putOpened([{ kind: "jwt-payload" }], "no-jwt", "x"), undefined);
  assert.equal(putOpened([{ kind: "json-unescape" }], "a\\/b", 'c"d'), 'c\\"d');
  assert.equal(putOpened([{ kind: "html-unescape" }], "a&amp;b", "c&d<"), "c&amp;d&lt;");
  assert.equal(
    putOpened([{ kind: "param", name: "b" }], "/p?a=1&b=2&b=3", "x&y"),
    "/p?a=1&b=x%26y&b=3",
  );
  assert.equal(putOpened([{ kind: "param", name: "a" }], "a=1&b=2", "9"), "a=9&b=2");
});
