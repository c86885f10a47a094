/**
 * Where an environment of an app runs: said by the configuration, by an address on the command line, or known
 * from before. Every origin that the login or a credential goes to has a place in it, so that no credential of
 * one environment reaches the other.
 */
import type { EnvironmentHosts } from "../base/config.ts";
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { originOf } from "../base/origin.ts";
import { hostPort, isLoopbackHost, parseUrl } from "../http/url.ts";
import { type AccountName, accountName, joinedName } from "../store/account.ts";
import { type OriginMap, readOrigins, requireOrigins, writeOrigins } from "../store/environment.ts";
import { type Home, openHome } from "../store/home.ts";
import { loadConfig } from "../store/load_config.ts";
import { readAppInfo } from "../store/app_file.ts";
import { type AuthRecord, readAuthRecord } from "../token/auth_file.ts";
import { readTokenSummary } from "../token/token_file.ts";
import { readTool, toolNames } from "../tools/tool_store.ts";

/**
 * The name under which the environment is kept, `shop:staging`; the app's own where `base` is what was recorded.
 * What was said of it is known from then on.
 *
 * @param said Beside the name: the environment's own, its address; `null` where that is not said.
 * @throws {AppError} `NOT_FOUND` for an unknown app or environment, `USAGE` for an address that is none and for
 *   two environments, `BAD_CONFIG` where an origin has no place in it, or another one than its tokens are for.
 */
export async function settleEnvironment(
  ctx: Context,
  name: string,
  { env, base }: { readonly env: string | null; readonly base: string | null },
): Promise<string> {
  const parts = withEnvironment(name, env);
  if (parts.environment === null && base === null) return name;
  const home = openHome(ctx);
  await home.requireApp(name);
  const recorded = await recordedOrigins(home, parts.app);
  const place = base === null ? null : requireOrigin(base);
  const declared = (await loadConfig(ctx)).apps.get(parts.app)?.environments ?? new Map();
  if (parts.environment === null && recorded.length === 1 && recorded[0] === place) return name;
  const environment = parts.environment ?? nameOfPlace(place!, recorded, declared);
  const settled = joinedName({ ...parts, environment });
  const hosts = parts.environment === null || place === null
    ? declared.get(environment) ?? place
    : place;
  if (hosts === null) {
    requireAll(settled, recorded, (await requireOrigins(home, settled))!);
    return settled;
  }
  const known = await readOrigins(home, settled);
  const origins = originsOf(settled, recorded, hosts);
  if (known === null || !isSame(known, origins)) {
    if (known !== null) await requireNoToken(home, settled, known, origins);
    await writeOrigins(home, settled, origins);
  }
  return settled;
}

function withEnvironment(name: string, env: string | null): AccountName {
  const parts = accountName(name);
  if (env === null) return parts;
  if (parts.environment === null) {
    // Read back, for what was given may be no name.
    return accountName(joinedName({ ...parts, environment: env }));
  }
  throw new AppError("USAGE", `"${name}" names an environment already`, {
    hint: `Leave out --env, or the ":${parts.environment}"`,
    details: { name, env },
  });
}

/** A declared environment that runs there, else the host. */
function nameOfPlace(
  place: string,
  recorded: readonly string[],
  declared: ReadonlyMap<string, EnvironmentHosts>,
): string {
  const named = [...declared].find(([, hosts]) =>
    typeof hosts === "string" ? hosts === place : recorded.some((one) => hosts[one] === place)
  );
  return named?.[0] ??
    new URL(place).host.replace(/^\[|\]/g, "").replace(/[^a-z0-9.]+/g, "-").replace(/^-|-$/g, "");
}

function requireOrigin(base: string): string {
  const origin = originOf(base.trim());
  if (origin !== null) return origin;
  throw new AppError("USAGE", `"${base}" is not an address of a site`, {
    hint: "Give scheme and host, and a port if need be: https://staging.shop.example",
    details: { base },
  });
}

function originsOf(name: string, recorded: readonly string[], hosts: EnvironmentHosts): OriginMap {
  if (typeof hosts !== "string") {
    const origins = new Map(Object.entries(hosts));
    requireAll(name, recorded, origins);
    return origins;
  }
  const [only, ...more] = recorded;
  if (only === undefined || more.length > 0) throw incomplete(name, recorded, hosts);
  return new Map([[only, hosts]]);
}

function requireAll(name: string, recorded: readonly string[], origins: OriginMap): void {
  const missing = recorded.filter((origin) => !origins.has(origin));
  if (missing.length > 0) throw incomplete(name, missing, null);
}

function incomplete(name: string, missing: readonly string[], place: string | null): AppError {
  const { app, environment } = accountName(name);
  const list = missing.join(", ");
  const message = missing.length === 0
    ? `Nothing is known of "${app}" that could be elsewhere in its environment "${environment}"`
    : place === null
    ? `The environment "${environment}" of "${app}" does not say where ${list} is`
    : `"${app}" goes to several sites (${list}): ${place} alone does not say where each of them is`;
  const lines = missing.map((origin) => `${origin}: https://…`).join(", ");
  return new AppError("BAD_CONFIG", message, {
    hint: missing.length === 0
      ? `keysmith auth analyze ${app}`
      : `Name each under apps.${app}.environments.${environment}: { ${lines} }; with itself, where it is the same`,
    details: { app, environment, missing },
  });
}

function isSame(one: OriginMap, other: OriginMap): boolean {
  return one.size === other.size && [...one].every(([from, to]) => other.get(from) === to);
}

/** Tokens are for the place they came from: one that moved would hand them to another. */
async function requireNoToken(
  home: Home,
  name: string,
  known: OriginMap,
  origins: OriginMap,
): Promise<void> {
  const moved = [...known].find(([from, to]) => (origins.get(from) ?? to) !== to);
  if (moved === undefined) return;
  const place = joinedName({ ...accountName(name), account: null });
  for (const each of await home.listNames(place)) {
    if (await readTokenSummary(home, each) === null) continue;
    throw new AppError(
      "BAD_CONFIG",
      `"${place}" was at ${moved[1]} and is now to be at ${
        origins.get(moved[0])
      }, but "${each}" has a token of there`,
      { hint: `keysmith app remove ${place}`, details: { name: place } },
    );
  }
}

/** The origins that the login or a credential of the app goes to. */
async function recordedOrigins(home: Home, app: string): Promise<string[]> {
  const record = await readAuthRecord(home, app);
  const names = await toolNames(home, app);
  const tools = await Promise.all(
    names.map((name) => readTool(home, app, name).catch(skipDamaged)),
  );
  const ofTools = tools.flatMap((tool) => tool?.requiresAuth ? [tool.origin] : []);
  const known = record === null ? [] : originsOfRecord(record);
  const all = [...new Set([...known, ...ofTools])];
  return all.length > 0 ? all : [...(await readAppInfo(home, app))?.baseUrls ?? []];
}

function skipDamaged(error: unknown): null {
  if (error instanceof AppError) return null;
  throw error;
}

function originsOfRecord({ apiOrigins, hosts, steps, probe, moreProbes }: AuthRecord): string[] {
  const urls = [
    ...steps.map(({ request }) => request.slice(request.indexOf(" ") + 1).replace("*", "")),
    ...[probe, ...moreProbes].flatMap((one) => one === null ? [] : [one.url]),
  ];
  const named = [...apiOrigins, ...urls.flatMap((url) => parseUrl(url)?.origin ?? [])];
  const covered = new Set(named.map((origin) => hostPort(new URL(origin))));
  return [...named, ...hosts.filter((host) => !covered.has(host)).map(originOfHost)];
}

/** The scheme of a host that no recorded step names. */
function originOfHost(host: string): string {
  const url = new URL(`https://${host}`);
  return isLoopbackHost(url.hostname) && url.port !== "" ? `http://${host}` : url.origin;
}
