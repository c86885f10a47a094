/**
 * RSA-OAEP (RFC 8017 section 7.1) as Web Crypto has it: public key, text. The key is an SPKI structure in PEM, in
 * base64 or as bytes. Each time it yields another value, so that none can be compared with a recorded one.
 */
import { Buffer } from "node:buffer";
import { constants, createPublicKey, publicEncrypt } from "node:crypto";
import { base64DecodeBytes } from "../../http/base64.ts";
import { bytesCode, bytesOf, type Value } from "../bytes.ts";
import { quote, type Uses, type Written } from "../code.ts";
import type { TransformCodec } from "../codec.ts";
import { argument, inDomain } from "./arguments.ts";

type Hash = "sha1" | "sha256";

const WEB_NAMES: Readonly<Record<Hash, string>> = { sha1: "SHA-1", sha256: "SHA-256" };

export const RSA_OAEP = {
  "rsa-oaep-sha1-encrypt": codec("sha1"),
  "rsa-oaep-sha256-encrypt": codec("sha256"),
};

function codec(hash: Hash): TransformCodec {
  const op = `rsa-oaep-${hash}-encrypt`;
  return {
    describe: `RSA-OAEP ciphertext with ${WEB_NAMES[hash]}`,
    yields: "bytes",
    draws: true,
    apply: (args) => {
      const [key, text] = [argument(op, args, 0), bytesOf(argument(op, args, 1))];
      return inDomain(op, encrypted(hash, key, text));
    },
    write: (args, uses) => `await ${call(hash, args, uses)}`,
    snippets: [`/** RSA-OAEP by Web Crypto; the key is SPKI in PEM, in base64 or as bytes. */
async function rsa_oaep(
  hash: "SHA-1" | "SHA-256",
  key: string | BufferSource,
  text: BufferSource,
): Promise<Uint8Array<ArrayBuffer>> {
  const spki = typeof key === "string"
    ? Uint8Array.from(atob(key.replace(/-----[A-Z ]{1,40}-----|\\s/g, "")), (char) => char.charCodeAt(0))
    : key;
  const name = { name: "RSA-OAEP", hash };
  const imported = await crypto.subtle.importKey("spki", spki, name, false, ["encrypt"]);
  return new Uint8Array(await crypto.subtle.encrypt(name, imported, text));
}`],
  };
}

function call(hash: Hash, [key, text]: readonly Written[], uses: Uses): string {
  return uses.call("rsa_oaep", quote(WEB_NAMES[hash]), key!.code, bytesCode(text!, uses));
}

/** `undefined` where the key is none or the text is too long for it. */
function encrypted(hash: Hash, key: Value, text: Uint8Array): Uint8Array | undefined {
  const der = typeof key === "string"
    ? base64DecodeBytes(key.replace(/-----[A-Z ]{1,40}-----|\s/g, ""))
    : key;
  if (der === undefined) return undefined;
  try {
    const spki = createPublicKey({ key: Buffer.from(der), format: "der", type: "spki" });
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    return Uint8Array.from(publicEncrypt({ key: spki, padding, oaepHash: hash }, text));
  } catch {
    return undefined;
  }
}
