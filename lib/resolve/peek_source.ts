/**
 * Credentials for an explanation: what can be looked up without side effects is, what would run a
 * program, open a keychain or ask a server is taken to work and said to be so.
 */
import type { OAuthSource, TextSource } from "../base/config.ts";
import { describeSource, textSourcesIn } from "../base/config_sources.ts";
import type { Context } from "../base/context.ts";
import type { Home } from "../store/home.ts";
import { isTokenInKeychain, readToken } from "../token/token_file.ts";
import { type CredentialSource, failure, type SecretStore } from "./credential_source.ts";
import type { Need, NeedOutcome } from "./need.ts";
import { clientProof } from "./oauth/client_proof.ts";
import { SecretProblem } from "./secret_problem.ts";
import { readText, type TextSecretContext } from "./text_secret.ts";

type PeekContext = TextSecretContext & Pick<Context, "clock">;

export class PeekSource implements CredentialSource {
  readonly #ctx: PeekContext;
  readonly #home: Home;
  readonly #store: SecretStore;
  readonly #service: string;

  constructor(ctx: PeekContext, home: Home, store: SecretStore, service: string) {
    this.#ctx = ctx;
    this.#home = home;
    this.#store = store;
    this.#service = service;
  }

  async get(need: Need): Promise<NeedOutcome> {
    const { source } = need.secret;
    try {
      if (source.type === "oauth2") return await this.#oauth(need, source);
      if (source.type === "app") return await this.#app(source.value);
      // What is all looked up is read once: a pipe yields its text to one reader.
      if (unaskedText(source) === null) return await this.#store.get(need, false);
      const unasked = (await this.#unasked(source))!;
      return presumed(`${describeSource(unasked)} was not asked`);
    } catch (error) {
      return failure(error);
    }
  }

  /** The client id names the cached token: without it, nothing can be said of one. */
  async #oauth(need: Need, source: OAuthSource): Promise<NeedOutcome> {
    const unasked = unaskedText(source.clientId);
    if (unasked !== null) return presumed(`${describeSource(unasked)} was not asked`);
    const account = (await this.#store.account(need))!;
    const cached = await account.cached();
    if (cached !== null) {
      const credential = { ...cached, kind: "token" } as const;
      return { kind: "credential", credential, note: "cached token" };
    }
    // Whoever asks for a token, with the user or without, has to show first which client asks.
    const unseen = await this.#unasked(clientProof(source));
    if (await account.isRenewable()) {
      const asked = "a token would be asked for";
      return presumed(
        unseen === null ? asked : `${asked}; ${describeSource(unseen)} was not asked`,
      );
    }
    const hint = `keysmith auth login ${this.#service}`;
    const reason = "no cached token, and only the user can get one";
    return source.interactive
      ? { kind: "interactive-required", reason, hint }
      : { kind: "failed", reason, hint, code: null };
  }

  /**
   * The first text of a part that is not looked up, once those that are have been.
   *
   * @throws {SecretProblem} for one that is not there.
   */
  async #unasked(part: unknown): Promise<TextSource | null> {
    for (const text of textSourcesIn(part)) {
      if (IS_LOOKED_UP[text.type]) await readText(this.#ctx, text);
    }
    return unaskedText(part);
  }

  async #app(app: string): Promise<NeedOutcome> {
    await this.#home.requireApp(app);
    if (await isTokenInKeychain(this.#home, app)) return presumed("the keychain was not asked");
    const token = await readToken(this.#home, app);
    if (token === null) {
      const hint = `keysmith auth login ${app}`;
      throw new SecretProblem(`"${app}" is not logged in`, { hint, code: "AUTH_NEEDED" });
    }
    const isOver = token.stale ||
      token.expires_at !== null && token.expires_at * 1000 <= this.#ctx.clock.nowMs();
    const note = isOver ? "the token is over; a refresh would be tried" : "";
    return { kind: "credential", credential: { kind: "app", app, token }, note };
  }
}

function presumed(note: string): NeedOutcome {
  return { kind: "credential", credential: { kind: "presumed" }, note };
}

/** Whether an explanation looks a text up: what runs a program or asks the user's keychain it leaves alone. */
const IS_LOOKED_UP: Readonly<Record<TextSource["type"], boolean>> = {
  literal: true,
  env: true,
  file: true,
  exec: false,
  osKeychain: false,
};

/** The first text of a part of a source that is not looked up without need; `null` when all are. */
export function unaskedText(part: unknown): TextSource | null {
  return textSourcesIn(part).find(({ type }) => !IS_LOOKED_UP[type]) ?? null;
}
