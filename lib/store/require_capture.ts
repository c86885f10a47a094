/** Captures by the id a user gave. */
import { AppError } from "../base/error.ts";
import type { CaptureInfo, TraceStore } from "./trace_store.ts";

/** @throws {AppError} `NOT_FOUND` when the app has no such capture. */
export function requireCapture(store: TraceStore, app: string, id: string): CaptureInfo {
  const capture = store.captures().find((candidate) => candidate.id === id);
  if (capture !== undefined) return capture;
  throw new AppError("NOT_FOUND", `App "${app}" has no capture "${id}"`, {
    hint: `keysmith capture list ${app}`,
    details: { app, capture: id },
  });
}
