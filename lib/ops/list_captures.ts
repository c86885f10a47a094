/** Lists the apps and their captures. */
import type { Context } from "../base/context.ts";
import { readAppInfo } from "../store/app_file.ts";
import { type Home, openHome } from "../store/home.ts";
import { type CaptureHoldings, type CaptureInfo, TraceStore } from "../store/trace_store.ts";

export type { CaptureHoldings };

export interface ListCapturesInput {
  /** One app; all of them when left out. */
  readonly app?: string;
}

export interface ListCapturesOutput {
  /** Sorted by name. */
  readonly apps: readonly ListedApp[];
}

export interface ListedApp {
  readonly name: string;
  readonly displayName: string;
  /** Origins, the busiest first. */
  readonly baseUrls: readonly string[];
  /** In the order of import. */
  readonly captures: readonly ListedCapture[];
}

export interface ListedCapture extends CaptureInfo {
  readonly holds: CaptureHoldings;
}

/** @throws {AppError} `NOT_FOUND` for an app that does not exist. */
export async function listCaptures(
  ctx: Context,
  input: ListCapturesInput,
): Promise<ListCapturesOutput> {
  const home = openHome(ctx);
  if (input.app !== undefined) await home.requireApp(input.app);
  const names = input.app === undefined ? await home.listApps() : [input.app];
  const apps: ListedApp[] = [];
  for (const name of names) apps.push(await listApp(home, name));
  return { apps };
}

async function listApp(home: Home, name: string): Promise<ListedApp> {
  const info = await readAppInfo(home, name);
  using store = TraceStore.open(home.appFile(name, "captures.db"), { readOnly: true });
  return {
    name,
    displayName: info?.displayName ?? name,
    baseUrls: info?.baseUrls ?? [],
    captures: store.captures().map((capture) => ({
      ...capture,
      holds: store.holdings(capture.id),
    })),
  };
}
