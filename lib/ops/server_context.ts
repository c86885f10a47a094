/** The context of a server: what many calls have in common, and a single command has no use for. */
import type { Context, Environment } from "../base/context.ts";
import { Deadlines } from "../base/deadlines.ts";

export interface ServerContext {
  readonly ctx: Context;
  /** Ends its timer. */
  close(): void;
}

export function serverContext(context: Context): ServerContext {
  const env = remembered(context.env);
  const deadlines = new Deadlines();
  const heldConfig = { last: null, problem: null };
  return {
    ctx: { ...context, env, heldConfig, deadlines },
    close: () => deadlines.close(),
  };
}

/** Variables stay what they were when the process began, and to ask for one costs a call as much as its arguments. */
function remembered(env: Environment): Environment {
  const known = new Map<string, string | undefined>();
  return {
    get: (name) => {
      if (!known.has(name)) known.set(name, env.get(name));
      return known.get(name);
    },
  };
}
