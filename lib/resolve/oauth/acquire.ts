/**
 * The way to an access token of an OAuth secret. Without the user: a cached one with all scopes, else a
 * refresh, else client credentials, the last two under the lock, where the cache is read again: of many
 * processes one asks, and the others find what it got; within one process they share its failure, too. With the user: authorization code or device.
 * While a cached token is good, neither secret nor server is asked for anything.
 */
import type { BrowserLogin } from "../../base/browser_login.ts";
import type { OAuthSource } from "../../base/config.ts";
import type { Environment } from "../../base/context.ts";
import type { SecurityRequirement } from "../../openapi/security.ts";
import type { Home } from "../../store/home.ts";
import { openKeychain } from "../../store/keychain.ts";
import { readText } from "../text_secret.ts";
import { authorizationCodeGrant, type LoginContext } from "./authorization_code.ts";
import { type OAuthClient, oauthClient } from "./client.ts";
import { deviceGrant } from "./device_authorization.ts";
import { type Grant, grantFor } from "./grant.ts";
import { newProofKey, type ProofKey } from "./proof_key.ts";
import { endpointsFor, serverName } from "./server.ts";
import { shared } from "./shared_work.ts";
import {
  type CachedToken,
  cacheKey,
  covers,
  fileCache,
  keychainCache,
  memoryCache,
  type TokenCache,
  usableIn,
  withToken,
} from "./token_cache.ts";
import { clientCredentialsGrant, refreshGrant } from "./token_grants.ts";
import { isInvalidGrant } from "./token_request.ts";

export interface AcquireContext extends LoginContext {
  readonly env: Environment;
  readonly homeOption: string | undefined;
}

export interface OAuthNeed {
  readonly source: OAuthSource;
  readonly requirement: SecurityRequirement;
  readonly scopes: readonly string[];
  /** What relative URLs of the document are relative to. */
  readonly baseUrl: string;
}

export interface AcquireOptions {
  /** Where token state is kept (`store` of the configuration). */
  readonly store: "file" | "keychain";
  /** Tokens of secrets with `tokenStorage: memory`, for as long as the caller keeps the map. */
  readonly memory: Map<string, readonly CachedToken[]>;
}

export interface AccessToken {
  readonly value: string;
  /** What it is bound to; absent for a bearer token. */
  readonly key?: ProofKey;
}

export type Acquired =
  | ({ readonly kind: "token"; readonly from: "cache" | "server" } & AccessToken)
  | { readonly kind: "interactive"; readonly reason: string };

/** The OAuth side of one secret, for one requirement. */
export class OAuthAccount {
  readonly #ctx: AcquireContext;
  readonly #home: Home;
  readonly #need: OAuthNeed;
  readonly #grant: Grant;
  readonly #clientId: string;
  readonly #options: AcquireOptions;
  readonly cache: TokenCache;

  private constructor(
    ctx: AcquireContext,
    home: Home,
    need: OAuthNeed,
    clientId: string,
    options: AcquireOptions,
  ) {
    this.#ctx = ctx;
    this.#home = home;
    this.#need = need;
    this.#clientId = clientId;
    this.#options = options;
    this.#grant = grantFor(need.source, need.requirement);
    const server = serverName(need.source, need.requirement, this.#grant);
    const key = cacheKey({ server, clientId, grant: this.#grant }, need.source);
    this.cache = cacheFor(home, key, need.source, options);
  }

  /** @throws {SecretProblem} when the client id cannot be read. */
  static async open(
    ctx: AcquireContext,
    home: Home,
    need: OAuthNeed,
    options: AcquireOptions,
  ): Promise<OAuthAccount> {
    const clientId = await readText(ctx, need.source.clientId);
    return new OAuthAccount(ctx, home, need, clientId, options);
  }

  get grant(): Grant {
    return this.#grant;
  }

  get clientId(): string {
    return this.#clientId;
  }

  /** The cached token that would be used now; `null` when one would have to be asked for. */
  async cached(): Promise<AccessToken | null> {
    const nowMs = this.#ctx.clock.nowMs();
    const token = usableIn(await this.cache.read(), this.#need.scopes, nowMs);
    if (token === null) return null;
    this.#ctx.redactor.addPassing(token.access_token);
    this.#ctx.redactor.add(token.proof_key?.d);
    return accessTokenOf(token);
  }

  /** True when a token can be had without the user: a refresh token, or client credentials. */
  async isRenewable(): Promise<boolean> {
    return this.#grant === "clientCredentials" ||
      refreshableIn(await this.cache.read(), this.#need.scopes) !== null;
  }

  /** @throws {SecretProblem} when the server refuses or does not answer. */
  async withoutUser(): Promise<Acquired> {
    const early = await this.cached();
    if (early !== null) return { ...early, kind: "token", from: "cache" };
    // Of the calls that wait for one token, one asks; what it waits for ends with none of them.
    return await shared(this.#sharedKey(), this.#ctx.signal, () => {
      const ctx = { ...this.#ctx, signal: new AbortController().signal };
      const own = new OAuthAccount(ctx, this.#home, this.#need, this.#clientId, this.#options);
      return own.#renewed();
    });
  }

  /** All that says what is asked for, of whom, and where it is kept. */
  #sharedKey(): string {
    const { source, requirement, scopes, baseUrl } = this.#need;
    const place = [this.#home.path("oauth"), this.#options.store, this.#clientId];
    return JSON.stringify([...place, source, requirement, scopes, baseUrl]);
  }

  async #renewed(): Promise<Acquired> {
    return await this.cache.locked(this.#ctx.signal, async () => {
      const late = await this.cached();
      if (late !== null) return { ...late, kind: "token", from: "cache" };
      const tokens = await this.cache.read();
      const old = refreshableIn(tokens, this.#need.scopes);
      const refreshed = old === null ? null : await this.#refresh(tokens, old);
      if (refreshed !== null) return refreshed;
      if (this.#grant !== "clientCredentials") {
        return { kind: "interactive", reason: reasonFor(tokens, old, this.#need.scopes) };
      }
      const client = await this.client();
      return await this.#keep(await clientCredentialsGrant(this.#ctx, client, this.#need.scopes));
    });
  }

  /** Asks the user. The scopes of the token so far are asked for too, so that one token serves all. */
  async withUser(browser: BrowserLogin | null): Promise<Acquired> {
    const had = (await this.cache.read()).flatMap(({ scopes }) => scopes);
    const scopes = [...new Set([...this.#need.scopes, ...had])].sort();
    const client = await this.client();
    const fresh = this.#grant === "deviceAuthorization"
      ? await deviceGrant(this.#ctx, client, scopes, browser)
      : await authorizationCodeGrant(this.#ctx, client, this.#need.source, scopes, browser);
    return await this.cache.locked(this.#ctx.signal, () => this.#keep(fresh));
  }

  /** Notes that a server rejected an access token; what was stored since stays. */
  async reject(accessToken: string): Promise<void> {
    await this.cache.locked(this.#ctx.signal, async () => {
      const tokens = await this.cache.read();
      if (!tokens.some(({ access_token }) => access_token === accessToken)) return;
      const kept = tokens.flatMap((token): CachedToken[] => {
        if (token.access_token !== accessToken) return [token];
        return token.refresh_token === null ? [] : [{ ...token, access_token: null }];
      });
      await this.cache.write(kept);
    });
  }

  /** Notes scopes a server asked for, so that the next login asks for them too. */
  async want(scopes: readonly string[]): Promise<void> {
    await this.cache.locked(this.#ctx.signal, async () => {
      const tokens = await this.cache.read();
      const obtained_at = Math.floor(this.#ctx.clock.nowMs() / 1000);
      const wish = { access_token: null, refresh_token: null, expires_at: null, obtained_at };
      await this.cache.write([...tokens.filter(isLogin), { ...wish, scopes: [...scopes] }]);
    });
  }

  /** Ends the login: forgets every token. Answers those that were kept. */
  async forget(): Promise<CachedToken[]> {
    return await this.cache.locked(this.#ctx.signal, async () => {
      const tokens = await this.cache.read();
      await this.cache.write([]);
      return tokens;
    });
  }

  /** `null` when the refresh token is no longer good; it is forgotten then. */
  async #refresh(
    tokens: readonly CachedToken[],
    old: CachedToken & { readonly refresh_token: string },
  ): Promise<Acquired | null> {
    try {
      const fresh = await refreshGrant(this.#ctx, await this.client(old.proof_key), old);
      await this.cache.write(withToken(tokens, fresh, old));
      return { ...accessTokenOf(fresh), kind: "token", from: "server" };
    } catch (error) {
      if (!isInvalidGrant(error)) throw error;
      await this.cache.write(tokens.filter((token) => token !== old));
      return null;
    }
  }

  async #keep(fresh: CachedToken): Promise<Acquired> {
    await this.cache.write(withToken(await this.cache.read(), fresh));
    return { ...accessTokenOf(fresh), kind: "token", from: "server" };
  }

  /**
   * The client and its server; asks for metadata where the endpoints are not known. `known`: the key of a
   * login that goes on; a new one has a new key.
   */
  async client(known?: ProofKey): Promise<OAuthClient> {
    const { source, requirement, baseUrl } = this.#need;
    const endpoints = await endpointsFor(
      this.#ctx,
      this.#home,
      source,
      requirement,
      this.#grant,
      baseUrl,
    );
    const key = source.dpop ? known ?? await newProofKey() : null;
    return await oauthClient(this.#ctx, source, this.#clientId, endpoints, key);
  }
}

function accessTokenOf({ access_token, proof_key }: CachedToken): AccessToken {
  return { value: access_token!, ...(proof_key === undefined ? {} : { key: proof_key }) };
}

function cacheFor(
  home: Home,
  key: string,
  source: OAuthSource,
  options: AcquireOptions,
): TokenCache {
  if (source.tokenStorage === "memory") return memoryCache(options.memory, key);
  return options.store === "keychain"
    ? keychainCache(home, key, openKeychain())
    : fileCache(home, key);
}

function refreshableIn(
  tokens: readonly CachedToken[],
  scopes: readonly string[],
): (CachedToken & { readonly refresh_token: string }) | null {
  const found = tokens.find((token) => token.refresh_token !== null && covers(token, scopes));
  return found === undefined ? null : found as CachedToken & { readonly refresh_token: string };
}

/** False for an entry that only says which scopes were wanted. */
function isLogin({ access_token, refresh_token }: CachedToken): boolean {
  return access_token !== null || refresh_token !== null;
}

function reasonFor(
  stored: readonly CachedToken[],
  refused: CachedToken | null,
  scopes: readonly string[],
): string {
  if (refused !== null) return "the login has ended: its refresh token is no longer good";
  const tokens = stored.filter(isLogin);
  if (tokens.length === 0) return "nobody has logged in yet";
  const lacking = scopes.filter((scope) => !tokens.some((token) => token.scopes.includes(scope)));
  return lacking.length > 0
    ? `the login so far does not cover the scopes ${lacking.join(" ")}`
    : "the login has ended, and it left no refresh token";
}
