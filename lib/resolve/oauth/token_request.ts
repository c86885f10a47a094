/**
 * The HTTP side of the OAuth endpoints, for `oauth4webapi`: bounded, without redirects, and tolerant of
 * what well-known providers get wrong, so that the library, which is strict, sees what they meant.
 */
import * as oauth from "oauth4webapi";
import type { Context } from "../../base/context.ts";
import { AppError } from "../../base/error.ts";
import { escapeForeignText } from "../../base/foreign_text.ts";
import { isRecord, parseJson } from "../../base/json.ts";
import { isLoopbackHost } from "../../http/url.ts";
import { SecretProblem } from "../secret_problem.ts";

const TIMEOUT_MS = 30_000;
/** Of an answer, in bytes; a token response has a few kilobytes. */
const MAX_ANSWER_BYTES = 1024 * 1024;
/** Of a server's error description shown, in UTF-16 units. */
const MAX_DESCRIPTION_LENGTH = 200;

export type OAuthContext = Pick<Context, "clock" | "fetch" | "random" | "redactor" | "signal">;

type OAuthRequest = Pick<
  oauth.CustomFetchOptions<string, URLSearchParams | undefined>,
  "body" | "headers" | "method"
>;

export interface OAuthRequestOptions {
  readonly [oauth.customFetch]: (url: string, request: OAuthRequest) => Promise<Response>;
  readonly [oauth.allowInsecureRequests]: boolean;
}

/** The options every request to `url` is made with. Plain http only on this machine. */
export function requestOptions(ctx: OAuthContext, url: string): OAuthRequestOptions {
  return {
    [oauth.customFetch]: (target, request) => send(ctx, target, request),
    [oauth.allowInsecureRequests]: isLoopbackHost(new URL(url).hostname),
  };
}

async function send(
  ctx: OAuthContext,
  url: string,
  { method, headers, body }: OAuthRequest,
): Promise<Response> {
  // What `AbortSignal.timeout` makes stays for as long as it would last: a server asks for a token every minute.
  const stopping = new AbortController();
  const stop = () => stopping.abort(ctx.signal.reason);
  const timer = setTimeout(() => stopping.abort(), TIMEOUT_MS);
  ctx.signal.addEventListener("abort", stop, { once: true });
  if (ctx.signal.aborted) stop();
  const { signal } = stopping;
  let response: Response;
  let answer: Uint8Array<ArrayBuffer>;
  try {
    const init = { method, headers, body: body ?? null, redirect: "manual", signal } as const;
    response = await ctx.fetch(url, init);
    answer = await boundedBody(response);
  } catch (error) {
    if (ctx.signal.aborted) throw new AppError("INTERRUPTED", "Interrupted");
    if (error instanceof SecretProblem) throw error;
    throw new SecretProblem(`${new URL(url).host} does not answer`, {
      code: "UNREACHABLE",
      hint: "Check the address and the network, then try again",
      cause: error,
    });
  } finally {
    clearTimeout(timer);
    ctx.signal.removeEventListener("abort", stop);
  }
  return tolerant(response, answer);
}

async function boundedBody(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) throw new SecretProblem("the answer is too large");
    chunks.push(chunk);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/**
 * The answer as RFC 6749 section 5 has it. Seen in the wild: no `token_type`, `expires_in` as a text or
 * null, scopes with commas or as a list, JSON under another content type, an error with status 200.
 * An ID token is left out: nothing here uses one, so none is validated.
 */
function tolerant(response: Response, body: Uint8Array<ArrayBuffer>): Response {
  const headers = new Headers(response.headers);
  const json = parseJson(new TextDecoder().decode(body));
  // A response with one of these statuses may not have a body (Fetch standard).
  const isNull = [101, 103, 204, 205, 304].includes(response.status);
  if (isNull || !isRecord(json)) {
    return new Response(isNull ? null : body, { status: response.status, headers });
  }
  headers.set("content-type", "application/json");
  headers.delete("content-length");
  headers.delete("content-encoding");
  const { id_token: _, ...members } = json as Record<string, unknown>;
  if (typeof members.access_token === "string") normalizeToken(members);
  const status = response.status === 200 && typeof members.error === "string" &&
      members.access_token === undefined
    ? 400
    : response.status;
  return new Response(JSON.stringify(members), { status, headers });
}

function normalizeToken(members: Record<string, unknown>): void {
  const { token_type, expires_in, scope, refresh_token } = members;
  if (typeof token_type !== "string" || token_type === "") members.token_type = "bearer";
  const seconds = typeof expires_in === "string" ? Number(expires_in) : expires_in;
  if (typeof seconds === "number" && seconds > 0) members.expires_in = seconds;
  else delete members.expires_in;
  if (Array.isArray(scope)) members.scope = scope.join(" ");
  else if (typeof scope === "string") members.scope = scope.replaceAll(",", " ");
  else delete members.scope;
  if (typeof refresh_token !== "string" || refresh_token === "") delete members.refresh_token;
}

/**
 * What went wrong at an OAuth endpoint, as the reason of a verdict.
 *
 * @param what `the token endpoint`
 * @param refusedHint What may be tried where the server does not take the client (RFC 6749 section 5.2).
 */
export function oauthProblem(
  error: unknown,
  what: string,
  refusedHint: string | null = null,
): unknown {
  const tried = refusedHint === null ? {} : { hint: refusedHint };
  if (error instanceof SecretProblem || error instanceof AppError) return error;
  if (error instanceof oauth.ResponseBodyError) {
    const reason = `${what} answered ${described(error.error, error.error_description)}`;
    const hint = error.error === "invalid_client" ? tried : {};
    return new SecretProblem(reason, { ...hint, code: "AUTH_REFUSED", cause: error });
  }
  if (error instanceof oauth.WWWAuthenticateChallengeError) {
    const reason = `${what} refused the client with status ${error.status}`;
    const hint = error.status === 401 ? tried : {};
    return new SecretProblem(reason, { ...hint, code: "AUTH_REFUSED", cause: error });
  }
  if (error instanceof oauth.UnsupportedOperationError) {
    return new SecretProblem(`${what} answered a kind of token that is not supported`, {
      cause: error,
    });
  }
  if (!(error instanceof oauth.OperationProcessingError)) return error;
  if (error.code === oauth.HTTP_REQUEST_FORBIDDEN) {
    return new SecretProblem(`${what} is not https`, { cause: error });
  }
  const status = error.cause instanceof Response ? error.cause.status : 200;
  if (status < 300) {
    return new SecretProblem(`${what} answered something else than a token`, { cause: error });
  }
  return new SecretProblem(`${what} answered with status ${status}`, {
    ...(status >= 500 ? { code: "UPSTREAM_FAILED" } : {}),
    ...(status >= 400 && status < 500 ? { code: "AUTH_REFUSED" } : {}),
    cause: error,
  });
}

/** An error code and its description: a server's words, so escaped and cut. */
export function described(code: string, description: string | null | undefined): string {
  const text = `"${code}"${description ? ` (${description})` : ""}`;
  return escapeForeignText(text.slice(0, MAX_DESCRIPTION_LENGTH));
}

/** True for a refusal that says the grant itself (code, refresh token) is no longer good. */
export function isInvalidGrant(error: unknown): boolean {
  const cause = error instanceof SecretProblem ? error.cause : error;
  return cause instanceof oauth.ResponseBodyError && cause.error === "invalid_grant";
}
