import assert from "node:assert/strict";
import fc from "fast-check";
import { createHash, createHmac } from "node:crypto";
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
    default:
      return fc.tuple(anyValue);
  }
}

function same(one: Value | undefined, other: Value | undefined, about: string): void {
  assert.equal(typeof one, typeof other, about);
  if (typeof one === "string") assert.equal(one, other, about);
  else assert.deepEqual(Uint8Array.from(one!), Uint8Array.from(other as Uint8Array), about);
}

for (const op of ops) {
  Deno.test(`${op}: what is undone is made again, and the kind of the result is told`, () => {
    const { yields, undo } = transformCodec(op);
    fc.assert(
      fc.property(argumentsOf(op), (args) => {
        const made = transformed(op, args);
        assert.equal(typeof made === "string" ? "text" : "bytes", yields);
        const undone = undo?.(made);
        if (undone !== undefined) same(transformed(op, [undone]), made, op);
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
    const written = args.map((arg, index): Written => ({
      code: `args[${index}]`,
      yields: typeof arg === "string" ? "text" : "bytes",
    }));
    return transformCodec(op).write(written, uses);
  });
  const functions = await runnable("args: any[]", codes, uses);
  for (const [index, { op, args }] of samples.entries()) {
    const made = await functions[index]!(args);
    same(made as Value, transformed(op, args), `${op} ${codes[index]}`);
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
  const env = { inputs: new Map(), extracted: new Map(), generated: new Map(), refreshToken: null };
  const codes = COMPOSITIONS.map(([, expr]) => exprCode(expr, uses));
  const functions = await runnable("", codes, uses);
  for (const [index, [about, expr, expected]] of COMPOSITIONS.entries()) {
    assert.equal(evaluateExpr(expr, env), expected, about);
    assert.equal(await functions[index]!(), expected, `${about}: ${codes[index]}`);
  }
});

Deno.test("what yields bytes is no value of a request", () => {
  const env = { inputs: new Map(), extracted: new Map(), generated: new Map(), refreshToken: null };
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
  ];
  for (const [op, args] of cases) {
    assert.throws(() => transformed(op, args), new RegExp(op.replace(/-hex$/, "")), op);
  }
});
