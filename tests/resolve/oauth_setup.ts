/** OAuth secrets and accounts for tests, read and opened as the real ones are. */
import type { BrowserLogin } from "../../lib/base/browser_login.ts";
import { readConfigText } from "../../lib/base/config_schema.ts";
import type { OAuthSource } from "../../lib/base/config.ts";
import type { Context } from "../../lib/base/context.ts";
import type { SecurityRequirement } from "../../lib/openapi/security.ts";
import { OAuthAccount } from "../../lib/resolve/oauth/acquire.ts";
import { Home } from "../../lib/store/home.ts";
import { loopbackBrowser } from "../../lib/web/callback_page.ts";
import { fakeContext, type FakeContextOptions } from "../support/fake_context.ts";
import { logIn } from "./user_agent.ts";

export const SCHEME: SecurityRequirement = {
  name: "oauth",
  type: "oauth2",
  scheme: null,
  in: null,
  parameterName: null,
  flows: [],
  openIdConnectUrl: null,
  oauth2MetadataUrl: null,
  amazonAuthType: null,
  problem: null,
  scopes: [],
};

/** The OAuth source of a secret, read as the configuration is. */
export function sourceOf(settings: Record<string, unknown>): OAuthSource {
  const text = JSON.stringify({ secrets: { oauth: { type: "oauth2", ...settings } } });
  const { secrets } = readConfigText(text, { layer: "user", file: "/config.yaml" });
  return secrets.get("oauth")!.source as OAuthSource;
}

export interface AccountOptions {
  readonly scopes?: readonly string[];
  readonly requirement?: Partial<SecurityRequirement>;
  readonly context?: FakeContextOptions;
  readonly ctx?: Context;
}

/** A context whose clock is the real one, as that of the servers under test. */
export function realTime(options: FakeContextOptions = {}): Context {
  return { ...fakeContext(options), clock: { nowMs: () => Date.now() } };
}

export async function accountIn(
  folder: string,
  settings: Record<string, unknown>,
  options: AccountOptions = {},
): Promise<OAuthAccount> {
  return await OAuthAccount.open(options.ctx ?? realTime(options.context), new Home(folder), {
    source: sourceOf(settings),
    requirement: { ...SCHEME, ...options.requirement },
    scopes: options.scopes ?? [],
    baseUrl: "https://api.example.com",
  }, { store: "file", memory: new Map() });
}

/** A browser whose user goes through the login by itself. */
export function browserOf(
  logins: Promise<string>[],
  options: { decline?: boolean } = {},
): BrowserLogin {
  return {
    listen: (place) => loopbackBrowser().listen(place),
    open: (url) => {
      logins.push(logIn(url, options));
      return Promise.resolve(true);
    },
  };
}
