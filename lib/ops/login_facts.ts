/** What a user is told before a login runs: what would run, and what it may reach. */
import type { Context } from "../base/context.ts";
import { openHome } from "../store/home.ts";
import { readAuthScript } from "../token/script_file.ts";
import { authStatus } from "./auth_status.ts";
import { toolOwner } from "./find_tool_owner.ts";

export interface LoginFacts {
  readonly owner: string;
  readonly kind: "app" | "service";
  /** The login script's file; `null` where the provider's own page asks. */
  readonly script: string | null;
  /** `host:port` of what the script may reach. */
  readonly hosts: readonly string[];
}

/** @throws {AppError} `NOT_FOUND` naming what there is. */
export async function loginFacts(ctx: Context, owner: string): Promise<LoginFacts> {
  const { kind } = await toolOwner(ctx, owner);
  if (kind === "service") return { owner, kind, script: null, hosts: [] };
  const script = await readAuthScript(openHome(ctx), owner);
  const { hosts } = await authStatus(ctx, { app: owner });
  return { owner, kind, script: script?.path ?? null, hosts };
}
