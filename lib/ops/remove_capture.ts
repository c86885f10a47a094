/** Removes one recording of an app. Script, tools and tokens that came of it stay. */
import type { Context } from "../base/context.ts";
import { readAuthScript } from "../token/script_file.ts";
import { toolNames } from "../tools/tool_store.ts";
import { openHome } from "../store/home.ts";
import { requireCapture } from "../store/require_capture.ts";
import { type CaptureInfo, TraceStore } from "../store/trace_store.ts";

export interface CaptureChoice {
  readonly app: string;
  /** `c_01` */
  readonly capture: string;
}

/** @throws {AppError} `NOT_FOUND`. */
export async function captureToRemove(
  ctx: Context,
  { app, capture }: CaptureChoice,
): Promise<CaptureInfo> {
  const home = openHome(ctx);
  await home.requireApp(app);
  using store = TraceStore.open(home.appFile(app, "captures.db"), { readOnly: true });
  return requireCapture(store, app, capture);
}

/** How many captures the app has then. @throws {AppError} `NOT_FOUND`, `LOCKED` while another process writes. */
export async function removeCapture(
  ctx: Context,
  { app, capture }: CaptureChoice,
): Promise<number> {
  const home = openHome(ctx);
  await home.requireApp(app);
  using store = TraceStore.open(home.appFile(app, "captures.db"));
  requireCapture(store, app, capture);
  store.removeCapture(capture);
  return store.captures().length;
}

/** What came of the app's recordings and stays without them. */
export async function keptOf(
  ctx: Context,
  app: string,
): Promise<{ readonly script: boolean; readonly tools: boolean }> {
  const home = openHome(ctx);
  return {
    script: await readAuthScript(home, app) !== null,
    tools: (await toolNames(home, app)).length > 0,
  };
}
