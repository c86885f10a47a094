/** A certified authorization server (`oidc-provider`) on loopback, with clients for every grant. */
import { Buffer } from "node:buffer";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";

export const CLIENT_SECRET = "s3cret-of-the-robot-0123456789";

export interface OidcServer extends AsyncDisposable {
  readonly issuer: string;
  /** Grant types of the token requests so far, each with its outcome: `refresh_token ok`. */
  readonly tokenRequests: string[];
}

export interface OidcOptions {
  /** Public JWK of the client `robot-jwt`. */
  readonly jwk?: JsonWebKey;
  /** Lifetime of access tokens, in seconds. */
  readonly accessTokenTtlSec?: number;
  /** Takes DPoP proofs, and refuses the first of each to hand out a nonce (RFC 9449 section 8). */
  readonly dpop?: boolean;
}

interface GrantEvent {
  readonly oidc: { readonly params?: { readonly grant_type?: string } };
}

const CODE = ["authorization_code", "refresh_token"];
const DEVICE = "urn:ietf:params:oauth:grant-type:device_code";

function clients(jwk: JsonWebKey | undefined): Record<string, unknown>[] {
  const robot = {
    client_secret: CLIENT_SECRET,
    grant_types: ["client_credentials"],
    redirect_uris: [],
    response_types: [],
    scope: "read write",
  };
  const native = {
    application_type: "native",
    token_endpoint_auth_method: "none",
    scope: "openid offline_access read write",
  };
  return [
    { client_id: "robot", ...robot },
    { client_id: "robot-post", ...robot, token_endpoint_auth_method: "client_secret_post" },
    ...(jwk === undefined ? [] : [{
      client_id: "robot-jwt",
      ...robot,
      client_secret: undefined,
      token_endpoint_auth_method: "private_key_jwt",
      jwks: { keys: [jwk] },
    }]),
    {
      client_id: "app",
      ...native,
      grant_types: CODE,
      response_types: ["code"],
      redirect_uris: ["http://127.0.0.1/callback"],
    },
    {
      client_id: "tv",
      ...native,
      grant_types: [DEVICE, "refresh_token"],
      response_types: [],
      redirect_uris: [],
    },
  ];
}

export async function startOidcServer(options: OidcOptions = {}): Promise<OidcServer> {
  const http = createServer();
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: clients(options.jwk) as never,
    scopes: ["openid", "offline_access", "read", "write"],
    cookies: { keys: ["cookie-key-for-tests"] },
    features: {
      clientCredentials: { enabled: true },
      deviceFlow: { enabled: true },
      revocation: { enabled: true },
      devInteractions: { enabled: true },
      ...(options.dpop
        ? { dPoP: { enabled: true, nonceSecret: Buffer.alloc(32, 7), requireNonce: () => true } }
        : {}),
    },
    ttl: { AccessToken: options.accessTokenTtlSec ?? 3600, ClientCredentials: 3600 },
    rotateRefreshToken: true,
    issueRefreshToken: () => Promise.resolve(true),
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id }),
    }),
  });
  const tokenRequests: string[] = [];
  const noted = ({ oidc }: GrantEvent, outcome: string) => {
    tokenRequests.push(`${oidc.params?.grant_type} ${outcome}`);
  };
  provider.on("grant.success", (event: GrantEvent) => noted(event, "ok"));
  provider.on("grant.error", (event: GrantEvent, error: Error) => noted(event, error.message));
  http.on("request", provider.callback());
  return { issuer, tokenRequests, [Symbol.asyncDispose]: () => close(http) };
}

function close(http: Server): Promise<void> {
  http.closeAllConnections();
  return new Promise((resolve) => http.close(() => resolve()));
}
