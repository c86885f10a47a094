/**
 * Commands in hints with the options that this server was started with: a person types them in a terminal
 * that knows neither the home nor the configuration of the server.
 */
import { resolve } from "node:path";
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";

const COMMAND = /\bkeysmith (?=(?:auth|call|capture|config|mcp|openapi|tools)\b)/g;

/** The error with its hint completed. */
export function withFlags(
  error: AppError,
  ctx: Pick<Context, "homeOption" | "configOption" | "workingFolder">,
): AppError {
  const { code, message, hint, details } = error;
  if (hint === undefined) return error;
  const completed = hint.replace(COMMAND, () => `keysmith ${flagsOf(ctx)}`);
  return new AppError(code, message, { hint: completed, details, cause: error });
}

function flagsOf(
  { homeOption, configOption, workingFolder }: Parameters<typeof withFlags>[1],
): string {
  const given = [["--home", homeOption], ["--config", configOption]] as const;
  return given.flatMap(([flag, path]) =>
    path === undefined ? [] : [`${flag} ${quoted(resolve(workingFolder, path))} `]
  ).join("");
}

/** For a POSIX shell; on Windows such names are rare. */
function quoted(path: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
