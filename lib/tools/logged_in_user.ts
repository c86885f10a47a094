/** Who is logged in, as an argument of tools whose paths name their user. */
import { AppError } from "../base/error.ts";
import type { Home } from "../store/home.ts";
import { nameInToken, readLoginName } from "../token/login_name.ts";
import { readToken } from "../token/token_file.ts";
import type { ToolDefinition } from "./definition.ts";

/**
 * The arguments with who is logged in where the tool wants that and the caller does not say.
 *
 * @throws {AppError} `USAGE` where nobody knows.
 */
export async function withUser(
  home: Home,
  app: string,
  { user }: ToolDefinition,
  args: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  if (user === undefined || (args[user] ?? "") !== "") return args;
  const token = await readToken(home, app);
  const name = await readLoginName(home, app) ?? (token === null ? null : nameInToken(token));
  if (name !== null) return { ...args, [user]: name };
  throw new AppError("USAGE", `The argument "${user}" is missing: nobody knows who is logged in`, {
    hint: `Give "${user}", or log in: keysmith auth login ${app}`,
    details: { argument: user },
  });
}
