/** The client of a secret at its authorization server: who it is, how it proves that, what it asks for. */
import { createPrivateKey, type JsonWebKey as NodeJwk } from "node:crypto";
import * as oauth from "oauth4webapi";
import type { OAuthSource } from "../../base/config.ts";
import { SecretProblem } from "../secret_problem.ts";
import { readTextSecret, type TextSecretContext } from "../text_secret.ts";
import { dpopHandle, type ProofKey } from "./proof_key.ts";
import type { AuthorizationEndpoints } from "./server.ts";

type Method = NonNullable<OAuthSource["clientAuth"]>;

export interface OAuthClient extends AuthorizationEndpoints {
  readonly client: oauth.Client;
  readonly authentication: oauth.ClientAuth;
  /** What may be tried where the server does not take the client; `null` where nothing is left to try. */
  readonly refusedHint: string | null;
  /** What tokens are bound to; `null` for bearer tokens. */
  readonly proof: { readonly key: ProofKey; readonly handle: oauth.DPoPHandle } | null;
  /** `audience` and `resource` (RFC 8707), sent with every request for a token. */
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * @param key What tokens are to be bound to.
 * @throws {SecretProblem} when its secret or key cannot be had or used.
 */
export async function oauthClient(
  ctx: TextSecretContext,
  source: OAuthSource,
  clientId: string,
  endpoints: AuthorizationEndpoints,
  key: ProofKey | null = null,
): Promise<OAuthClient> {
  const client = { client_id: clientId };
  const method = source.clientAuth ?? defaultMethod(source, endpoints.server);
  return {
    ...endpoints,
    client,
    proof: key === null ? null : { key, handle: await dpopHandle(client, key) },
    authentication: await authenticationOf(ctx, source, endpoints, method),
    refusedHint: refusedHint(method, endpoints.server),
    parameters: {
      ...(source.audience === null ? {} : { audience: source.audience }),
      ...(source.resource === null ? {} : { resource: source.resource }),
    },
  };
}

async function authenticationOf(
  ctx: TextSecretContext,
  source: OAuthSource,
  endpoints: AuthorizationEndpoints,
  method: Method,
): Promise<oauth.ClientAuth> {
  switch (method) {
    case "none":
      return oauth.None();
    case "private_key_jwt":
      return privateKeyJwt(await readTextSecret(ctx, source.privateKey!), source, endpoints);
    case "client_secret_post":
      return oauth.ClientSecretPost(await readTextSecret(ctx, source.clientSecret!));
    case "client_secret_basic":
      return basicAuth(await readTextSecret(ctx, source.clientSecret!));
  }
}

/**
 * Id and secret in the encoding of RFC 6749 section 2.3.1 and appendix B, which leaves letters, digits and `*-._`
 * as they are: the library escapes those as well, and servers that decode nothing refuse it.
 */
function basicAuth(secret: string): oauth.ClientAuth {
  return (_server, { client_id }, _body, headers) => {
    headers.set(
      "authorization",
      `Basic ${btoa(`${formEncoded(client_id)}:${formEncoded(secret)}`)}`,
    );
  };
}

/** As the value of a field without a name. */
function formEncoded(text: string): string {
  return new URLSearchParams([["", text]]).toString().slice(1);
}

function refusedHint(method: Method, server: oauth.AuthorizationServer): string | null {
  const other = method === "client_secret_basic"
    ? "client_secret_post"
    : method === "client_secret_post"
    ? "client_secret_basic"
    : null;
  const offered = server.token_endpoint_auth_methods_supported;
  if (other === null || offered?.includes(other) === false) return null;
  return `Check the client id and its secret; if they are right, try "clientAuth: ${other}" in the secret`;
}

/** Basic is what every server must support (RFC 6749 section 2.3.1), unless its metadata says otherwise. */
function defaultMethod(
  source: OAuthSource,
  server: oauth.AuthorizationServer,
): Method {
  if (source.privateKey !== null) return "private_key_jwt";
  if (source.clientSecret === null) return "none";
  const offered = server.token_endpoint_auth_methods_supported;
  const postAlone = offered?.includes("client_secret_post") &&
    !offered.includes("client_secret_basic");
  return postAlone ? "client_secret_post" : "client_secret_basic";
}

/** RFC 7523. Where the issuer is not known, the audience is the token endpoint. */
async function privateKeyJwt(
  keyText: string,
  source: OAuthSource,
  { server, issuerKnown }: AuthorizationEndpoints,
): Promise<oauth.ClientAuth> {
  const key = await importPrivateKey(keyText);
  const privateKey = source.keyId === null ? { key } : { key, kid: source.keyId };
  return oauth.PrivateKeyJwt(privateKey, {
    [oauth.modifyAssertion]: (_header, payload) => {
      if (!issuerKnown) payload.aud = server.token_endpoint!;
    },
  });
}

const CURVES: Readonly<Record<string, EcKeyImportParams>> = {
  "P-256": { name: "ECDSA", namedCurve: "P-256" },
  "P-384": { name: "ECDSA", namedCurve: "P-384" },
};

/** A private key from PEM (PKCS #8, PKCS #1, SEC 1) or JWK: RSA (RS256), P-256, P-384, Ed25519. */
async function importPrivateKey(text: string): Promise<CryptoKey> {
  try {
    const jwk = text.trimStart().startsWith("{")
      ? JSON.parse(text) as NodeJwk
      : createPrivateKey(text).export({ format: "jwk" });
    return await crypto.subtle.importKey("jwk", jwk as JsonWebKey, algorithmOf(jwk), false, [
      "sign",
    ]);
  } catch (error) {
    if (error instanceof SecretProblem) throw error;
    throw new SecretProblem("the private key cannot be read: give PEM or JWK", { cause: error });
  }
}

function algorithmOf({ kty, crv }: NodeJwk): RsaHashedImportParams | EcKeyImportParams | Algorithm {
  if (kty === "RSA") return { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const curve = kty === "EC" ? CURVES[crv ?? ""] : undefined;
  if (curve !== undefined) return curve;
  if (kty === "OKP" && crv === "Ed25519") return { name: "Ed25519" };
  throw new SecretProblem(`a private key of type ${kty} ${crv ?? ""} is not supported`.trimEnd());
}
