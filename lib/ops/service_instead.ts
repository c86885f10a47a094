/** What is told of an unknown app that a service is named like. */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { appOf, isPartOfApp } from "../store/account.ts";
import { serviceNames } from "./list_services.ts";

/** `thrown` as it is, unless it says that no app has the name of a configured service. */
export async function toldAsService(ctx: Context, thrown: unknown): Promise<unknown> {
  if (!(thrown instanceof AppError) || thrown.code !== "NOT_FOUND") return thrown;
  const { app } = thrown.details;
  if (typeof app !== "string" || !thrown.message.startsWith("No app is named")) return thrown;
  const service = appOf(app);
  // A configuration that cannot be read names no service, and is not what was asked about.
  const known = await serviceNames(ctx).catch((): string[] => []);
  if (!known.includes(service)) return thrown;
  const what = isPartOfApp(app)
    ? "accounts and environments are those of apps"
    : "this is for apps alone";
  return new AppError("NOT_FOUND", `"${service}" is a service; ${what}`, {
    hint: `Of services: keysmith tools list ${service}, keysmith auth status ${service}, ` +
      `keysmith call ${service} TOOL`,
    details: thrown.details,
  });
}
