/**
 * Takes the bodies out of the captures that were imported to forget them once the login is proven. What is made
 * of them is made first: script and proof by the analysis before, the tools here.
 */
import type { Context } from "../base/context.ts";
import { type Home, openHome } from "../store/home.ts";
import { TraceStore } from "../store/trace_store.ts";
import { deriveOnce } from "./derive_once.ts";

export interface ForgetBodiesOutput {
  readonly app: string;
  /** `c_01`, …: those whose bodies are gone now. */
  readonly captures: readonly string[];
}

/** To be called when the script of the app is proven. @throws {AppError} `LOCKED` while another process writes. */
export async function forgetBodies(
  ctx: Context,
  { app }: { readonly app: string },
): Promise<ForgetBodiesOutput> {
  const home = openHome(ctx);
  const waiting = capturesWith(home, app, "until-analyze");
  if (waiting.length === 0) return { app, captures: [] };
  await deriveOnce(ctx, home, app);
  using store = TraceStore.open(home.appFile(app, "captures.db"));
  for (const capture of waiting) store.forgetBodies(capture);
  return { app, captures: waiting };
}

function capturesWith(home: Home, app: string, bodies: "until-analyze"): string[] {
  using store = TraceStore.open(home.appFile(app, "captures.db"), { readOnly: true });
  return store.captures().map(({ id }) => id).filter((id) => store.holdings(id).bodies === bodies);
}
