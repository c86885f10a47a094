/** The apps and services there are, by name. */
import { loadConfig } from "../base/config_files.ts";
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { openHome } from "../store/home.ts";
import { AppTools } from "./app_tools.ts";
import { ServiceTools } from "./service_tools.ts";
import type { ToolOwner } from "./tool_owner.ts";

/** Every app, then every service, sorted by name within each. */
export async function toolOwners(ctx: Context): Promise<ToolOwner[]> {
  const home = openHome(ctx);
  const apps = await home.listApps();
  const { services } = await loadConfig(ctx);
  return [
    ...apps.map((app) => new AppTools(ctx, home, app)),
    ...[...services.values()].toSorted((a, b) => a.name < b.name ? -1 : 1)
      .map((service) => new ServiceTools(ctx, home, service)),
  ];
}

/** @throws {AppError} `NOT_FOUND` naming what there is. */
export async function toolOwner(ctx: Context, name: string): Promise<ToolOwner> {
  const owners = await toolOwners(ctx);
  const owner = owners.find((candidate) => candidate.name === name);
  if (owner !== undefined) return owner;
  const known = owners.map((candidate) => candidate.name);
  throw new AppError("NOT_FOUND", `No app or service is named "${name}"`, {
    hint: known.length === 0
      ? `keysmith capture import ${name} FILE`
      : `There are: ${known.join(", ")}`,
    details: { name, known },
  });
}
