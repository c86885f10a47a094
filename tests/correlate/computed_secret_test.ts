import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { looksComputed } from "../../lib/correlate/computed_secret.ts";

const sha = (algorithm: string, encoding: "hex" | "base64") =>
  createHash(algorithm).update("kestrel-7").digest(encoding);
const block = (bytes: number) =>
  Uint8Array.from({ length: bytes }, (_, at) => (at * 151 + 199) % 256).toBase64();

Deno.test("looksComputed() knows digests, cipher blocks and sealed keys by their bytes", () => {
  for (const algorithm of ["md5", "sha1", "sha224", "sha256", "sha512"]) {
    assert.ok(looksComputed(sha(algorithm, "hex")), algorithm);
    assert.ok(looksComputed(sha(algorithm, "base64")), algorithm);
  }
  assert.ok(looksComputed("8F1A6C0BD2E47795"));
  for (const bytes of [8, 16, 32, 48, 64, 128, 256]) {
    assert.ok(looksComputed(block(bytes)), `${bytes}`);
  }
});

Deno.test("looksComputed() takes nothing that somebody typed for a cipher", () => {
  const typed = [
    "hunter2!",
    "Kestrel2026Kestr",
    "correcthorsebatterystaple",
    "1234567890123456",
    "",
  ];
  const encoded = [btoa("kestrel-seven-oh"), btoa("kestrel7"), "Xk29LmPq83RtVw10"];
  for (const value of [...typed, ...encoded]) assert.equal(looksComputed(value), false, value);
});
