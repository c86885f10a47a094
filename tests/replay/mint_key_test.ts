import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { asModulus, mintExponent, mintPublicKey } from "../../lib/replay/mint_key.ts";
import { RandomSource } from "../../lib/replay/random_source.ts";

const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey;
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey;
const pem = (key: typeof rsa) => String(key.export({ type: "spki", format: "pem" }));
const base64 = (key: typeof rsa) => key.export({ type: "spki", format: "der" }).toString("base64");

const KEYS: readonly (readonly [about: string, recorded: string])[] = [
  ["RSA in PEM", pem(rsa)],
  ["RSA in PEM without its last line break", pem(rsa).trim()],
  ["RSA in PEM with the line breaks of Windows", pem(rsa).replaceAll("\n", "\r\n")],
  ["RSA in base64", base64(rsa)],
  ["an elliptic curve in PEM", pem(ec)],
  ["an elliptic curve in base64", base64(ec)],
];

for (const [about, recorded] of KEYS) {
  Deno.test(`mintPublicKey() makes another key of ${about}`, () => {
    const minted = mintPublicKey(recorded)!;
    assert.notEqual(minted, recorded);
    const shapeOf = (text: string) => text.replace(/[A-Za-z0-9+/=]{20,}/g, "…");
    assert.equal(shapeOf(minted), shapeOf(recorded));
    const der = Buffer.from(minted.replace(/-----[A-Z ]+-----|\s/g, ""), "base64");
    const key = createPublicKey({ key: der, format: "der", type: "spki" });
    assert.equal(key.asymmetricKeyType, /elliptic/.test(about) ? "ec" : "rsa");
  });
}

Deno.test("mintPublicKey() takes nothing else for a key", () => {
  const others = [
    "",
    "MIIB",
    "M".repeat(300),
    base64(rsa).slice(0, -8),
    "-----BEGIN PUBLIC KEY-----",
  ];
  for (const text of others) assert.equal(mintPublicKey(text), undefined, text);
});

Deno.test("asModulus() keeps a modulus odd and its highest bit set", async () => {
  const { n = "", e = "" } = rsa.export({ format: "jwk" });
  const minted = asModulus(n, `A${"b".repeat(n.length - 2)}A`);
  assert.notEqual(minted, n);
  const jwk = { kty: "RSA", n: minted, e };
  const name = { name: "RSA-OAEP", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("jwk", jwk, name, false, ["encrypt"]);
  assert.equal((await crypto.subtle.encrypt(name, key, new Uint8Array(8))).byteLength, 128);
  const hex = Buffer.from(n, "base64url").toString("hex");
  assert.match(asModulus(hex, "0".repeat(hex.length)), /^[89a-f].*[13579bdf]$/);
  assert.equal(asModulus("short1", "other2"), "other2");
});

Deno.test("mintExponent() makes another odd number of the exponent that keys have", () => {
  const random = new RandomSource({
    bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  });
  const numberOf: Readonly<Record<string, (text: string) => number>> = {
    AQAB: (text) => parseInt(Buffer.from(text, "base64url").toString("hex"), 16),
    "010001": (text) => parseInt(text, 16),
    "10001": (text) => parseInt(text, 16),
    "65537": Number,
  };
  for (const [recorded, read] of Object.entries(numberOf)) {
    for (let run = 0; run < 20; run++) {
      const minted = mintExponent(recorded, random)!;
      assert.notEqual(minted, recorded);
      assert.equal(read(minted) % 2, 1, minted);
      assert.ok(Math.abs(read(minted) - read(recorded)) < 64, minted);
    }
  }
  for (const other of ["10002", "AQAC", "", "1000", "110001"]) {
    assert.equal(mintExponent(other, random), undefined);
  }
});
