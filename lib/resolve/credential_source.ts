/** Where the credentials of a call come from: secrets, OAuth, the tokens of captured apps. */
import type { BrowserLogin } from "../base/browser_login.ts";
import type { Config, OAuthSource, SecretSource } from "../base/config.ts";
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import type { SecurityRequirement } from "../openapi/security.ts";
import type { Home } from "../store/home.ts";
import { markStale, usableToken } from "../token/cascade.ts";
import type { NewLogin } from "../token/refresh.ts";
import type { TokenState } from "../token/token_state.ts";
import { type Credential, secretsIn } from "./credential.ts";
import type { Need, NeedOutcome } from "./need.ts";
import type { OAuthAccount } from "./oauth/acquire.ts";
import type { CachedToken } from "./oauth/token_cache.ts";
import { SecretProblem } from "./secret_problem.ts";
import { readText, readTextSecret } from "./text_secret.ts";

/** What a resolution asks for credentials. */
export interface CredentialSource {
  get(need: Need, interactive: boolean): Promise<NeedOutcome>;
}

export interface SourceOptions {
  readonly config: Config;
  readonly service: string;
  /** Base URL of the request: relative URLs of the document start there. */
  readonly baseUrl: string;
  /** `null` where there is no loopback page to show. */
  readonly browser: BrowserLogin | null;
  /** Logs in to a captured app anew where its session has ended; left out where none may. */
  readonly loginTo?: (app: string) => NewLogin;
  /** OAuth tokens of secrets that are kept in memory. */
  readonly memory: Map<string, readonly CachedToken[]>;
}

/** The source of a real call. */
export class SecretStore implements CredentialSource {
  readonly #ctx: Context;
  readonly #home: Home;
  readonly #options: SourceOptions;

  constructor(ctx: Context, home: Home, options: SourceOptions) {
    this.#ctx = ctx;
    this.#home = home;
    this.#options = options;
  }

  async get(need: Need, interactive: boolean): Promise<NeedOutcome> {
    try {
      const outcome = await this.#outcome(need, interactive);
      if (outcome.kind === "credential") {
        this.#register(outcome.credential);
      }
      return outcome;
    } catch (error) {
      return failure(error);
    }
  }

  /** Tokens come and go, and what the user configured stays. */
  #register(credential: Credential): void {
    const { redactor } = this.#ctx;
    for (const secret of secretsIn(credential)) {
      if (credential.kind === "token" && secret === credential.value) redactor.addPassing(secret);
      else redactor.add(secret);
    }
  }

  /** The OAuth side of a need; `null` when its secret is of another type. */
  async account(need: Need): Promise<OAuthAccount | null> {
    const { source } = need.secret;
    if (source.type !== "oauth2") return null;
    const { OAuthAccount } = await import("./oauth/acquire.ts");
    return await OAuthAccount.open(this.#ctx, this.#home, {
      source,
      requirement: oauthRequirement(need.requirements),
      scopes: need.scopes,
      baseUrl: this.#options.baseUrl,
    }, { store: this.#options.config.store ?? "file", memory: this.#options.memory });
  }

  /** Notes that a server rejected a credential. True when asking again may yield another one. */
  async reject(need: Need, credential: Credential): Promise<boolean> {
    if (credential.kind === "token") {
      const account = await this.account(need);
      await account?.reject(credential.value);
      return account !== null;
    }
    if (credential.kind !== "app") return false;
    await markStale(this.#ctx, this.#home, credential.app, credential.token);
    return true;
  }

  /** Notes the scopes a server asked for. */
  async wantScopes(need: Need, scopes: readonly string[]): Promise<void> {
    const account = await this.account(need);
    if (account !== null && account.grant !== "clientCredentials") await account.want(scopes);
  }

  async #outcome(need: Need, interactive: boolean): Promise<NeedOutcome> {
    const { source } = need.secret;
    if (source.type === "oauth2") return await this.#oauth(need, source, interactive);
    if (source.type === "app") return await this.#appToken(source.value);
    return { kind: "credential", credential: await this.#plain(source), note: "" };
  }

  async #plain(source: Exclude<SecretSource, { type: "oauth2" | "app" }>): Promise<Credential> {
    const ctx = this.#ctx;
    switch (source.type) {
      case "basic":
        return {
          kind: "pair",
          username: await readText(ctx, source.username),
          password: await readTextSecret(ctx, source.password),
        };
      case "certificate":
        return {
          kind: "certificate",
          certificate: await readText(ctx, source.certificate),
          key: await readTextSecret(ctx, source.key),
          ca: source.ca === null ? null : await readText(ctx, source.ca),
        };
      case "awsSigV4":
        return {
          kind: "aws",
          keys: {
            accessKeyId: await readText(ctx, source.accessKeyId),
            secretAccessKey: await readTextSecret(ctx, source.secretAccessKey),
            sessionToken: source.sessionToken === null
              ? null
              : await readTextSecret(ctx, source.sessionToken),
            region: source.region,
            service: source.service,
          },
        };
      default:
        return { kind: "text", value: source.prefix + await readTextSecret(ctx, source) };
    }
  }

  async #appToken(app: string): Promise<NeedOutcome> {
    await this.#home.requireApp(app);
    const token: TokenState = await usableToken(this.#ctx, this.#home, app, {
      ...(this.#options.loginTo === undefined ? {} : { login: this.#options.loginTo(app) }),
    });
    return { kind: "credential", credential: { kind: "app", app, token }, note: "" };
  }

  async #oauth(need: Need, source: OAuthSource, interactive: boolean): Promise<NeedOutcome> {
    const account = (await this.account(need))!;
    const acquired = interactive
      ? await account.withUser(this.#options.browser)
      : await account.withoutUser();
    if (acquired.kind === "token") {
      const note = acquired.from === "cache" ? "cached token" : "";
      const { value, key } = acquired;
      const credential = { value, ...(key === undefined ? {} : { key }), kind: "token" } as const;
      return { kind: "credential", credential, note };
    }
    const hint = `keysmith auth login ${this.#options.service}`;
    return source.interactive ? { kind: "interactive-required", reason: acquired.reason, hint } : {
      kind: "failed",
      reason: `${acquired.reason}, and "interactive" is switched off`,
      hint,
      code: null,
    };
  }
}

/** Whose endpoints are used where one secret serves several schemes: the first that speaks of OAuth. */
function oauthRequirement(requirements: readonly SecurityRequirement[]): SecurityRequirement {
  return requirements.find(({ type }) => type === "oauth2" || type === "openIdConnect") ??
    requirements[0]!;
}

/** A failure as an outcome; what is not a fault of a secret goes on as an error. */
export function failure(error: unknown): NeedOutcome {
  if (error instanceof SecretProblem) {
    return { kind: "failed", reason: error.message, hint: error.hint, code: error.code };
  }
  const isTheApps = error instanceof AppError &&
    ["AUTH_NEEDED", "AUTH_REFUSED", "NOT_FOUND", "UNREACHABLE", "UPSTREAM_FAILED", "CONSENT_NEEDED"]
      .includes(error.code);
  if (!isTheApps) throw error;
  const code = error.code === "NOT_FOUND" ? null : error.code;
  return { kind: "failed", reason: error.message, hint: error.hint ?? null, code };
}
