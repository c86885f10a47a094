import assert from "node:assert/strict";
import fc from "fast-check";
import { alphabetOf, base64Text, isOpaque, timestampUnit } from "../../lib/http/opaque.ts";

Deno.test("isOpaque() is true for values that do not occur twice by chance", () => {
  const telling = [
    "3f2b8c1e-9a44-4f0d-8b1a-2f7d9c0e5a61",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1MSJ9.c2ln",
    "d41d8cd98f00b204e9800998ecf8427e",
    "kQ3vX9pLm2Rt7WzY",
    "AbCdEfGhIjKlMnOpQr",
    "qwxzrtplkmnbvcxdfghjklpqst",
    "738291",
    "Bearer 9f8e7d6c5b4a39281706",
    "https://a.example/reset/9f8e7d6c5b4a3928",
    "https://a.example/cb?code=4/P7q7W91aoMsCeLvI",
  ];
  for (const value of telling) assert.equal(isOpaque(value), true, value);
});

Deno.test("isOpaque() is false for words, numbers and addresses that prove nothing by being equal", () => {
  const plain = [
    "",
    "en-US",
    "true",
    "12345",
    "1.5,2.5",
    "application/json",
    "/wp-admin/index.php",
    "www.example.org",
    "v1.2.3",
    "2.14.0-rc.1",
    "org.example.mobile.Client",
    "signInWithPasswordAndProviderName",
    "oauth2",
    "utf8",
    "authorization_code",
    "password",
    "https://a.example/account/login",
    "https://a.example/login?next=https://a.example/",
    "keep me signed in",
  ];
  for (const value of plain) assert.equal(isOpaque(value), false, value);
});

Deno.test("alphabetOf() is the narrowest usual alphabet that holds the value", () => {
  const cases: [string, number][] = [["0129", 10], ["beef01", 16], ["BEEF01", 16], ["xyz1", 36], [
    "xYz1",
    62,
  ], ["x-Y_1", 64]];
  for (const [value, size] of cases) {
    const alphabet = alphabetOf(value);
    assert.equal(new Set(alphabet).size, size, value);
    assert.ok([...value].every((char) => alphabet.includes(char)), value);
  }
});

Deno.test("timestampUnit() knows a moment near the recording and no other number", () => {
  const nearMs = Date.parse("2026-01-01T12:00:00Z");
  const cases: [string, "s" | "ms" | "iso" | null][] = [
    [String(nearMs / 1000 - 5), "s"],
    [String(nearMs + 900), "ms"],
    ["2026-01-01T12:00:30.120Z", "iso"],
    [String(nearMs / 1000 - 5_000), null],
    ["1234567890", null],
    ["2026-01-01", null],
    ["123", null],
  ];
  for (const [value, unit] of cases) {
    assert.equal(timestampUnit(value, nearMs, 60_000), unit, value);
  }
});

Deno.test("base64Text() opens base64 of text and leaves words and binary alone", () => {
  const cases: [string, string | undefined][] = [
    ["YW5uOnMzY3JldA==", "ann:s3cret"],
    ["YW5uOnMzY3JldA", "ann:s3cret"],
    ["w7xiZXIgYWxsZXM=", "über alles"],
    ["password", undefined],
    ["12345678", undefined],
    ["AAECAwQFBgc=", undefined],
    ["short", undefined],
    ["not base64!", undefined],
  ];
  for (const [value, text] of cases) assert.equal(base64Text(value), text, value);
});

Deno.test("base64Text() opens what a strict decoder reads without control characters, and nothing else", () => {
  // After these the next byte is limited further (RFC 3629 section 4), which is not looked at.
  const limiting = new Set([0xe0, 0xed, 0xf0, 0xf4]);
  const bytes = fc.oneof(
    fc.uint8Array({ minLength: 6, maxLength: 12 })
      .filter((some) => some.every((byte) => !limiting.has(byte))),
    fc.string({ unit: "grapheme", minLength: 6 }).map((text) => new TextEncoder().encode(text)),
  );
  fc.assert(fc.property(bytes, (held) => {
    const value = held.toBase64();
    assert.equal(base64Text(value), isWord(value) ? undefined : strictText(held), value);
  }));
});

/** Taken for a word or a number rather than for base64. */
function isWord(value: string): boolean {
  return value.length < 8 || /^[a-z]+$|^[0-9]+$/.test(value);
}

function strictText(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    // deno-lint-ignore no-control-regex
    return /[\0-\x08\x0e-\x1f\x7f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}
