/** Gives an app another name; tokens, accounts, script, tools and captures go with it. */
import { loadConfig } from "../store/load_config.ts";
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { readAppInfo, writeAppInfo } from "../store/app_file.ts";
import { checkAppName, openHome } from "../store/home.ts";
import { withTokenLock } from "../token/token_file.ts";

export interface RenamedApp {
  readonly from: string;
  readonly to: string;
  /** Entries of the configuration that still have the old name. */
  readonly leftInConfig: readonly string[];
}

/** @throws {AppError} `NOT_FOUND`, `USAGE` for a malformed name, `BAD_INPUT` for one that is taken. */
export async function renameApp(
  ctx: Context,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<RenamedApp> {
  checkAppName(from);
  checkAppName(to);
  const home = openHome(ctx);
  await home.requireApp(from);
  const { apps, services, secrets } = await loadConfig(ctx);
  if ((await home.listApps()).includes(to) || services.has(to)) {
    throw new AppError("BAD_INPUT", `There is an app or a service named "${to}" already`, {
      hint: "Choose another name, or remove that one first",
      details: { name: to },
    });
  }
  await withTokenLock(ctx, home, from, async () => {
    await Deno.rename(home.appDir(from), home.appDir(to));
  });
  const info = await readAppInfo(home, to);
  if (info !== null) {
    const displayName = info.displayName === from ? to : info.displayName;
    await writeAppInfo(home, { ...info, name: to, displayName });
  }
  const isOfApp = (name: string) =>
    name === from || name.startsWith(`${from}@`) || name.startsWith(`${from}:`);
  return {
    from,
    to,
    leftInConfig: [
      ...[...apps.keys()].filter(isOfApp).map((name) => `apps.${name}`),
      ...[...secrets.values()].filter(({ source }) =>
        source.type === "app" && isOfApp(source.value)
      )
        .map(({ key }) => `secrets.${key}`),
    ],
  };
}
