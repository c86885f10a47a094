/** Ends the OAuth logins of a service: tokens are forgotten, and revoked where the provider can. */
import type { Context } from "../base/context.ts";
import { revokeTokens } from "../resolve/oauth/revocation.ts";
import { needsOf } from "../resolve/need.ts";
import { openHome } from "../store/home.ts";
import { prepareCall, secretStoreFor } from "./service_call.ts";
import { loadService } from "./service_catalog.ts";
import { wantedSecrets } from "./service_secrets.ts";

export interface ServiceLogout {
  readonly secret: string;
  /** Tokens that were forgotten. */
  readonly forgotten: number;
  /** Of these, those the provider took back. */
  readonly revoked: number;
}

/** @throws {AppError} `NOT_FOUND` for an unknown service, `LOCKED`. */
export async function logoutService(
  ctx: Context,
  { service }: { readonly service: string },
): Promise<ServiceLogout[]> {
  const home = openHome(ctx);
  const loaded = await loadService(ctx, home, service);
  const wanted = wantedSecrets(loaded).filter(({ secret }) => secret?.source.type === "oauth2");
  const logouts: ServiceLogout[] = [];
  for (const { requirement, secret, operation } of wanted) {
    const store = secretStoreFor(ctx, home, prepareCall(loaded, operation), null);
    const [need] = needsOf([{ requirement, secret: secret! }], []);
    const account = (await store.account(need!))!;
    const tokens = await account.forget();
    const revoked = tokens.length === 0 ? 0 : await revokeTokens(ctx, account, tokens);
    logouts.push({ secret: secret!.key, forgotten: tokens.length, revoked });
  }
  return logouts;
}
