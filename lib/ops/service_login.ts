/** Logs in to the OAuth providers of a service, before a call has to. */
import type { BrowserLogin } from "../base/browser_login.ts";
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import type { Approval } from "../resolve/approval.ts";
import type { Need } from "../resolve/need.ts";
import { needsOf } from "../resolve/need.ts";
import type { Acquired, OAuthAccount } from "../resolve/oauth/acquire.ts";
import { refusalOf } from "../resolve/refusal.ts";
import { SecretProblem } from "../resolve/secret_problem.ts";
import { openHome } from "../store/home.ts";
import { firstApproval } from "./approve_service.ts";
import { prepareCall, resolutionInput, secretStoreFor } from "./service_call.ts";
import { type LoadedService, loadService, requireOperation } from "./service_catalog.ts";
import { type WantedSecret, wantedSecrets } from "./service_secrets.ts";

export interface ServiceLoginInput {
  readonly service: string;
  /** Log in for what this tool asks for alone. */
  readonly tool?: string;
  /** Scopes to ask for on top. */
  readonly scopes?: readonly string[];
  readonly browser?: BrowserLogin;
}

export interface ServiceLogin {
  /** The key under `secrets`. */
  readonly secret: string;
  readonly grant: string;
  readonly scopes: readonly string[];
  /** True when there was a good token already. */
  readonly unchanged: boolean;
}

/**
 * Gets a token for every OAuth secret of the service, with the scopes of all operations that use it. A
 * good token that has them is left alone.
 *
 * @throws {AppError} `NOT_FOUND`; `UNSUPPORTED` when the service uses no OAuth secret; `AUTH_REFUSED`,
 * `AUTH_NEEDED`, `UNREACHABLE` when a provider or the user refuses.
 */
export async function loginService(
  ctx: Context,
  input: ServiceLoginInput,
): Promise<ServiceLogin[]> {
  const home = openHome(ctx);
  const loaded = await loadService(ctx, home, input.service);
  const operations = input.tool === undefined
    ? loaded.catalog.operations
    : [requireOperation(loaded.catalog, input.service, input.tool)];
  const oauth = oauthOf(input.service, wantedSecrets(loaded, operations));
  const approval = await firstApproval(home, loaded);
  const needs = needsOf(
    oauth.map((one) => ({ requirement: checked(loaded, one, approval), secret: one.secret! })),
    input.scopes ?? [],
  );
  const logins: ServiceLogin[] = [];
  for (const need of needs) {
    const { operation } = oauth.find(({ secret }) => secret === need.secret)!;
    const call = prepareCall(loaded, operation);
    const store = secretStoreFor(ctx, home, call, input.browser ?? null);
    const account = (await store.account(need))!;
    logins.push(await login(input, need, account));
  }
  return logins;
}

/** @throws {AppError} `UNSUPPORTED` in the words of a login, when the service uses no OAuth secret. */
export async function requireServiceLogin(ctx: Context, service: string): Promise<void> {
  oauthOf(service, wantedSecrets(await loadService(ctx, openHome(ctx), service)));
}

function oauthOf(service: string, wanted: readonly WantedSecret[]): WantedSecret[] {
  const oauth = wanted.filter(({ secret }) => secret?.source.type === "oauth2");
  if (oauth.length === 0) throw noOAuth(service, wanted);
  return oauth;
}

/** The requirement, unless something stands in the way of it whatever the provider says. */
function checked(
  loaded: LoadedService,
  { requirement, secret, operation, key }: WantedSecret,
  approval: Approval | null,
): WantedSecret["requirement"] {
  const call = prepareCall(loaded, operation);
  const input = resolutionInput(call, { approval, mayInteract: true });
  const refusal = refusalOf(input, requirement, secret, [key!, key!]);
  if (refusal === null) return requirement;
  throw new AppError("AUTH_NEEDED", `Cannot log in with secret "${key}": ${refusal.reason}`, {
    ...(refusal.hint === null ? {} : { hint: refusal.hint }),
  });
}

async function login(
  input: ServiceLoginInput,
  need: Need,
  account: OAuthAccount,
): Promise<ServiceLogin> {
  try {
    const had = await account.cached();
    const quiet: Acquired = had === null
      ? await account.withoutUser()
      : { ...had, kind: "token", from: "cache" };
    if (quiet.kind === "interactive") await account.withUser(input.browser ?? null);
    return {
      secret: need.secret.key,
      grant: account.grant,
      scopes: need.scopes,
      unchanged: had !== null,
    };
  } catch (error) {
    if (!(error instanceof SecretProblem)) throw error;
    const message = `Cannot log in with secret "${need.secret.key}": ${error.message}`;
    throw new AppError(error.code ?? "AUTH_NEEDED", message, {
      ...(error.hint === null ? {} : { hint: error.hint }),
      cause: error,
    });
  }
}

function noOAuth(service: string, wanted: readonly WantedSecret[]): AppError {
  const app = wanted.map(({ secret }) => secret?.source).find((source) => source?.type === "app");
  return new AppError("UNSUPPORTED", `Service "${service}" uses no OAuth secret to log in with`, {
    hint: app?.type === "app"
      ? `keysmith auth login ${app.value}`
      : `keysmith auth explain ${service} TOOL says what it uses`,
  });
}
