/**
 * The user's word that credentials may go over plain http to other machines: `KEYSMITH_ALLOW_HTTP=1`, or
 * `--allow-http` for one command, which the command line hands on as this same variable. Plain http to
 * this machine needs no word.
 */
import type { Context, Environment } from "./context.ts";

const VARIABLE = "KEYSMITH_ALLOW_HTTP";

/** For hints of errors. */
export const ALLOW_HTTP_HINT =
  `Use https; where the network itself is trusted, --allow-http or ${VARIABLE}=1`;

export function allowsPlainHttp({ env }: Pick<Context, "env">): boolean {
  return env.get(VARIABLE) === "1";
}

/** The environment with the user's word in it. */
export function allowingPlainHttp(env: Environment): Environment {
  return { get: (name) => name === VARIABLE ? "1" : env.get(name) };
}
