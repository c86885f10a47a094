/**
 * A server that wants a nonce of its own in each proof of possession (RFC 9449 section 8) refuses the first request
 * without one. Where the recorded proof holds one, the replay does the same.
 */
import type { HttpRequest, HttpResponse } from "../http/exchange.ts";
import { keyProofOf } from "../http/key_proof.ts";

export function lacksNonce(
  recorded: HttpRequest | undefined,
  sent: HttpRequest,
  nonce: string,
): boolean {
  const wants = recorded !== undefined && keyProofOf(recorded)?.claims["nonce"] !== undefined;
  const proof = keyProofOf(sent);
  return wants && proof !== null && proof.claims["nonce"] !== nonce;
}

export function nonceWanted(nonce: string): HttpResponse {
  return {
    status: 401,
    headers: [
      ["content-type", "application/json"],
      ["dpop-nonce", nonce],
      ["www-authenticate", 'DPoP error="use_dpop_nonce"'],
    ],
    body: new TextEncoder().encode('{"error":"use_dpop_nonce"}'),
  };
}
