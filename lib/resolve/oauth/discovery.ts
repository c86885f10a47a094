/**
 * Authorization server metadata (OpenID Connect Discovery 1.0, RFC 8414), kept in the home. It is only
 * asked for when a token has to be had, and an old copy serves while the server does not answer.
 */
import { createHash } from "node:crypto";
import * as oauth from "oauth4webapi";
import { isRecord } from "../../base/json.ts";
import type { Home } from "../../store/home.ts";
import { readJsonFile, writeJsonFile } from "../../store/json_file.ts";
import { SecretProblem } from "../secret_problem.ts";
import { type OAuthContext, oauthProblem, requestOptions } from "./token_request.ts";

const FRESH_MS = 24 * 60 * 60 * 1000;

const OPENID_SUFFIX = "/.well-known/openid-configuration";

interface CachedMetadata {
  readonly fetched_at_ms: number;
  readonly metadata: oauth.AuthorizationServer;
}

/** An issuer identifier, or the URL of a metadata document. */
export type MetadataPlace =
  | { readonly kind: "issuer"; readonly url: string }
  | { readonly kind: "document"; readonly url: string };

/** The metadata of a server. @throws {SecretProblem} when it cannot be had. */
export async function serverMetadata(
  ctx: OAuthContext,
  home: Home,
  place: MetadataPlace,
): Promise<oauth.AuthorizationServer> {
  const path = home.path("oauth", `metadata-${digest(JSON.stringify(place))}.json`);
  const cached = await readJsonFile(path, validateCached);
  const nowMs = ctx.clock.nowMs();
  if (cached !== null && nowMs - cached.fetched_at_ms < FRESH_MS) return cached.metadata;
  try {
    const metadata = await fetchMetadata(ctx, place);
    await writeJsonFile(path, { fetched_at_ms: nowMs, metadata });
    return metadata;
  } catch (error) {
    if (cached !== null && error instanceof SecretProblem) return cached.metadata;
    throw error;
  }
}

async function fetchMetadata(
  ctx: OAuthContext,
  place: MetadataPlace,
): Promise<oauth.AuthorizationServer> {
  const what = `the metadata of ${place.url}`;
  if (place.kind === "document" && !place.url.endsWith(OPENID_SUFFIX)) {
    return await fetchDocument(ctx, place.url);
  }
  const issuer = new URL(place.url.replace(OPENID_SUFFIX, ""));
  let first: unknown;
  for (const algorithm of ["oidc", "oauth2"] as const) {
    try {
      const options = { ...requestOptions(ctx, issuer.href), algorithm };
      const response = await oauth.discoveryRequest(issuer, options);
      return await oauth.processDiscoveryResponse(issuer, response);
    } catch (error) {
      const problem = oauthProblem(error, what);
      if (!(problem instanceof SecretProblem)) throw problem;
      first ??= problem;
    }
  }
  throw first;
}

/** A metadata document at an address of its own must speak for an issuer on the same origin. */
async function fetchDocument(ctx: OAuthContext, url: string): Promise<oauth.AuthorizationServer> {
  const what = `the metadata of ${url}`;
  const options = requestOptions(ctx, url);
  oauth.checkProtocol(new URL(url), !options[oauth.allowInsecureRequests]);
  const response = await options[oauth.customFetch](url, {
    method: "GET",
    headers: { accept: "application/json" },
    body: undefined,
  });
  const json: unknown = response.ok ? await response.json().catch(() => null) : null;
  const issuer = isRecord(json) && typeof json.issuer === "string" ? URL.parse(json.issuer) : null;
  if (issuer === null) throw new SecretProblem(`${what} cannot be read`);
  if (issuer.origin !== new URL(url).origin) {
    throw new SecretProblem(`${what} speaks for another server, ${issuer.origin}`);
  }
  return json as unknown as oauth.AuthorizationServer;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 40);
}

function validateCached(value: unknown): CachedMetadata {
  if (!isRecord(value) || typeof value.fetched_at_ms !== "number") {
    throw new TypeError(`"fetched_at_ms" is not a time`);
  }
  if (!isRecord(value.metadata) || typeof value.metadata.issuer !== "string") {
    throw new TypeError(`"metadata" names no issuer`);
  }
  return value as unknown as CachedMetadata;
}
