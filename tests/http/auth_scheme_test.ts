import assert from "node:assert/strict";
import {
  authParams,
  bareCredential,
  basicPair,
  hasScheme,
  isEmptyCredential,
  isMissing,
  isNoCredential,
  splitKnownScheme,
  splitScheme,
} from "../../lib/http/auth_scheme.ts";

const SPLITS: [value: string, scheme: string, prefix: string, credentials: string][] = [
  ["Bearer abc.def", "bearer", "Bearer ", "abc.def"],
  ["Bearer  a b", "bearer", "Bearer  ", "a b"],
  ["bearer\tabc", "bearer", "bearer\t", "abc"],
  ['Token token="abc"', "token", "Token ", 'token="abc"'],
  ["SharedKey account:c2ln=", "sharedkey", "SharedKey ", "account:c2ln="],
  [
    "AWS4-HMAC-SHA256 Credential=a/b, Signature=c",
    "aws4-hmac-sha256",
    "AWS4-HMAC-SHA256 ",
    "Credential=a/b, Signature=c",
  ],
  ["X-Custom.1 secret", "x-custom.1", "X-Custom.1 ", "secret"],
  [" abc ", "", "", "abc"],
  ["abc.def", "", "", "abc.def"],
  ["Bearer ", "", "", "Bearer"],
  ["1234 5678", "", "", "1234 5678"],
  ["c2Vj/cmV0 rest", "", "", "c2Vj/cmV0 rest"],
];

for (const [value, scheme, prefix, credentials] of SPLITS) {
  Deno.test(`splitScheme() takes ${JSON.stringify(value)} apart`, () => {
    assert.deepEqual(splitScheme(value), { scheme, prefix, credentials });
  });
}

Deno.test("hasScheme() compares schemes without case (RFC 9110 section 11.1)", () => {
  assert.ok(hasScheme("BASIC YTpi", "digest", "basic"));
  assert.ok(!hasScheme("Basic", "basic"));
  assert.ok(!hasScheme("Basically wrong", "basic"));
});

Deno.test("splitKnownScheme() leaves text whose first word is not a scheme", () => {
  assert.equal(splitKnownScheme("Hello world"), null);
  assert.equal(splitKnownScheme("DPoP abc")?.credentials, "abc");
});

Deno.test("bareCredential() opens the one parameter a secret stands in", () => {
  assert.equal(bareCredential('Token token="a\\"b"'), 'a"b');
  assert.equal(bareCredential("Bearer abc"), "abc");
  assert.equal(bareCredential("abc"), "abc");
  const several = 'Token token="abc", email="ann@example.org"';
  assert.equal(bareCredential(several), several.slice("Token ".length));
});

Deno.test("isEmptyCredential() is true where nothing authenticates", () => {
  for (
    const value of [
      "",
      "Bearer",
      "Bearer ",
      "Bearer null",
      "bearer undefined",
      "Bearer false",
      'Token token=""',
      'Token token="null"',
      "[object Object]",
      "ApiKey",
      "NaN",
    ]
  ) assert.ok(isEmptyCredential(value), value);
  for (const value of ["Bearer abc", "nullify", "undefined1", "Basic YTpi", "0", "false"]) {
    assert.ok(!isEmptyCredential(value), value);
  }
});

Deno.test("isNoCredential() knows flags besides what isMissing() knows", () => {
  for (const text of ["0", "False"]) {
    assert.ok(isNoCredential(text) && !isMissing(text), text);
  }
  assert.ok(isNoCredential(" None "));
  assert.ok(!isNoCredential("00"));
});

Deno.test("basicPair() splits at the first colon (RFC 7617 section 2)", () => {
  assert.deepEqual(basicPair(`basic ${btoa("ann:a:b")}`), { user: "ann", password: "a:b" });
  assert.equal(basicPair(`Basic ${btoa("ann")}`), null);
  assert.equal(basicPair("Basic ***"), null);
  assert.equal(basicPair(`Bearer ${btoa("ann:b")}`), null);
});

Deno.test("authParams() reads the parameters, quoted commas and all", () => {
  assert.deepEqual(authParams('Digest username="o\\"b, c", realm=r'), {
    username: 'o"b, c',
    realm: "r",
  });
  assert.deepEqual(authParams("Bearer abc"), {});
});
