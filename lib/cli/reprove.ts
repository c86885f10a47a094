/** Proves a script again that was edited since its proof; the analysis is loaded when that happens. */
import type { LoginInput } from "../ops/login.ts";

export const reprove: NonNullable<LoginInput["reprove"]> = async (ctx, home, app, source) => {
  const { reproveScript } = await import("../ops/analyze_auth.ts");
  return await reproveScript(ctx, home, app, source);
};
