import assert from "node:assert/strict";
import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import { DigestTrials, explainDigest } from "../../lib/correlate/digest_trials.ts";
import type { Ingredient } from "../../lib/correlate/digest_target.ts";
import { evaluateExpr, type ExprEnv } from "../../lib/correlate/evaluate.ts";
import type { TransformCodec } from "../../lib/codec/codec.ts";
import { TRANSFORMS } from "../../lib/codec/transforms.ts";
import { bytesOf, joinValues, type Value } from "../../lib/codec/bytes.ts";

const NONCE = Uint8Array.from({ length: 16 }, (_, index) => 17 + index * 13);
const KEY = Uint8Array.from({ length: 24 }, (_, index) => 255 - index * 9);
const CREATED = "2027-02-03T04:05:06Z";
const PASSWORD = "gr8-Sœcret";
const USER = "mira.holt";

const known: Record<string, string> = {
  user: USER,
  password: PASSWORD,
  nonce: base64(NONCE),
  created: CREATED,
  key: hex(KEY),
  salt: "s4lt-77aa",
  iterations: "1500",
};

function base64(bytes: Uint8Array): string {
  return bytes.toBase64();
}

function hex(bytes: Uint8Array): string {
  return bytes.toHex();
}

const ingredients: Ingredient[] = Object.entries(known).map(([name, value]) => ({
  name,
  value,
  expr: name === "user" || name === "password"
    ? { kind: "input", input: name }
    : { kind: "extracted", extraction: name },
}));

function envOf(values: Readonly<Record<string, string>>): ExprEnv {
  return { values: new Map(Object.entries(values)), refreshToken: null };
}

function sha(algorithm: string, ...parts: Value[]): Uint8Array {
  return createHash(algorithm).update(joinValues(parts)).digest();
}

function mac(algorithm: string, key: Value, ...parts: Value[]): Uint8Array {
  return createHmac(algorithm, bytesOf(key)).update(joinValues(parts)).digest();
}

const stretched = pbkdf2Sync(PASSWORD, "s4lt-77aa", 1500, 32, "sha256");

const CASES: readonly (readonly [about: string, value: string])[] = [
  ["MD5", hex(sha("md5", PASSWORD))],
  ["upper case", hex(sha("sha256", PASSWORD)).toUpperCase()],
  ["joined", hex(sha("sha256", USER, ":", PASSWORD))],
  ["joined in threes", base64(sha("sha512", USER, "|", "s4lt-77aa", "|", PASSWORD))],
  [
    "base64url",
    sha("sha256", PASSWORD, "s4lt-77aa").toBase64({ alphabet: "base64url", omitPadding: true }),
  ],
  ["a digest in a digest", hex(sha("sha1", "s4lt-77aa", hex(sha("sha1", PASSWORD))))],
  [
    "a salted digest in a digest",
    hex(sha("sha256", CREATED, hex(sha("sha256", "s4lt-77aa", PASSWORD)))),
  ],
  ["a digest's bytes in a digest", hex(sha("sha1", sha("sha1", PASSWORD), NONCE))],
  ["WS-Security PasswordDigest", base64(sha("sha1", NONCE, CREATED, PASSWORD))],
  ["the same over a stored digest", base64(sha("sha1", NONCE, CREATED, sha("sha1", PASSWORD)))],
  ["a decoded nonce alone", hex(sha("sha256", NONCE))],
  ["a decoded nonce and a password", hex(sha("sha256", PASSWORD, NONCE))],
  ["HMAC", hex(mac("sha256", PASSWORD, CREATED))],
  ["HMAC with a key in hex", base64(mac("sha256", KEY, CREATED))],
  ["HMAC with a key in base64", hex(mac("sha512", NONCE, USER, ":", CREATED))],
  ["HMAC keyed with a digest", hex(mac("sha256", sha("sha256", PASSWORD), NONCE))],
  ["HMAC keyed with the hex of a digest", hex(mac("sha256", hex(sha("md5", PASSWORD)), CREATED))],
  ["HMAC keyed with an HMAC", hex(mac("sha256", mac("sha256", PASSWORD, CREATED), USER))],
  ["PBKDF2 with told iterations", base64(stretched)],
  ["PBKDF2 once more", base64(pbkdf2Sync(stretched, PASSWORD, 1, 32, "sha256"))],
  ["PBKDF2 with the user as salt", hex(pbkdf2Sync(PASSWORD, USER, 1500, 20, "sha1"))],
  ["PBKDF2 with salt bytes", hex(pbkdf2Sync(PASSWORD, KEY, 1500, 48, "sha512"))],
];

Deno.test("explainDigest() finds how a digest was composed, of texts and of bytes", () => {
  const other = Object.fromEntries(
    Object.entries(known).map((
      [name, value],
    ) => [
      name,
      name === "iterations" ? "800" : name === "nonce" || name === "key" ? value : `${value}z`,
    ]),
  );
  for (const [about, value] of CASES) {
    const expr = explainDigest(value, ingredients);
    assert.ok(expr !== null, about);
    assert.equal(evaluateExpr(expr, envOf(known)), value, about);
    const isOfNonce = about === "a decoded nonce alone";
    if (!isOfNonce) assert.notEqual(evaluateExpr(expr, envOf(other)), value, about);
  }
});

Deno.test("explainDigest() tries usual iterations where a salt is given and no number", () => {
  const salted = ingredients.filter(({ name }) => name !== "iterations");
  const value = pbkdf2Sync(PASSWORD, "s4lt-77aa", 10_000, 32, "sha256").toString("base64");
  const expr = explainDigest(value, salted);
  assert.ok(expr !== null);
  assert.equal(evaluateExpr(expr, envOf(known)), value);
  const unsalted = salted.filter(({ name }) => name !== "salt");
  assert.equal(explainDigest(value, unsalted), null);
});

/** How many values the transforms make while `search` runs. */
function made(search: () => void): number {
  let count = 0;
  const codecs: { apply: TransformCodec["apply"] }[] = Object.values(TRANSFORMS);
  const applied = codecs.map(({ apply }) => apply);
  for (const [index, codec] of codecs.entries()) {
    codec.apply = (args) => {
      count++;
      return applied[index]!(args);
    };
  }
  try {
    search();
  } finally {
    codecs.forEach((codec, index) => codec.apply = applied[index]!);
  }
  return count;
}

Deno.test("explainDigest() gives up on what is random after so many trials", () => {
  const many = Array.from({ length: 40 }, (_, index): Ingredient => ({
    name: index === 0 ? "salt" : index === 1 ? "rounds" : `v${index}`,
    value: index === 1 ? "9999999" : hex(sha("sha256", String(index))).slice(0, 16 + index),
    expr: { kind: "input", input: `v${index}` },
  }));
  for (const algorithm of ["md5", "sha1", "sha256", "sha512"]) {
    const value = hex(sha(algorithm, "random"));
    const trials = made(() => assert.equal(explainDigest(value, many), null));
    assert.ok(trials > 10_000 && trials < 40_000, `${trials} for ${algorithm}`);
  }
  for (const value of ["", "abc", "=".repeat(30), "x".repeat(300), "%".repeat(43)]) {
    assert.equal(explainDigest(value, many), null);
  }
});

Deno.test("DigestTrials gives up on a recording full of random values, and not on what it finds", () => {
  const trials = new DigestTrials();
  const right = CASES[0]![1];
  const few = ingredients.slice(0, 2);
  for (let i = 0; i < 200; i++) trials.explain(right, ingredients);
  const random = (i: number) => hex(sha("md5", `random ${i}`));
  assert.equal(made(() => trials.explain(random(0), few)) > 0, true);
  for (let i = 1; i < 100; i++) trials.explain(random(i), few);
  assert.equal(made(() => assert.equal(trials.explain(random(100), few), null)), 0);
});
