/**
 * The key that OAuth tokens are bound to (DPoP, RFC 9449): made here for each login and kept beside its
 * tokens. Whoever has a token without its key can do nothing with it.
 */
import * as oauth from "oauth4webapi";
import type { ProofKey } from "../../http/key_proof.ts";

export type { ProofKey } from "../../http/key_proof.ts";

/** What every server that takes proofs understands, and what is fast. */
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" } as const;

export async function newProofKey(): Promise<ProofKey> {
  const pair = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey("jwk", pair.privateKey);
  return { kty, crv, x, y, d } as ProofKey;
}

/** Signs proofs, and remembers the nonces that servers hand out. */
export async function dpopHandle(
  client: oauth.Client,
  key: ProofKey,
): Promise<oauth.DPoPHandle> {
  const { kty, crv, x, y, n, e } = key;
  const shown = (kty === "RSA" ? { kty, n, e } : { kty, crv, x, y }) as JsonWebKey;
  const algorithm = importedAs(key);
  const [privateKey, publicKey] = await Promise.all([
    crypto.subtle.importKey("jwk", key, algorithm, false, ["sign"]),
    crypto.subtle.importKey("jwk", shown, algorithm, true, ["verify"]),
  ]);
  return oauth.DPoP(client, { privateKey, publicKey });
}

/** By its `alg` (RFC 7518 section 3.1); a key that was made here for a service has none. */
function importedAs({ alg, crv }: ProofKey): EcKeyImportParams | RsaHashedImportParams {
  if (alg === "RS256") return { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  if (alg === "PS256") return { name: "RSA-PSS", hash: "SHA-256" };
  return { name: "ECDSA", namedCurve: crv ?? "P-256" };
}

/** What a request for a token is made with, beside the rest. */
export function proofOption(
  { proof }: { readonly proof: { readonly handle: oauth.DPoPHandle } | null },
): { DPoP?: oauth.DPoPHandle } {
  return proof === null ? {} : { DPoP: proof.handle };
}

/** A server may refuse the first proof to hand out a nonce (section 8): it is asked once more then. */
export async function withNonce<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!oauth.isDPoPNonceError(error)) throw error;
    return await ask();
  }
}
