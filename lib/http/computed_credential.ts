/**
 * A credential that is computed anew for each request and so cannot be a header to inject. The
 * token state names the computation and keeps what it needs.
 */
import type { ProofKey } from "./key_proof.ts";

export type ComputedCredential = DigestCredential | KeyCredential;

/** HTTP Digest (RFC 7616): answered per request from the server's own challenge. */
export interface DigestCredential {
  readonly kind: "http_digest";
  readonly username: string;
  readonly password: string;
}

/** The key that a token is bound to (DPoP, RFC 9449): each request proves that its client has it. */
export interface KeyCredential {
  readonly kind: "dpop";
  readonly key: ProofKey;
  /** By origin, what its server handed out last (section 8.2). */
  readonly nonces?: Readonly<Record<string, string>>;
}

export function isDigest(computed: ComputedCredential): computed is DigestCredential {
  return computed.kind === "http_digest";
}

export function keyOf(computed: readonly ComputedCredential[]): KeyCredential | undefined {
  return computed.find((one) => one.kind === "dpop");
}
