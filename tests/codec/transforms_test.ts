import assert from "node:assert/strict";
import fc from "fast-check";
import {
  constants,
  createHash,
  createHmac,
  generateKeyPairSync,
  privateDecrypt,
} from "node:crypto";
import type { Value } from "../../lib/codec/bytes.ts";
import { bytesOf, joinValues } from "../../lib/codec/bytes.ts";
import { Uses, type Written } from "../../lib/codec/code.ts";
import {
  transformCodec,
  transformed,
  type TransformOp,
  TRANSFORMS,
} from "../../lib/codec/transforms.ts";
import { exprCode } from "../../lib/script/expr_code.ts";
import { evaluateExpr } from "../../lib/correlate/evaluate.ts";
import type { Expr } from "../../lib/correlate/flow.ts";
import { base64Encode } from "../../lib/http/base64.ts";
import { anyValue, runnable } from "./values.ts";

const ops = Object.keys(TRANSFORMS) as TransformOp[];

/** Made for this test. */
const RSA = (() => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
  return { spki: publicKey.export({ type: "spki", format: "pem" }) as string, privateKey };
})();

function decrypted(op: TransformOp, made: Value): Uint8Array {
  const oaepHash = op.includes("sha256") ? "sha256" : "sha1";
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return Uint8Array.from(
    privateDecrypt({ key: RSA.privateKey, padding, oaepHash }, bytesOf(made)),
  );
}

const bytes: fc.Arbitrary<Value> = fc.uint8Array({ maxLength: 80 });
const anything: fc.Arbitrary<Value> = fc.oneof(anyValue, bytes);

/** Arguments of a transform's domain; a new one needs them unless it takes any text. */
function argumentsOf(op: TransformOp): fc.Arbitrary<Value[]> {
  if (op.startsWith("pbkdf2-")) {
    const numbers = [fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 70 })] as const;
    return fc.tuple(anything, anything, ...numbers)
      .map(([password, salt, ...counts]) => [password, salt, ...counts.map(String)]);
  }
  if (op.startsWith("hmac-")) return fc.tuple(anything, anything);
  if (op.startsWith("hotp-")) return fc.tuple(anything, anyNumber(0n), digits(6, 8));
  if (op.startsWith("aes-")) return aesArguments(op);
  if (op.startsWith("rsa-oaep-")) {
    return fc.tuple(fc.constant(RSA.spki), fc.uint8Array({ maxLength: 60 }));
  }
  if (/^(md5|sha\d+)-/.test(op) || /^(base64|base64url|hex)$/.test(op)) return fc.tuple(anything);
  switch (op) {
    case "base64-decode":
      return fc.tuple(anyValue.map(base64Encode));
    case "base64-bytes":
      return fc.tuple(bytes.map((value) => String(transformed("base64", [value]))));
    case "hex-bytes":
      return fc.tuple(bytes.map((value) => String(transformed("hex", [value]))));
    case "url-decode":
      return fc.tuple(anyValue.map(encodeURIComponent));
    case "utf8":
    case "reverse-bytes":
      return fc.tuple(anything);
    case "utf8-text":
      return fc.tuple(anyValue.map((text) => bytesOf(text)));
    case "latin1":
      return fc.tuple(bytes.map((value) => String.fromCharCode(...bytesOf(value))));
    case "slice":
      return fc.tuple(fc.stringMatching(/^\w{0,20}$/), digits(-9, 9), digits(-9, 9));
    case "slice-bytes":
      return fc.oneof(
        fc.tuple(bytes, digits(-9, 9)),
        fc.tuple(anything, digits(-9, 9), digits(0, 9)),
      );
    case "part":
      return fc.tuple(anyValue, fc.constantFrom(".", "::"), fc.constantFrom("0", "-1"));
    case "replace":
    case "translate":
      return fc.tuple(anyValue, fc.constantFrom("a", "$&", "%"), fc.constantFrom("$1", "xy", ""));
    case "pad-start":
      return fc.tuple(anyValue, digits(0, 40), fc.constantFrom("0", " x"));
    case "xor":
      return fc.tuple(anything, fc.uint8Array({ minLength: 1, maxLength: 9 }));
    case "add":
    case "subtract":
    case "multiply":
      return fc.tuple(anyNumber(), anyNumber());
    case "divide":
    case "modulo":
      return fc.tuple(anyNumber(), anyNumber(1n));
    case "mod-pow":
      return fc.tuple(anyNumber(), anyNumber(0n), anyNumber(1n));
    case "integer":
      return fc.tuple(fc.oneof(bytes, fc.stringMatching(/^(0x)?[0-9a-fA-F]{0,40}$/)));
    case "integer-hex":
    case "integer-bytes":
      return fc.oneof(fc.tuple(anyNumber(0n)), fc.tuple(anyNumber(0n), digits(0, 60)));
    case "base-digits":
      return fc.tuple(bytes, fc.constantFrom("01", "123456789ABCDEFGHJKLMNPQRSTUVWXYZ"));
    case "base32-bytes":
      return fc.tuple(fc.stringMatching(/^[A-Z2-7]{0,40}={0,6}$/));
    default:
      return fc.tuple(anyValue);
  }
}

function digits(min: number, max: number): fc.Arbitrary<string> {
  return fc.integer({ min, max }).map(String);
}

function anyNumber(min = -(2n ** 200n)): fc.Arbitrary<string> {
  return fc.bigInt({ min, max: 2n ** 60n }).map(String);
}

function aesArguments(op: TransformOp): fc.Arbitrary<Value[]> {
  const key = fc.constantFrom(16, 32).chain((size) => bytesOfSize(size));
  const encrypt = op.replace("decrypt", "encrypt") as TransformOp;
  return fc.tuple(key, bytesOfSize(op.includes("gcm") ? 12 : 16), anything)
    .map(([key, iv, text]) =>
      op === encrypt ? [key, iv, text] : [key, iv, transformed(encrypt, [key, iv, text])]
    );
}

function bytesOfSize(size: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ minLength: size, maxLength: size });
}

function same(one: Value | undefined, other: Value | undefined, about: string): void {
  assert.equal(typeof one, typeof other, about);
  if (typeof one === "string") assert.equal(one, other, about);
  else assert.deepEqual(Uint8Array.from(one!), Uint8Array.from(other as Uint8Array), about);
}

/** Transforms that give back what another one made of a text. */
const UNDONE_BY: { readonly [op in TransformOp]?: TransformOp } = {
  "url-encode": "url-decode",
  "base64": "base64-decode",
  "base64url": "base64-decode",
  "utf8": "utf8-text",
  "reverse": "reverse",
};

for (const op of ops) {
  Deno.test(`${op}: the kind of the result is told, and what undoes it gives the text back`, () => {
    const { yields } = transformCodec(op);
    const undo = UNDONE_BY[op];
    fc.assert(
      fc.property(argumentsOf(op), (args) => {
        const made = transformed(op, args);
        assert.equal(typeof made === "string" ? "text" : "bytes", yields);
        if (undo === undefined || typeof args[0] !== "string") return;
        same(transformed(undo, [made]), args[0], op);
      }),
      { numRuns: 60 },
    );
  });
}

Deno.test("the written code computes what transformed() computes", async () => {
  const uses = new Uses();
  const samples = ops.flatMap((op) =>
    fc.sample(argumentsOf(op), { numRuns: 25, seed: 3 }).map((args) => ({ op, args }))
  );
  const codes = samples.map(({ op, args }) => {
    const { numbers } = transformCodec(op);
    const written = args.map((arg, index): Written => ({
      code: numbers.includes(index) ? `Number(args[${index}])` : `args[${index}]`,
      yields: typeof arg === "string" ? "text" : "bytes",
    }));
    return transformCodec(op).write(written, uses);
  });
  const functions = await runnable("args: any[]", codes, uses);
  for (const [index, { op, args }] of samples.entries()) {
    const made = await functions[index]!(args) as Value;
    const about = `${op} ${codes[index]}`;
    if (transformCodec(op).draws) same(decrypted(op, made), bytesOf(args[1]!), about);
    else same(made, transformed(op, args), about);
  }
});

/** Digests of bytes as protocols compose them. */
const COMPOSITIONS: readonly (readonly [about: string, expr: Expr, expected: string])[] = (() => {
  const nonce = Uint8Array.from({ length: 16 }, (_, index) => 250 - index * 7);
  const key = Uint8Array.from({ length: 20 }, (_, index) => 3 + index * 11);
  const text = (value: string): Expr => ({ kind: "constant", value });
  const made = (op: TransformOp, ...args: Expr[]): Expr => ({ kind: "transform", op, args });
  const nonce64 = made("base64-bytes", text(base64Of(nonce)));
  const keyHex = made("hex-bytes", text(hexOf(key)));
  const created = "2026-03-04T05:06:07Z";
  return [
    [
      "WS-Security PasswordDigest (UsernameToken Profile 1.1.1 section 3.1)",
      made("sha1-base64", { kind: "concat", parts: [nonce64, text(created), text("pä§s")] }),
      createHash("sha1").update(joinValues([nonce, created, "pä§s"])).digest("base64"),
    ],
    [
      "HMAC with a key in base64",
      made("hmac-sha256-hex", made("base64-bytes", text(base64Of(key))), text("m")),
      createHmac("sha256", key).update("m").digest("hex"),
    ],
    [
      "HMAC keyed with an HMAC (as AWS Signature Version 4 derives its key)",
      made("hmac-sha256-base64url", made("hmac-sha256-bytes", keyHex, text("date")), nonce64),
      createHmac("sha256", createHmac("sha256", key).update("date").digest()).update(nonce)
        .digest("base64url"),
    ],
    [
      "a digest of a digest's bytes",
      made("md5-hex", made("sha512-bytes", nonce64)),
      createHash("md5").update(createHash("sha512").update(nonce).digest()).digest("hex"),
    ],
    [
      "PBKDF2, RFC 6070 section 2",
      made("pbkdf2-sha1-hex", text("password"), text("salt"), text("4096"), text("20")),
      "4b007901b765489abead49d926f721d065a429c1",
    ],
    [
      "PBKDF2-HMAC-SHA-256, RFC 7914 section 11",
      made("pbkdf2-sha256-hex", text("passwd"), text("salt"), text("1"), text("64")),
      "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc" +
      "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783",
    ],
    [
      "AES-128-CBC, NIST SP 800-38A F.2.1, first block",
      made(
        "slice",
        made(
          "hex",
          made(
            "aes-cbc-encrypt",
            made("hex-bytes", text("2b7e151628aed2a6abf7158809cf4f3c")),
            made("hex-bytes", text("000102030405060708090a0b0c0d0e0f")),
            made("hex-bytes", text("6bc1bee22e409f96e93d7e117393172a")),
          ),
        ),
        text("0"),
        text("32"),
      ),
      "7649abac8119b246cee98e9b12e9197d",
    ],
    [
      "AES-128-GCM, The Galois/Counter Mode of Operation, test case 1",
      made(
        "hex",
        made(
          "aes-gcm-encrypt",
          made("hex-bytes", text("0".repeat(32))),
          made("hex-bytes", text("0".repeat(24))),
          text(""),
        ),
      ),
      "58e2fccefa7e3061367f1d57a4e7455a",
    ],
    [
      "HOTP, RFC 4226 appendix D, counter 9",
      made("hotp-sha1", text("12345678901234567890"), text("9"), text("6")),
      "520489",
    ],
    [
      "TOTP, RFC 6238 appendix B, SHA-256 at 1111111109 s",
      made(
        "hotp-sha256",
        text("12345678901234567890123456789012"),
        made("divide", text("1111111109"), text("30")),
        text("8"),
      ),
      "68084774",
    ],
    [
      "base 58, draft-msporny-base58-03 section 5",
      made(
        "base-digits",
        made("hex-bytes", text("0000287fb4cd")),
        text("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"),
      ),
      "11233QC4",
    ],
    [
      "a part of a digest that is awaited",
      made("slice", made("sha256-hex", text("")), text("-8")),
      "7852b855",
    ],
  ] satisfies [string, Expr, string][];
})();

function base64Of(value: Uint8Array): string {
  return String(transformed("base64", [value]));
}

function hexOf(value: Uint8Array): string {
  return String(transformed("hex", [value]));
}

Deno.test("digests, HMAC and PBKDF2 of bytes are computed and written alike", async () => {
  const uses = new Uses();
  const env = { values: new Map(), refreshToken: null };
  const codes = COMPOSITIONS.map(([, expr]) => exprCode(expr, uses));
  const functions = await runnable("", codes, uses);
  for (const [index, [about, expr, expected]] of COMPOSITIONS.entries()) {
    assert.equal(evaluateExpr(expr, env), expected, about);
    assert.equal(await functions[index]!(), expected, `${about}: ${codes[index]}`);
  }
});

Deno.test("what yields bytes is not a value of a request", () => {
  const env = { values: new Map(), refreshToken: null };
  const expr: Expr = {
    kind: "transform",
    op: "sha1-bytes",
    args: [{ kind: "constant", value: "x" }],
  };
  assert.throws(() => evaluateExpr(expr, env), /carries text/);
  assert.throws(() => exprCode(expr, new Uses()), /yields bytes/);
  assert.deepEqual(bytesOf("ä"), new Uint8Array([0xc3, 0xa4]));
});

Deno.test("transforms refuse what is not in their domain", () => {
  const cases: [TransformOp, Value[]][] = [
    ["url-decode", ["%zz"]],
    ["base64-decode", ["???"]],
    ["base64-bytes", ["?"]],
    ["hex-bytes", ["abc"]],
    ["url-encode", [new Uint8Array([1])]],
    ["hmac-sha1-hex", ["key"]],
    ["pbkdf2-sha1-hex", ["p", "s", "0", "20"]],
    ["pbkdf2-sha1-hex", ["p", "s", "99999999", "20"]],
    ["pbkdf2-sha1-hex", ["p", "s", "1e3", "20"]],
    ["slice", ["text", "one"]],
    ["part", ["a.b", ".", "2"]],
    ["divide", ["1", "0"]],
    ["add", ["1", "one"]],
    ["mod-pow", ["2", "-1", "7"]],
    ["xor", ["text", ""]],
    ["aes-cbc-encrypt", ["short", "iv", "text"]],
    ["aes-gcm-decrypt", ["k".repeat(16), "i".repeat(12), "not the tag of it"]],
    ["latin1", ["☃"]],
    ["base-digits", ["x", "0"]],
    ["base32-bytes", ["8"]],
  ];
  for (const [op, args] of cases) {
    assert.throws(() => transformed(op, args), new RegExp(op.replace(/-hex$/, "")), op);
  }
});
