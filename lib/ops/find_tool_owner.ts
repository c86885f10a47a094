/** The apps and services there are, by name. */
import type { Config } from "../base/config.ts";
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { isPartOfApp } from "../store/account.ts";
import { recently } from "../base/recently.ts";
import { type Home, newAppHint, openHome } from "../store/home.ts";
import { loadConfig } from "../store/load_config.ts";
import { configWith } from "./folder_consent.ts";
import { ServiceTools } from "./service_tools.ts";
import type { ToolOwner } from "./tool_owner.ts";
import { UnapprovedTools } from "./unapproved_tools.ts";

/** Every app, then every service, sorted by name within each. What is not approved is listed as that. */
export async function toolOwners(ctx: Context): Promise<ToolOwner[]> {
  return await ownersIn(ctx, await loadConfig(ctx));
}

/**
 * For a service of a working folder that is not approved, the user is asked.
 *
 * @throws {AppError} `NOT_FOUND` naming what there is, `CONSENT_NEEDED`.
 */
export async function toolOwner(ctx: Context, name: string): Promise<ToolOwner> {
  const home = openHome(ctx);
  if (isPartOfApp(name)) {
    await home.requireApp(name);
    return (await appTools(ctx, home, [name]))[0]!;
  }
  if ((await recentApps(ctx, home)).includes(name)) return (await appTools(ctx, home, [name]))[0]!;
  const config = await configWith(ctx, name);
  const service = serviceTools(ctx, home, config, name);
  if (service !== null) return service;
  const known = (await ownersIn(ctx, config)).map((candidate) => candidate.name);
  throw new AppError("NOT_FOUND", `No app or service is named "${name}"`, {
    hint: known.length === 0 ? newAppHint(name) : `There are: ${known.join(", ")}`,
    details: { name, known },
  });
}

async function ownersIn(ctx: Context, config: Config): Promise<ToolOwner[]> {
  const home = openHome(ctx);
  const appNames = await recentApps(ctx, home);
  const names = new Set([...config.services.keys(), ...config.unapproved?.services ?? []]);
  return [
    ...await appTools(ctx, home, appNames),
    ...[...names].toSorted().map((name) => serviceTools(ctx, home, config, name)!),
  ];
}

let apps: Promise<typeof import("./app_tools.ts")> | null = null;

/** Loaded with the first app: many servers have services alone. */
async function appTools(ctx: Context, home: Home, names: readonly string[]): Promise<ToolOwner[]> {
  if (names.length === 0) return [];
  const { AppTools } = await (apps ??= import("./app_tools.ts"));
  return names.map((name) => new AppTools(ctx, home, name));
}

/** `null` for a name that is of no service. */
function serviceTools(
  ctx: Context,
  home: Home,
  { services, unapproved }: Config,
  name: string,
): ToolOwner | null {
  if (unapproved?.services.includes(name)) return new UnapprovedTools(name, unapproved);
  const service = services.get(name);
  return service === undefined ? null : new ServiceTools(ctx, home, service);
}

async function recentApps(ctx: Context, home: Home): Promise<string[]> {
  return await recently(ctx, "apps", () => home.listApps());
}
