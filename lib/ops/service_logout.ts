/** Ends the OAuth logins of a service: tokens are forgotten, and revoked where the provider can. */
import type { Context } from "../base/context.ts";
import { readApproval } from "../resolve/approval_file.ts";
import { revokeTokens } from "../resolve/oauth/revocation.ts";
import { needsOf } from "../resolve/need.ts";
import { refusalOf } from "../resolve/refusal.ts";
import { openHome } from "../store/home.ts";
import { prepareCall, resolutionInput, secretStoreFor } from "./service_call.ts";
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
  const approval = await readApproval(home, loaded.service);
  const wanted = wantedSecrets(loaded).filter(({ secret }) => secret?.source.type === "oauth2");
  const logouts: ServiceLogout[] = [];
  for (const { requirement, secret, operation } of wanted) {
    const call = prepareCall(loaded, operation);
    const store = secretStoreFor(ctx, home, call, null);
    const [need] = needsOf([{ requirement, secret: secret! }], []);
    const account = (await store.account(need!))!;
    const tokens = await account.forget();
    const input = resolutionInput(call, { approval, mayInteract: false });
    const isAllowed = refusalOf(input, requirement, secret, []) === null;
    const mayRevoke = tokens.length > 0 && isAllowed;
    const revoked = mayRevoke ? await revokeTokens(ctx, account, tokens) : 0;
    logouts.push({ secret: secret!.key, forgotten: tokens.length, revoked });
  }
  return logouts;
}
