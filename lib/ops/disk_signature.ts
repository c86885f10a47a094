/** Whether what the tools depend on has changed on the disk: looked at by times and sizes, nothing is read. */
import { join } from "node:path";
import { candidates } from "../base/config_files.ts";
import { isHttpUrl } from "../base/config_values.ts";
import type { Context } from "../base/context.ts";
import { lookAnew } from "../base/recently.ts";
import { signatureOf } from "../base/unchanged_files.ts";
import { openHome } from "../store/home.ts";
import { loadConfig } from "../store/load_config.ts";

export interface DiskSignature {
  /** Changes with configuration, documents, apps, tools, logins and logouts. */
  readonly tools: string;
  /** Changes with every token that is renewed, too. */
  readonly tokens: string;
}

/** Each by itself: a folder's time says nothing of a file that is edited, nor of two changes at one tick. */
function toolFiles(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => join(folder, name)).toSorted();
  } catch {
    return [];
  }
}

export async function diskSignature(ctx: Context): Promise<DiskSignature> {
  const home = openHome(ctx);
  const apps = await home.listApps();
  const names = (await Promise.all(apps.map((app) => home.listNames(app)))).flat();
  // A look that did not know the services there are would make news of them at the next one.
  lookAnew(ctx);
  const config = await loadConfig(ctx).catch(() => ctx.heldConfig?.last);
  const services = [...config?.services.values() ?? []];
  const documents = services.flatMap(({ openapi, refs }) => [openapi, ...refs])
    .filter((location) => !isHttpUrl(location));
  const tools = signatureOf([
    ...candidates(ctx),
    ...documents,
    ...apps.flatMap((app) => toolFiles(home.appFile(app, "tools"))),
  ]);
  const tokenPaths = [
    ...names.map((name) => home.appFile(name, "token.json")),
    home.path("oauth"),
    home.path("services"),
  ];
  const tokens = signatureOf(tokenPaths).signature;
  const present = tokens.split("\n").slice(tokenPaths.length, tokenPaths.length + names.length)
    .map((part) => part === "-");
  return { tools: [names.join(" "), tools.signature, present.join(" ")].join("\n"), tokens };
}
