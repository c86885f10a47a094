/** Where a request has a place for credentials, beside its headers. */

/** Names of the places outside the headers that a request has for credentials; `null`: unknown, so all. */
export interface CredentialPlaces {
  readonly query: readonly string[];
  readonly body: readonly string[];
  readonly copies?: readonly CredentialCopy[];
}

/** A query parameter that repeats a credential which the token has elsewhere. */
export interface CredentialCopy {
  readonly query: string;
  readonly from: CredentialSource;
}

export interface CredentialSource {
  readonly kind: "header" | "cookie";
  /** Of a header in lower case. */
  readonly name: string;
}
