import assert from "node:assert/strict";
import fc from "fast-check";
import { parseChallenges } from "../../lib/http/challenge.ts";

const cases: [name: string, header: string, expected: unknown][] = [
  ["a scheme alone", "Negotiate", [{ scheme: "negotiate", token68: null, params: {} }]],
  ["a token68", "NTLM TlRMTVNTUAAC+/==", [{
    scheme: "ntlm",
    token68: "TlRMTVNTUAAC+/==",
    params: {},
  }]],
  ["quoted and bare parameters", `Digest realm="a, \\"b\\"", STALE=true , nonce = "n="`, [{
    scheme: "digest",
    token68: null,
    params: { realm: 'a, "b"', stale: "true", nonce: "n=" },
  }]],
  // RFC 9110 section 11.6.1
  [
    "the example of the RFC",
    `Basic realm="simple", Newauth realm="apps", type=1, title="Login to \\"apps\\""`,
    [
      { scheme: "basic", token68: null, params: { realm: "simple" } },
      {
        scheme: "newauth",
        token68: null,
        params: { realm: "apps", type: "1", title: 'Login to "apps"' },
      },
    ],
  ],
  ["a scheme between token68 and parameters", "Negotiate abc=, Bearer, Basic realm=x", [
    { scheme: "negotiate", token68: "abc=", params: {} },
    { scheme: "bearer", token68: null, params: {} },
    { scheme: "basic", token68: null, params: { realm: "x" } },
  ]],
  ["the first of a repeated parameter", "Digest nonce=a, nonce=b", [
    { scheme: "digest", token68: null, params: { nonce: "a" } },
  ]],
  ["an empty value", `Bearer realm="", error=`, [
    { scheme: "bearer", token68: null, params: { realm: "", error: "" } },
  ]],
  ["stray characters", `, "quoted", Basic realm="x" junk, ,`, [
    { scheme: "basic", token68: null, params: { realm: "x" } },
  ]],
  ["nothing", "", []],
];

for (const [name, header, expected] of cases) {
  Deno.test(`parseChallenges() reads ${name}`, () => {
    assert.deepEqual(parseChallenges(header), expected);
  });
}

Deno.test("parseChallenges() ends on any text and never throws", () => {
  const text = fc.string({ unit: fc.constantFrom(...'aB1=," \\\t/+é\0'.split("")), maxLength: 40 });
  fc.assert(fc.property(text, (header) => Array.isArray(parseChallenges(header))), {
    numRuns: 2000,
  });
});
