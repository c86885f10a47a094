/**
 * Refusals that hand out what they miss: a new session id with 409, a new anti-forgery value with 403 or
 * 419. The request is made once more with it, whatever its method: the server has not carried it out. Pure.
 */
import type { HttpRequest } from "../http/exchange.ts";
import { parseSetCookie } from "../http/cookies.ts";
import { isOwnHeader } from "../http/ordinary_traffic.ts";
import { isAntiForgeryName } from "../http/vocabulary.ts";
import { applyRenewals, NONCE, type Renewal } from "../token/renewals.ts";
import type { TokenState } from "../token/token_state.ts";
import { setHeader } from "./credentials.ts";
import type { ToolResponse } from "./response.ts";

export interface Remedy {
  readonly request: HttpRequest;
  readonly token: TokenState;
  /** Lower case: the headers whose values were taken over. */
  readonly names: readonly string[];
  /** What of the answer the token has taken over. */
  readonly renewals: readonly Renewal[];
}

/** `null` where the answer is not a refusal, or hands out nothing that the request carries. */
export function remedyIn(
  request: HttpRequest,
  token: TokenState,
  response: ToolResponse,
  nowMs: number,
): Remedy | null {
  const { status, redirects } = response;
  if (status < 400 || status >= 500 || status === 429 || redirects > 0) return null;
  const renewals = response.renewals.filter(isGuard);
  const renewed = applyRenewals(token, token, renewals, nowMs) ?? token;
  const repeated = withHandedOut(request, response);
  if (renewed === token && repeated === request) return null;
  const names = [
    ...repeated.headers.filter((header) => !request.headers.includes(header)).map(([name]) => name),
    ...renewed === token ? [] : renewals.map(({ name }) => name),
  ].map((name) => name.toLowerCase());
  return { request: repeated, token: renewed, names, renewals };
}

/** A refusal may end the session with its cookie, or hand out an anonymous one: only guards are taken. */
function isGuard({ name, value }: Renewal): boolean {
  if (name === NONCE) return false; // the request has been made again with it
  if (name !== "set-cookie") return true;
  const cookie = parseSetCookie(value);
  return cookie !== null && cookie.value !== "" && isAntiForgeryName(cookie.name);
}

/** Values of headers that the tool itself sends. */
function withHandedOut(request: HttpRequest, { headers }: ToolResponse): HttpRequest {
  const handedOut = new Map(headers.map(([name, value]) => [name.toLowerCase(), value]));
  const fresh = request.headers.filter(([name, value]) => {
    const given = handedOut.get(name.toLowerCase());
    return given !== undefined && given !== "" && given !== value && isOwnHeader(name);
  });
  if (fresh.length === 0) return request;
  return fresh.reduce(
    (next, [name]) => ({
      ...next,
      headers: setHeader(next.headers, name, handedOut.get(name.toLowerCase())!),
    }),
    request,
  );
}
