/**
 * Whether a result carries anything that could authenticate a request. A script that reads a token
 * out of the wrong answer yields `Bearer undefined`, an empty cookie or nothing at all.
 */
import type { JsonValue } from "../base/json.ts";
import { isEmptyCredential, isMissing } from "../http/auth_scheme.ts";
import { parseCookieHeader } from "../http/cookies.ts";
import { isOwnHeader } from "../http/ordinary_traffic.ts";
import type { AuthResult } from "../script/contract.ts";

type Carried = Pick<AuthResult, "headers" | "body_params" | "query_params" | "computed">;

/** Of a parameter; an object or a list stands for what is in it. */
function isNothing(value: JsonValue): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return isMissing(String(value));
}

/** True for a header that may hold a credential, judged by its name. */
export function mayAuthenticate(headerName: string): boolean {
  const lower = headerName.toLowerCase();
  // jQuery's mark that a script asks, which no other page can set.
  if (lower === "x-requested-with") return false;
  // `token-type: Bearer` says of what kind the credential beside it is (RFC 6749 section 7.1).
  return lower === "cookie" || isOwnHeader(lower) && !/(^|[-_])(type|scheme)$/.test(lower);
}

/** Why the result authenticates nothing; `null` when it carries at least one credential and no empty one. */
export function credentialGap(result: Carried): string | null {
  const headers = Object.entries(result.headers).filter(([name]) => mayAuthenticate(name));
  const empty = headers.find(([name, value]) => isEmptyHeader(name, value));
  if (empty !== undefined) return `its header "${empty[0]}" holds no credential`;
  const params = [
    ...Object.entries(result.body_params ?? {}),
    ...Object.entries(result.query_params ?? {}),
  ];
  const gap = params.find(([, value]) => isNothing(value));
  if (gap !== undefined) return `its parameter "${gap[0]}" holds no credential`;
  const carried = headers.length + params.length + (result.computed ?? []).length;
  return carried === 0 ? "it carries no header, parameter or computed credential" : null;
}

function isEmptyHeader(name: string, value: string): boolean {
  if (name.toLowerCase() === "cookie") {
    return parseCookieHeader(value).every(([, cookie]) => isMissing(cookie));
  }
  return isEmptyCredential(value);
}
