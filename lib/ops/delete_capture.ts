/** Removes a recording. What was learnt from it, the login program and the tools, stays. */
import type { Context } from "../base/context.ts";
import { openHome } from "../store/home.ts";
import { requireCapture } from "../store/require_capture.ts";
import { type CaptureInfo, TraceStore } from "../store/trace_store.ts";

export interface DeleteCaptureInput {
  readonly app: string;
  /** `c_01`, … */
  readonly capture: string;
}

export interface DeleteCaptureOutput {
  readonly app: string;
  readonly deleted: CaptureInfo;
}

/** @throws {AppError} `NOT_FOUND` for an app or a capture that does not exist. */
export async function deleteCapture(
  ctx: Context,
  { app, capture }: DeleteCaptureInput,
): Promise<DeleteCaptureOutput> {
  const home = openHome(ctx);
  await home.requireApp(app);
  using store = TraceStore.open(home.appFile(app, "captures.db"));
  const deleted = requireCapture(store, app, capture);
  store.deleteCapture(deleted.id);
  return { app, deleted };
}
