/**
 * The key that OAuth tokens are bound to (DPoP, RFC 9449): made here for each login and kept beside its
 * tokens. Whoever has a token without its key can do nothing with it.
 */
import * as oauth from "oauth4webapi";

/** A private key as JWK. Secret. */
export type ProofKey = Readonly<JsonWebKey>;

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
  { kty, crv, x, y, d }: ProofKey,
): Promise<oauth.DPoPHandle> {
  const point = { kty, crv, x, y } as JsonWebKey;
  const [privateKey, publicKey] = await Promise.all([
    crypto.subtle.importKey("jwk", { ...point, d } as JsonWebKey, ALGORITHM, false, ["sign"]),
    crypto.subtle.importKey("jwk", point, ALGORITHM, true, ["verify"]),
  ]);
  return oauth.DPoP(client, { privateKey, publicKey });
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
