/**
 * HTTP Digest access authentication (RFC 7616): the `Authorization` value that answers a challenge.
 * Pure: nonce count and client nonce come from the caller.
 */
import { createHash } from "node:crypto";
import type { Challenge } from "./challenge.ts";

export interface DigestRequest {
  readonly username: string;
  readonly password: string;
  /** Upper case. */
  readonly method: string;
  /** The request target as it stands in the request line: path and query. */
  readonly uri: string;
  /** How many requests, this one included, used the server's nonce: 1 for a fresh one. */
  readonly nc: number;
  /** Client nonce, fresh for each request. */
  readonly cnonce: string;
  /** Covered by the digest when the server insists on `auth-int`. */
  readonly body?: Uint8Array | null;
}

/** `node:crypto` names by the `algorithm` of the challenge without `-sess` (RFC 7616 section 6.1). */
const HASHES: Readonly<Record<string, string>> = {
  "MD5": "md5",
  "SHA-256": "sha256",
  "SHA-512-256": "sha512-256",
};

type Hash = (data: string | Uint8Array) => string;

/** What of the first Digest challenge can be answered; servers list the one they prefer first (section 3.7). */
export function digestChallenge(challenges: readonly Challenge[]): Challenge | undefined {
  return challenges.find((challenge) => challenge.scheme === "digest" && isAnswerable(challenge));
}

/**
 * The value of the `Authorization` header, its parameters in the order of the examples of RFC 7616 section 3.9:
 * some devices read no other.
 *
 * @throws {RangeError} for a challenge that `digestChallenge` would not have chosen.
 */
export function digestAuthorization(challenge: Challenge, request: DigestRequest): string {
  if (!isAnswerable(challenge)) {
    throw new RangeError("Challenge is not an answerable Digest challenge");
  }
  const { realm = "", nonce = "", opaque, algorithm } = challenge.params;
  const hash = hashOf(algorithm)!;
  const qop = qopOf(challenge) ?? undefined;
  const nc = request.nc.toString(16).padStart(8, "0");
  const nonces = qop === undefined ? [nonce] : [nonce, nc, request.cnonce, qop];
  const response = hash(
    [secretHash(challenge, request, hash), ...nonces, requestHash(request, qop, hash)].join(":"),
  );
  const isHashed = challenge.params["userhash"]?.toLowerCase() === "true";
  const hasCnonce = qop !== undefined || isSession(algorithm);
  const parts = [
    usernamePart(isHashed ? hash(`${request.username}:${realm}`) : request.username),
    `realm=${quote(realm)}`,
    `uri=${quote(request.uri)}`,
    algorithm === undefined ? "" : `algorithm=${algorithm}`,
    `nonce=${quote(nonce)}`,
    qop === undefined ? "" : `nc=${nc}`,
    hasCnonce ? `cnonce=${quote(request.cnonce)}` : "",
    qop === undefined ? "" : `qop=${qop}`,
    `response="${response}"`,
    opaque === undefined ? "" : `opaque=${quote(opaque)}`,
    isHashed ? "userhash=true" : "",
  ];
  return `Digest ${parts.filter((part) => part !== "").join(", ")}`;
}

function isAnswerable(challenge: Challenge): boolean {
  return challenge.params["nonce"] !== undefined &&
    hashOf(challenge.params["algorithm"]) !== undefined && qopOf(challenge) !== null;
}

/** MD5 where the challenge names no algorithm (section 3.3). */
function hashOf(algorithm = "MD5"): Hash | undefined {
  const name = HASHES[algorithm.toUpperCase().replace(/-SESS$/, "")];
  return name === undefined ? undefined : (data) => createHash(name).update(data).digest("hex");
}

function isSession(algorithm: string | undefined): boolean {
  return /-sess$/i.test(algorithm ?? "");
}

/** `undefined`: the challenge of RFC 2069 servers, without `qop`; `null`: only unknown ones offered. */
function qopOf(challenge: Challenge): "auth" | "auth-int" | undefined | null {
  const offered = challenge.params["qop"];
  if (offered === undefined) return undefined;
  const names = offered.toLowerCase().split(",").map((name) => name.trim());
  return names.includes("auth") ? "auth" : names.includes("auth-int") ? "auth-int" : null;
}

/** A1 of section 3.4.2, hashed. */
function secretHash(challenge: Challenge, request: DigestRequest, hash: Hash): string {
  const { realm = "", nonce, algorithm } = challenge.params;
  const secret = hash(`${request.username}:${realm}:${request.password}`);
  return isSession(algorithm) ? hash(`${secret}:${nonce}:${request.cnonce}`) : secret;
}

/** A2 of section 3.4.3, hashed. */
function requestHash({ method, uri, body }: DigestRequest, qop: string | undefined, hash: Hash) {
  const target = `${method}:${uri}`;
  return hash(qop === "auth-int" ? `${target}:${hash(body ?? new Uint8Array())}` : target);
}

/** In clear, or encoded where it is not ASCII (section 3.4). */
function usernamePart(username: string): string {
  if (/^[\x20-\x7e]*$/.test(username)) return `username=${quote(username)}`;
  return `username*=UTF-8''${encodeURIComponent(username).replace(/['()*]/g, percentEncode)}`;
}

function percentEncode(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}

function quote(value: string): string {
  return `"${value.replace(/["\\]/g, "\\$&")}"`;
}
