/** `--env NAME` and `--base URL`: `shop --env staging` means `shop:staging`. */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import type { Command, Option } from "./command.ts";
import type { Flags } from "./flags.ts";

export const ENVIRONMENT_OPTIONS: readonly Option[] = [
  {
    flags: "--env <name>",
    summary: "of an app: this environment of it, as APP:NAME names it too",
  },
  { flags: "--base <url>", summary: "of an app: the environment at this address" },
];

/** An app with an environment, and perhaps an account. */
const NAMED = /^[a-z0-9]+(?:-[a-z0-9]+)*:[a-z0-9][a-z0-9._-]*(?:@[a-z0-9._-]+)?$/;

/** The words of a command. */
export interface Worded {
  readonly operands: readonly string[];
  readonly flags: Flags;
}

/**
 * The words of a command with its environment in the name of the app; `null` where nothing names one.
 *
 * @throws {AppError} as `settleEnvironment`; `USAGE` without a name of an app.
 */
export async function inEnvironments(
  ctx: Context,
  command: Pick<Command<unknown>, "operands" | "options">,
  { operands, flags }: Worded,
): Promise<Worded | null> {
  if (!command.options.includes(ENVIRONMENT_OPTIONS[0]!)) return null;
  const env = flags.text("env") ?? null;
  const base = flags.text("base") ?? null;
  const isSaid = env !== null || base !== null;
  const isRepeated = command.operands[0]?.[0].includes("...") === true;
  const names = isRepeated ? operands : operands.slice(0, 1);
  const apps = flags.list("app");
  if (!isSaid && ![...names, ...apps].some((name) => NAMED.test(name))) return null;
  if (names.length + apps.length === 0) throw noApp();
  const { settleEnvironment } = await import("../ops/environment.ts");
  const settle = async (name: string) =>
    isSaid || NAMED.test(name) ? await settleEnvironment(ctx, name, { env, base }) : name;
  return {
    operands: [...await Promise.all(names.map(settle)), ...operands.slice(names.length)],
    flags: apps.length === 0 ? flags : flags.with("app", await Promise.all(apps.map(settle))),
  };
}

function noApp(): AppError {
  return new AppError("USAGE", "--env and --base are about an app, and none is named", {
    hint: "Name the app before them",
  });
}
