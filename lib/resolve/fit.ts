/**
 * Which credential can fill which scheme, and what it then puts on the request. Any credential may
 * satisfy any scheme it can fill: a token from the environment an `oauth2` scheme, an OAuth token
 * `http bearer`. Pure.
 */
import { hasScheme, splitScheme } from "../http/auth_scheme.ts";
import { base64Encode } from "../http/base64.ts";
import { requestCookies } from "../http/cookies.ts";
import type { SecurityRequirement } from "../openapi/security.ts";
import type { TokenState } from "../token/token_state.ts";
import type { ProofKey } from "./oauth/proof_key.ts";
import {
  type ClientCertificate,
  type Credential,
  EMPTY_PLACEMENT,
  type Placement,
  PRESUMED_VALUE,
} from "./credential.ts";

/** Why a credential cannot be used; said in the verdict, so without any value. */
export class Misfit extends Error {
  override readonly name = "Misfit";
}

/**
 * A user name and a password, and nothing else: a credential with its `kind` does not fit the type, and so
 * cannot be spread over the `kind` of what it is put into.
 */
interface NamePassword {
  readonly kind?: never;
  readonly username: string;
  readonly password: string;
}

/** `http` schemes whose credentials are not something that can be kept and sent. */
const REFUSED_HTTP_SCHEMES: readonly string[] = [
  "gnap",
  "hoba",
  "mutual",
  "negotiate",
  "ntlm",
  "scram-sha-1",
  "scram-sha-256",
  "vapid",
];

/** Why no credential at all can satisfy the requirement; `null` when one can. */
export function unsupportedReason(requirement: SecurityRequirement): string | null {
  if (requirement.problem !== null) return requirement.problem;
  if (requirement.type === "http" && REFUSED_HTTP_SCHEMES.includes(requirement.scheme ?? "")) {
    return `HTTP scheme "${requirement.scheme}" is not supported`;
  }
  return null;
}

/** True for a scheme that asks for AWS Signature Version 4. */
export function wantsAwsSignature(requirement: SecurityRequirement): boolean {
  return /sigv4/i.test(requirement.amazonAuthType ?? "");
}

/**
 * What the credential puts on a request to the origin `target` to satisfy the requirement.
 *
 * @throws {Misfit} when it cannot.
 */
export function placementFor(
  requirement: SecurityRequirement,
  credential: Credential,
  target: string,
): Placement {
  if (credential.kind === "app") {
    const { app, token } = credential;
    if (token.origins.includes(target)) return appPlacement(requirement, app, token);
    throw new Misfit(`the token of app "${app}" may not go to ${target}`);
  }
  if (wantsAwsSignature(requirement) || credential.kind === "aws") {
    return awsPlacement(requirement, credential);
  }
  switch (requirement.type) {
    case "apiKey":
      return apiKeyPlacement(requirement, credential);
    case "mutualTLS":
      return certificatePlacement(credential);
    case "http":
      return httpPlacement(requirement.scheme ?? "", credential);
    case "oauth2":
    case "openIdConnect":
      return httpPlacement("bearer", credential);
    default:
      return attachedPlacement(credential);
  }
}

/** A scheme that only the configuration names: the credential decides what it is. */
function attachedPlacement(credential: Credential): Placement {
  if (credential.kind === "certificate") return certificatePlacement(credential);
  return httpPlacement(credential.kind === "pair" ? "basic" : "bearer", credential);
}

function httpPlacement(scheme: string, credential: Credential): Placement {
  switch (scheme) {
    case "bearer":
      if (credential.kind === "token" && credential.key !== undefined) {
        return boundPlacement(credential.value, credential.key);
      }
      return header("Authorization", `Bearer ${tokenText(credential)}`);
    case "dpop":
      if (credential.kind === "presumed") return header("Authorization", `DPoP ${PRESUMED_VALUE}`);
      if (credential.kind === "token" && credential.key !== undefined) {
        return boundPlacement(credential.value, credential.key);
      }
      throw new Misfit(
        `a token with its key is needed: a secret of type "oauth2" with "dpop: true"`,
      );
    case "basic": {
      if (credential.kind === "presumed") return header("Authorization", `Basic ${PRESUMED_VALUE}`);
      const { username, password } = pairOf(credential);
      if (username.includes(":")) throw new Misfit(`a user name with ":" cannot be sent as Basic`);
      return header("Authorization", `Basic ${base64Encode(`${username}:${password}`)}`);
    }
    case "digest": {
      const pair = credential.kind === "presumed"
        ? { username: PRESUMED_VALUE, password: PRESUMED_VALUE }
        : pairOf(credential);
      return { ...EMPTY_PLACEMENT, computed: [{ ...pair, kind: "http_digest" }] };
    }
    default:
      return header("Authorization", `${scheme} ${tokenText(credential)}`);
  }
}

/** RFC 9449 section 7.1. */
function boundPlacement(value: string, key: ProofKey): Placement {
  const { headers } = header("Authorization", `DPoP ${headerSafe(value)}`);
  return { ...EMPTY_PLACEMENT, headers, bound: { value, key } };
}

/** People paste what they copied, with its scheme. */
function withoutBearer(value: string): string {
  return hasScheme(value, "bearer") ? splitScheme(value).credentials : value;
}

function tokenText(credential: Credential): string {
  switch (credential.kind) {
    case "text":
    case "token":
      return headerSafe(withoutBearer(credential.value));
    case "presumed":
      return PRESUMED_VALUE;
    case "pair":
      throw new Misfit("a user name and password are no bearer token");
    default:
      throw new Misfit(`a ${credential.kind} is not a bearer token`);
  }
}

function pairOf(credential: Credential): NamePassword {
  if (credential.kind === "pair") {
    const { username, password } = credential;
    return { username, password };
  }
  const colon = credential.kind === "text" ? credential.value.indexOf(":") : -1;
  if (credential.kind !== "text" || colon < 0) {
    throw new Misfit(
      `a user name and password are needed: type "basic", or a text "user:password"`,
    );
  }
  const { value } = credential;
  return { username: value.slice(0, colon), password: value.slice(colon + 1) };
}

function apiKeyPlacement(requirement: SecurityRequirement, credential: Credential): Placement {
  const name = requirement.parameterName ?? "";
  if (requirement.in === "header") return header(name, headerSafe(keyText(name, credential)));
  const value = keyText("", credential);
  if (requirement.in === "query") return { ...EMPTY_PLACEMENT, query: { [name]: value } };
  if (/[^!-~]|[;,"\\]/.test(value)) {
    throw new Misfit("the value has characters that cannot stand in a cookie");
  }
  return { ...EMPTY_PLACEMENT, cookies: { [name]: value } };
}

/** A key in `Authorization` is sent as it is configured; what has a scheme of its own is sent with it. */
function keyText(headerName: string, credential: Credential): string {
  const isAuthorization = headerName.toLowerCase() === "authorization";
  switch (credential.kind) {
    case "text":
      return credential.value;
    case "token":
      return isAuthorization ? `Bearer ${credential.value}` : credential.value;
    case "presumed":
      return PRESUMED_VALUE;
    case "pair":
      if (!isAuthorization) throw new Misfit("a user name and password are no API key");
      return `Basic ${base64Encode(`${credential.username}:${credential.password}`)}`;
    default:
      throw new Misfit(`a ${credential.kind} is not an API key`);
  }
}

function certificatePlacement(credential: Credential): Placement {
  const pem = clientCertificate(credential);
  const isUsable = credential.kind === "presumed" || pem !== null &&
      pem.certificate.includes("-----BEGIN CERTIFICATE-----") &&
      /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem.key);
  if (isUsable) return { ...EMPTY_PLACEMENT, certificate: pem };
  throw new Misfit(`a certificate and its private key are needed, both PEM: type "certificate"`);
}

/** One text may hold both. */
function clientCertificate(credential: Credential): ClientCertificate | null {
  switch (credential.kind) {
    case "certificate":
      return credential;
    case "text":
      return { certificate: credential.value, key: credential.value, ca: null };
    case "presumed":
      return { certificate: PRESUMED_VALUE, key: PRESUMED_VALUE, ca: null };
    default:
      return null;
  }
}

function awsPlacement(requirement: SecurityRequirement, credential: Credential): Placement {
  if (credential.kind === "presumed") {
    return header("Authorization", `AWS4-HMAC-SHA256 ${PRESUMED_VALUE}`);
  }
  if (credential.kind !== "aws") {
    throw new Misfit(`an AWS signature is needed: a secret of type "awsSigV4"`);
  }
  const canSign = wantsAwsSignature(requirement) || requirement.type === "undeclared" ||
    requirement.in === "header" && requirement.parameterName?.toLowerCase() === "authorization";
  if (!canSign) throw new Misfit("an AWS signature is not what this scheme asks for");
  return { ...EMPTY_PLACEMENT, aws: credential.keys };
}

/**
 * The token of a captured app satisfies a scheme when it holds something in the scheme's place; then
 * all of it is sent, since the app sent all of it.
 */
function appPlacement(
  requirement: SecurityRequirement,
  app: string,
  token: TokenState,
): Placement {
  const missing = missingPlace(requirement, token);
  if (missing !== null) throw new Misfit(`the token of app "${app}" holds no ${missing}`);
  return {
    ...EMPTY_PLACEMENT,
    headers: token.headers,
    query: token.query_params,
    body: token.body_params,
    computed: token.computed,
  };
}

function missingPlace(requirement: SecurityRequirement, token: TokenState): string | null {
  const headerNames = Object.keys(token.headers).map((name) => name.toLowerCase());
  const name = requirement.parameterName ?? "";
  switch (requirement.type) {
    case "mutualTLS":
      return "client certificate";
    case "apiKey":
      if (requirement.in === "query") {
        return Object.hasOwn(token.query_params, name) ? null : `query parameter "${name}"`;
      }
      if (requirement.in === "cookie") {
        const cookies = requestCookies(Object.entries(token.headers));
        return cookies.some(([cookie]) => cookie === name) ? null : `cookie "${name}"`;
      }
      return headerNames.includes(name.toLowerCase()) ? null : `header "${name}"`;
    case "undeclared":
      return null;
    default:
      return headerNames.includes("authorization") || token.computed.length > 0
        ? null
        : `header "Authorization"`;
  }
}

function header(name: string, value: string): Placement {
  return { ...EMPTY_PLACEMENT, headers: { [name]: value } };
}

/** RFC 9110 section 5.5, Latin-1 as `fetch` takes it. */
function headerSafe(value: string): string {
  if (/[^\t\x20-\x7e\x80-\xff]/.test(value) && value !== PRESUMED_VALUE) {
    throw new Misfit("the value has line breaks or characters that cannot stand in a header");
  }
  return value;
}
