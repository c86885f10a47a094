/**
 * A credential that is computed anew for each request and so cannot be a header to inject. The
 * token state names the computation and keeps what it needs.
 */
export type ComputedCredential =
  /** HTTP Digest (RFC 7616): answered per request from the server's own challenge. */
  { readonly kind: "http_digest"; readonly username: string; readonly password: string };
