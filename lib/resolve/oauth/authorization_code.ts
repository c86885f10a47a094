/**
 * Authorization code with PKCE for an application on the user's machine (RFC 6749 section 4.1, RFC 7636,
 * RFC 8252, RFC 9207).
 *
 * A listener on a loopback address waits for one answer. What arrives with another `state` was not sent
 * by this login: it is answered and forgotten, and the waiting goes on. With the right `state` the
 * answer is judged: `iss` first, then the error or the code. Where no browser can be opened, the user
 * opens the URL elsewhere and pastes the address it ended on; whichever comes first counts.
 */
import * as oauth from "oauth4webapi";
import type { BrowserLogin, CallbackListener } from "../../base/browser_login.ts";
import type { OAuthSource } from "../../base/config.ts";
import type { Terminal } from "../../base/context.ts";
import { AppError } from "../../base/error.ts";
import { base64EncodeBytes, toBase64Url } from "../../http/base64.ts";
import { SecretProblem } from "../secret_problem.ts";
import type { OAuthClient } from "./client.ts";
import { proofOption, withNonce } from "./proof_key.ts";
import type { CachedToken } from "./token_cache.ts";
import { scopeParameter, tokenFrom } from "./token_grants.ts";
import { described, type OAuthContext, oauthProblem, requestOptions } from "./token_request.ts";

/** How long the user has, in milliseconds. */
const LOGIN_TIMEOUT_MS = 5 * 60 * 1000;
/** Registered with the provider; RFC 8252 section 7.3 leaves only the port free. */
const DEFAULT_PATH = "/callback";
const STATE_BYTES = 16;
const VERIFIER_BYTES = 32;

export interface LoginContext extends OAuthContext {
  readonly term: Terminal;
}

/** What is remembered between the question and its answer. */
interface Pending {
  readonly url: string;
  readonly state: string;
  readonly verifier: string;
  readonly redirectUri: string;
}

/**
 * Logs the user in. `browser` is `null` where there is no loopback page.
 *
 * @throws {SecretProblem} when the server or the user refuses; `AppError` `INTERRUPTED`, `NO_INPUT`.
 */
export async function authorizationCodeGrant(
  ctx: LoginContext,
  client: OAuthClient,
  source: OAuthSource,
  scopes: readonly string[],
  browser: BrowserLogin | null,
): Promise<CachedToken> {
  const place = redirectPlace(source);
  const listener = browser === null ? null : await browser.listen(place);
  try {
    const port = listener?.port ?? (place.port || deadPort(ctx));
    const redirectUri = `http://${place.hostname}:${port}${place.path}`;
    const pending = await authorizationRequest(ctx, client, scopes, redirectUri);
    const parameters = await answerTo(ctx, client, pending, browser, listener);
    return await exchangeCode(ctx, client, pending, parameters, scopes);
  } finally {
    await listener?.close();
  }
}

function redirectPlace(source: OAuthSource): { hostname: string; port: number; path: string } {
  const fixed = source.redirectURI === null ? null : new URL(source.redirectURI);
  return {
    hostname: fixed?.hostname ?? "127.0.0.1",
    port: source.callbackPort ?? Number(fixed?.port ?? 0),
    path: fixed?.pathname ?? DEFAULT_PATH,
  };
}

/** A port nobody is likely to listen on, for a redirect that is only read off the address bar. */
function deadPort(ctx: LoginContext): number {
  const [high = 0, low = 0] = ctx.random.bytes(2);
  return 49_152 + (high * 256 + low) % 16_384;
}

async function authorizationRequest(
  ctx: LoginContext,
  client: OAuthClient,
  scopes: readonly string[],
  redirectUri: string,
): Promise<Pending> {
  const verifier = randomText(ctx, VERIFIER_BYTES);
  const state = randomText(ctx, STATE_BYTES);
  const url = new URL(client.server.authorization_endpoint!);
  const parameters = {
    ...client.parameters,
    response_type: "code",
    client_id: client.client.client_id,
    redirect_uri: redirectUri,
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    ...scopeParameter(scopes),
    // OpenID Connect Core section 11: offline access is only given with consent.
    ...(scopes.includes("offline_access") ? { prompt: "consent" } : {}),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return { url: url.href, state, verifier, redirectUri };
}

function randomText(ctx: LoginContext, length: number): string {
  return toBase64Url(base64EncodeBytes(ctx.random.bytes(length)));
}

/** The parameters of the answer that carries the right state, validated. */
async function answerTo(
  ctx: LoginContext,
  client: OAuthClient,
  pending: Pending,
  browser: BrowserLogin | null,
  listener: CallbackListener | null,
): Promise<URLSearchParams> {
  const waiting = new AbortController();
  const signal = AbortSignal.any([
    ctx.signal,
    waiting.signal,
    AbortSignal.timeout(LOGIN_TIMEOUT_MS),
  ]);
  try {
    const opened = await browser?.open(pending.url) ?? false;
    ctx.term.err(
      opened ? "Log in with the browser that has opened, or open:" : "Open this address to log in:",
    );
    ctx.term.err(pending.url);
    const answers = listener === null ? [] : [listened(client, pending, listener, signal)];
    if (!opened && ctx.term.interactive) answers.push(pasted(ctx, client, pending));
    if (answers.length === 0) throw new SecretProblem("there is nobody to log in");
    return await Promise.race(answers);
  } catch (error) {
    if (ctx.signal.aborted) throw new AppError("INTERRUPTED", "Interrupted");
    if (signal.aborted) throw new SecretProblem("nobody logged in within five minutes");
    throw error;
  } finally {
    waiting.abort();
  }
}

async function listened(
  client: OAuthClient,
  pending: Pending,
  listener: CallbackListener,
  signal: AbortSignal,
): Promise<URLSearchParams> {
  for (;;) {
    const request = await listener.next(signal);
    if (!hasState(request.url, pending)) {
      request.respond("ignored");
      continue;
    }
    try {
      const parameters = validated(client, pending, request.url);
      request.respond("accepted");
      return parameters;
    } catch (error) {
      request.respond("refused");
      throw error;
    }
  }
}

async function pasted(
  ctx: LoginContext,
  client: OAuthClient,
  pending: Pending,
): Promise<URLSearchParams> {
  const text = await ctx.term.promptText("Address the browser ended on");
  const url = URL.parse(text.trim());
  if (url === null || !hasState(url, pending)) {
    throw new SecretProblem("the pasted address is not the answer to this login");
  }
  return validated(client, pending, url);
}

function hasState(url: URL, { state }: Pending): boolean {
  const given = url.searchParams.getAll("state");
  return given.length === 1 && given[0] === state;
}

/** @throws {SecretProblem} for an answer of another server, an error, or one without a code. */
function validated(client: OAuthClient, pending: Pending, url: URL): URLSearchParams {
  try {
    return oauth.validateAuthResponse(issuerOf(client, url), client.client, url, pending.state);
  } catch (error) {
    if (error instanceof oauth.AuthorizationResponseError) {
      throw new SecretProblem(
        `the authorization server answered ${described(error.error, error.error_description)}`,
        { code: "AUTH_REFUSED", cause: error },
      );
    }
    throw new SecretProblem("the answer to the login is not what this server would send", {
      code: "AUTH_REFUSED",
      cause: error,
    });
  }
}

/** An issuer that nobody told us must at least be on the origin the user was sent to. */
function issuerOf({ server, issuerKnown }: OAuthClient, url: URL): oauth.AuthorizationServer {
  const issuer = url.searchParams.get("iss");
  if (issuerKnown || issuer === null) return server;
  const expected = new URL(server.authorization_endpoint!).origin;
  return URL.parse(issuer)?.origin === expected ? { ...server, issuer } : server;
}

async function exchangeCode(
  ctx: LoginContext,
  client: OAuthClient,
  pending: Pending,
  parameters: URLSearchParams,
  scopes: readonly string[],
): Promise<CachedToken> {
  try {
    const answer = await withNonce(async () => {
      const response = await oauth.authorizationCodeGrantRequest(
        client.server,
        client.client,
        client.authentication,
        parameters,
        pending.redirectUri,
        pending.verifier,
        {
          ...requestOptions(ctx, client.server.token_endpoint!),
          ...proofOption(client),
          additionalParameters: client.parameters,
        },
      );
      return await oauth.processAuthorizationCodeResponse(client.server, client.client, response);
    });
    return tokenFrom(ctx, answer, scopes, client);
  } catch (error) {
    throw oauthProblem(error, "the token endpoint", client.refusedHint);
  }
}
