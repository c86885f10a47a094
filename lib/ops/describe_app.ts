/** Brings what is known of an app up to date with its captures. */
import type { Context } from "../base/context.ts";
import { baseUrls } from "../capture/base_urls.ts";
import { readAppInfo, writeAppInfo } from "../store/app_file.ts";
import type { Home } from "../store/home.ts";
import type { TraceStore } from "../store/trace_store.ts";

/** True when the app was not known before. */
export async function describeApp(
  ctx: Context,
  home: Home,
  app: string,
  store: TraceStore,
): Promise<boolean> {
  const now = new Date(ctx.clock.nowMs()).toISOString();
  const known = await readAppInfo(home, app);
  await writeAppInfo(home, {
    name: app,
    displayName: known?.displayName ?? app,
    baseUrls: baseUrls(store.heads()),
    created: known?.created ?? now,
    updated: now,
  });
  return known === null;
}
