/** Forgets the token of an app and who was logged in. The site is not told: recordings do not show how. */
import type { Context } from "../base/context.ts";
import { openHome } from "../store/home.ts";
import { removeLoginName } from "../token/login_name.ts";
import { removeToken, withTokenLock } from "../token/token_file.ts";

export interface LogoutOutput {
  readonly app: string;
  /** False when there was no token. */
  readonly removed: boolean;
}

/** @throws {AppError} `NOT_FOUND` for an unknown app. */
export async function logout(
  ctx: Context,
  { app }: { readonly app: string },
): Promise<LogoutOutput> {
  const home = openHome(ctx);
  await home.requireApp(app);
  const removed = await withTokenLock(ctx, home, app, async () => {
    await removeLoginName(home, app);
    return await removeToken(home, app);
  });
  return { app, removed };
}
