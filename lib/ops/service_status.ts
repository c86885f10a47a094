/** Which secrets a service looks for, and in what state its OAuth logins are. Asks nobody anything. */
import type { SecretSource } from "../base/config.ts";
import { textSourcesIn } from "../base/config_sources.ts";
import type { Context } from "../base/context.ts";
import { needsOf } from "../resolve/need.ts";
import { unaskedText } from "../resolve/peek_source.ts";
import { openHome } from "../store/home.ts";
import { prepareCall, secretStoreFor } from "./service_call.ts";
import { loadService } from "./service_catalog.ts";
import { type WantedSecret, wantedSecrets } from "./service_secrets.ts";

export interface SecretStatus {
  readonly scheme: string;
  /** The key under `secrets`; `null` when it is not configured. */
  readonly secret: string | null;
  readonly type: SecretSource["type"] | null;
  /** Of OAuth: whether a token is there. `configured`: looked up when a tool is called; `unset`: its variable
   * is not there. */
  readonly state: "valid" | "expired" | "none" | "configured" | "unset" | "missing";
  /** Seconds since the Unix epoch; `null` when unknown or no OAuth. */
  readonly expires_at: number | null;
  /** True when a token can be had without the user. */
  readonly refreshable: boolean;
  readonly scopes: readonly string[];
}

/** @throws {AppError} `NOT_FOUND` for an unknown service, `BAD_STORE` for a damaged token file. */
export async function serviceStatus(
  ctx: Context,
  { service }: { readonly service: string },
): Promise<SecretStatus[]> {
  const home = openHome(ctx);
  const loaded = await loadService(ctx, home, service);
  return await Promise.all(
    wantedSecrets(loaded).map((wanted) => {
      const source = wanted.secret?.source;
      // The token is kept under the client id, which a program may have to be run for.
      const isKnown = source?.type === "oauth2" && unaskedText(source.clientId) === null;
      if (!isKnown) return plainStatus(ctx, wanted);
      const store = secretStoreFor(ctx, home, prepareCall(loaded, wanted.operation), null);
      return oauthStatus(ctx, wanted, store);
    }),
  );
}

function plainStatus({ env }: Context, { scheme, key, secret }: WantedSecret): SecretStatus {
  const isUnset = textSourcesIn(secret?.source)
    .some((text) => text.type === "env" && env.get(text.value) === undefined);
  return {
    scheme,
    secret: key,
    type: secret?.source.type ?? null,
    state: secret === null ? "missing" : isUnset ? "unset" : "configured",
    expires_at: null,
    refreshable: false,
    scopes: [],
  };
}

async function oauthStatus(
  ctx: Context,
  { scheme, key, secret, requirement }: WantedSecret,
  store: ReturnType<typeof secretStoreFor>,
): Promise<SecretStatus> {
  const [need] = needsOf([{ requirement: { ...requirement, scopes: [] }, secret: secret! }], []);
  const account = (await store.account(need!))!;
  const tokens = (await account.cache.read()).filter(({ access_token, refresh_token }) =>
    access_token !== null || refresh_token !== null
  );
  const newest = tokens[0] ?? null;
  const isOver = newest !== null &&
    (newest.access_token === null ||
      newest.expires_at !== null && newest.expires_at * 1000 <= ctx.clock.nowMs());
  return {
    scheme,
    secret: key,
    type: "oauth2",
    state: newest === null ? "none" : isOver ? "expired" : "valid",
    expires_at: newest?.expires_at ?? null,
    refreshable: await account.isRenewable(),
    scopes: newest?.scopes ?? [],
  };
}
