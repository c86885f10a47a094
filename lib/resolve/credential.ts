/** What a secret source yields, and what it becomes on a request. */
import type { JsonValue } from "../base/json.ts";
import { type ComputedCredential, isDigest } from "../http/computed_credential.ts";
import type { TokenState } from "../token/token_state.ts";
import type { ProofKey } from "./oauth/proof_key.ts";
import type { BoundToken } from "./request_proof.ts";

export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | null;
  /** `null`: read from the host name. */
  readonly region: string | null;
  readonly service: string | null;
}

/** PEM texts. */
export interface ClientCertificate {
  readonly certificate: string;
  readonly key: string;
  /** Of the authority that signed the server's certificate; `null` for the public ones. */
  readonly ca: string | null;
}

export type Credential =
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "pair"; readonly username: string; readonly password: string }
  /** An OAuth access token; with the key it is bound to, where it is. */
  | { readonly kind: "token"; readonly value: string; readonly key?: ProofKey }
  /** The token of a captured app. */
  | { readonly kind: "app"; readonly app: string; readonly token: TokenState }
  | ({ readonly kind: "certificate" } & ClientCertificate)
  | { readonly kind: "aws"; readonly keys: AwsKeys }
  /** For explanations: a source that was not asked, taken to yield what its type yields. */
  | { readonly kind: "presumed" };

/** What one credential puts on a request. Header and cookie names as they are sent. */
export interface Placement {
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, JsonValue>>;
  readonly computed: readonly ComputedCredential[];
  readonly certificate: ClientCertificate | null;
  readonly aws: AwsKeys | null;
  /** A token whose requests each prove that they have its key (DPoP). */
  readonly bound: BoundToken | null;
}

const PROOF_PLACE = "header DPoP (a proof for each request)";

export const EMPTY_PLACEMENT: Placement = {
  headers: {},
  cookies: {},
  query: {},
  body: {},
  computed: [],
  certificate: null,
  aws: null,
  bound: null,
};

/** Stands for a value in explanations. */
export const PRESUMED_VALUE = "‹secret›";

/** The places a placement fills, in words, without any value: `header Authorization`. */
export function placesOf(placement: Placement): string[] {
  const named = (place: string, values: object) =>
    Object.keys(values).map((name) => `${place} ${name}`);
  return [
    ...named("header", placement.headers),
    ...named("cookie", placement.cookies),
    ...named("query", placement.query),
    ...named("body", placement.body),
    ...placement.computed.map((one) =>
      isDigest(one) ? "header Authorization (computed from the server's challenge)" : PROOF_PLACE
    ),
    ...(placement.certificate === null ? [] : ["TLS client certificate"]),
    ...(placement.aws === null ? [] : ["header Authorization (AWS signature)"]),
    ...(placement.bound === null ? [] : [PROOF_PLACE]),
  ];
}

/** Every text in the credential that must not be seen. */
export function secretsIn(credential: Credential): string[] {
  switch (credential.kind) {
    case "text":
      return [credential.value];
    case "token":
      return [credential.value, credential.key?.d ?? ""];
    case "pair":
      return [credential.password];
    case "certificate":
      return [credential.key];
    case "aws":
      return [credential.keys.secretAccessKey, credential.keys.sessionToken ?? ""];
    default:
      return [];
  }
}
