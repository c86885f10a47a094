/**
 * Proofs of possession (DPoP, RFC 9449 section 4): a signed token in the header `DPoP` of each request, for
 * its method and address, with the public half of the key that signed it.
 */
import { createHash, createPublicKey, type JsonWebKey as NodeJwk, verify } from "node:crypto";
import { isRecord, type JsonObject } from "../base/json.ts";
import { splitScheme } from "./auth_scheme.ts";
import { base64DecodeBytes } from "./base64.ts";
import type { HttpRequest } from "./exchange.ts";
import { headerValue } from "./headers.ts";
import { decodeJwt } from "./jwt.ts";

/** A private key as JWK (RFC 7517), with its algorithm under `alg`. Secret. */
export type ProofKey = Readonly<JsonWebKey>;

/** Those of RFC 7518 section 3.1 that Web Crypto makes keys for everywhere. */
const ALGORITHMS = ["ES256", "ES384", "RS256", "PS256"] as const;
export type ProofAlgorithm = (typeof ALGORITHMS)[number];

export interface KeyProof {
  readonly alg: string;
  /** Public. */
  readonly jwk: JsonObject;
  readonly claims: JsonObject;
  readonly text: string;
}

export function isProofAlgorithm(alg: unknown): alg is ProofAlgorithm {
  return ALGORITHMS.some((known) => known === alg);
}

/** The proof of a request, good or not; `null` where it carries none. */
export function keyProofOf({ headers }: HttpRequest): KeyProof | null {
  const text = headerValue(headers, "dpop");
  const decoded = text === undefined ? null : decodeJwt(text);
  if (decoded?.header["typ"] !== "dpop+jwt") return null;
  const { alg, jwk } = decoded.header;
  return { alg: String(alg), jwk: isRecord(jwk) ? jwk : {}, claims: decoded.payload, text: text! };
}

const PUBLIC_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  EC: ["crv", "kty", "x", "y"],
  RSA: ["e", "kty", "n"],
};
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi"];

/** Names a key (RFC 7638); `null` for none of a known type. */
export function keyThumbprint(jwk: object): string | null {
  const members = jwk as Readonly<Record<string, unknown>>;
  const names = PUBLIC_MEMBERS[String(members["kty"])];
  if (names === undefined || names.some((name) => typeof members[name] !== "string")) return null;
  const text = JSON.stringify(Object.fromEntries(names.map((name) => [name, members[name]])));
  return createHash("sha256").update(text).digest("base64url");
}

/** What of a private key is secret. */
export function secretsOfKey(key: ProofKey): string[] {
  const members = key as Readonly<Record<string, unknown>>;
  return PRIVATE_MEMBERS.map((name) => members[name]).filter((value) => typeof value === "string");
}

/** A private key with nothing but the members that make it one; `null` when it is none. */
export function readProofKey(value: unknown): ProofKey | null {
  if (!isRecord(value) || !isProofAlgorithm(value.alg)) return null;
  const wanted = [...PUBLIC_MEMBERS[String(value.kty)] ?? [], ...PRIVATE_MEMBERS, "alg"];
  const members = Object.entries(value).filter(([name]) => wanted.includes(name));
  const isWhole = members.every(([, part]) => typeof part === "string" && isToken(part));
  if (!isWhole || keyThumbprint(value) === null || typeof value.d !== "string") return null;
  return Object.fromEntries(members) as ProofKey;
}

function isToken(text: string): boolean {
  return text !== "" && !/[^\w-]/.test(text);
}

/** What makes a proof none (section 4.3), but for its time and whether it was seen before; `null`: it is good. */
export function proofFault(proof: KeyProof, request: HttpRequest): string | null {
  const { alg, jwk, claims } = proof;
  if (!isProofAlgorithm(alg) || keyThumbprint(jwk) === null) return "names no key of a known kind";
  if (PRIVATE_MEMBERS.some((name) => name in jwk)) return "shows its private key";
  if (!isSignedBy(proof)) return "is not signed with the key that it shows";
  const { origin, pathname } = new URL(request.url);
  if (claims["htm"] !== request.method) return "is for another method";
  if (claims["htu"] !== origin + pathname) return "is for another address";
  if (typeof claims["iat"] !== "number") return "does not say when it was made";
  if (typeof claims["jti"] !== "string" || claims["jti"] === "") return "has no identifier";
  const token = boundToken(request);
  if (token === null) return null;
  return claims["ath"] === createHash("sha256").update(token).digest("base64url")
    ? null
    : "is for another token";
}

/** The access token that a request carries as a bound one (section 7.1). */
export function boundToken({ headers }: HttpRequest): string | null {
  const { scheme, credentials } = splitScheme(headerValue(headers, "authorization") ?? "");
  return scheme === "dpop" ? credentials : null;
}

function isSignedBy({ alg, jwk, text }: KeyProof): boolean {
  const end = text.lastIndexOf(".");
  const signature = base64DecodeBytes(text.slice(end + 1));
  if (signature === undefined) return false;
  try {
    const key = createPublicKey({ key: jwk as NodeJwk, format: "jwk" });
    const padding = alg.startsWith("PS") ? { padding: 6, saltLength: 32 } : {};
    return verify(
      `sha${alg.slice(2)}`,
      new TextEncoder().encode(text.slice(0, end)),
      { key, dsaEncoding: "ieee-p1363", ...padding },
      signature,
    );
  } catch {
    return false;
  }
}
