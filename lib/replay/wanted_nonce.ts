/**
 * A server that wants a nonce of its own in each proof of possession (RFC 9449 section 8) refuses the first request
 * without one. Where the recorded proof holds one, the replay does the same.
 */
import type { HttpRequest, HttpResponse } from "../http/exchange.ts";
import { keyProofOf } from "../http/key_proof.ts";

export class WantedNonce {
  readonly #nonce = crypto.randomUUID();

  /** The refusal of a request whose proof lacks the nonce; `null` where nothing speaks against it. */
  refusal(recorded: HttpRequest | undefined, sent: HttpRequest): HttpResponse | null {
    const wants = recorded !== undefined && keyProofOf(recorded)?.claims["nonce"] !== undefined;
    const proof = keyProofOf(sent);
    if (!wants || proof === null || proof.claims["nonce"] === this.#nonce) return null;
    return {
      status: 401,
      headers: [
        ["content-type", "application/json"],
        ["dpop-nonce", this.#nonce],
        ["www-authenticate", 'DPoP error="use_dpop_nonce"'],
      ],
      body: new TextEncoder().encode(JSON.stringify({ error: "use_dpop_nonce" })),
    };
  }
}
