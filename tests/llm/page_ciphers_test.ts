/** What a model's function can compute of what pages compute: by Web Crypto as pages do, and by hand what that lacks. */
import assert from "node:assert/strict";
import crypto from "node:crypto";
import { runFunction } from "../../lib/replay/run_function.ts";

const BOX =
  `async function box(text: string, pem: string, server: string, own: string): Promise<string> {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const theirs = await crypto.subtle.importKey("jwk", JSON.parse(server), curve, false, []);
  const mine = await crypto.subtle.importKey("jwk", JSON.parse(own), curve, false, ["deriveBits"]);
  const bits = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, mine, 256);
  const key = await crypto.subtle.importKey("raw", bits, "AES-GCM", false, ["encrypt"]);
  const iv = new Uint8Array(12);
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(text));
  const der = Uint8Array.from(atob(pem.replace(/-----[A-Z ]+-----/g, "").replace(/\\s/g, "")), (c) => c.charCodeAt(0));
  const oaep = { name: "RSA-OAEP", hash: "SHA-256" };
  const rsa = await crypto.subtle.importKey("spki", der, oaep, false, ["encrypt"]);
  const wrapped = await crypto.subtle.encrypt(oaep, rsa, new TextEncoder().encode(text));
  const base64 = (bytes: ArrayBuffer) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return [typeof WebAssembly, base64(sealed), base64(wrapped)].join(" ");
}`;

Deno.test("a function of a model's encrypts by ECDH and AES-GCM and by RSA from a PEM, without WebAssembly", async () => {
  const pair = () => crypto.generateKeyPairSync("ec", { namedCurve: "P-256" });
  const [server, own] = [pair(), pair()];
  const rsa = crypto.generateKeyPairSync("rsa", { modulusLength: 2048 });
  const jwk = (key: crypto.KeyObject) => JSON.stringify(key.export({ format: "jwk" }));
  const pem = rsa.publicKey.export({ type: "spki", format: "pem" }).toString();
  const outcome = await runFunction({
    functions: [{ name: "box", code: BOX }],
    name: "box",
    args: ["kelp & wrack", pem, jwk(server.publicKey), jwk(own.privateKey)],
    signal: new AbortController().signal,
  });
  assert.equal(outcome.kind, "value", JSON.stringify(outcome));
  const [wasm, sealed = "", wrapped = ""] = (outcome as { value: string }).value.split(" ");
  assert.equal(wasm, "undefined");
  const key = crypto.diffieHellman({ privateKey: server.privateKey, publicKey: own.publicKey });
  const bytes = Buffer.from(sealed, "base64");
  const opened = crypto.createDecipheriv("aes-256-gcm", key, Buffer.alloc(12));
  opened.setAuthTag(bytes.subarray(-16));
  assert.equal(opened.update(bytes.subarray(0, -16)).toString(), "kelp & wrack");
  opened.final();
  const oaep = { key: rsa.privateKey, oaepHash: "sha256" };
  assert.equal(
    crypto.privateDecrypt(oaep, Buffer.from(wrapped, "base64")).toString(),
    "kelp & wrack",
  );
});
