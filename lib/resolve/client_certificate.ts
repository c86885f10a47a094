/**
 * TLS client certificates. What can be said of them is said before the TLS library sees them: given one that
 * it cannot use, it ends the process. `certificate_probe.ts` has that happen to a child.
 */
import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from "node:crypto";
import type { ClientCertificate } from "./credential.ts";
import { Misfit } from "./fit.ts";

/** What rustls signs with. */
const USABLE_CURVES: readonly (string | undefined)[] = ["P-256", "P-384", "Ed25519"];

/** Certificate and key as the TLS library takes them. */
interface CheckedCertificate {
  readonly cert: string;
  readonly key: string;
  readonly caCerts: string[];
}

/** @throws {Misfit} when certificate and key cannot be read, or do not belong together. */
export function checkCertificate({ certificate, key, ca }: ClientCertificate): CheckedCertificate {
  const chain = certificateBlocks(certificate);
  const privateKey = readKey(key);
  const own = readCertificate(chain[0] ?? "");
  const issuers = chain.slice(1).map(readCertificate);
  const spki = spkiOf(createPublicKey(privateKey));
  if (spkiOf(own.publicKey) !== spki) {
    throw new Misfit(
      issuers.some(({ publicKey }) => spkiOf(publicKey) === spki)
        ? "the certificate of the private key has to be the first of its file, those of its issuers follow"
        : "the private key does not belong to the client certificate",
    );
  }
  const pkcs8 = privateKey.export({ type: "pkcs8", format: "pem" }) as string;
  const authorities = ca === null ? [] : certificateBlocks(ca);
  for (const authority of authorities) readCertificate(authority);
  return { cert: `${chain.join("\n")}\n`, key: pkcs8, caCerts: authorities };
}

/**
 * An HTTP client that presents the certificate; to be closed by the caller. Ends the process for one that
 * the TLS library cannot use: see `requireUsable`.
 *
 * @throws as `checkCertificate`; {TypeError} for an authority that the TLS library cannot read.
 */
export function certificateClient(certificate: ClientCertificate): Deno.HttpClient {
  return Deno.createHttpClient(checkCertificate(certificate));
}

/** PEM blocks (RFC 7468); the key may stand in the same text. */
function certificateBlocks(pem: string): string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
}

function readCertificate(block: string): X509Certificate {
  try {
    return new X509Certificate(block);
  } catch (error) {
    throw new Misfit("the client certificate cannot be read", { cause: error });
  }
}

function readKey(pem: string): KeyObject {
  const block = /-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]*?-----END \1-----/.exec(pem)?.[0];
  const key = parseKey(block ?? "");
  const { kty, crv } = key.export({ format: "jwk" });
  if (kty === "RSA" || USABLE_CURVES.includes(crv)) return key;
  throw new Misfit(`a private key of type ${kty} ${crv ?? ""} cannot be used for TLS`);
}

function parseKey(block: string): KeyObject {
  try {
    return createPrivateKey(block);
  } catch (error) {
    const reason = block.includes("ENCRYPTED")
      ? "it is encrypted, which `openssl pkcs8 -in KEY -out DECRYPTED` undoes"
      : "it cannot be read";
    throw new Misfit(`the private key of the client certificate cannot be used: ${reason}`, {
      cause: error,
    });
  }
}

function spkiOf(key: KeyObject): string {
  return key.export({ type: "spki", format: "pem" }) as string;
}
