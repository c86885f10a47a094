/** The text behind a secret source: written out, environment, file, program, keychain. */
import type { TextSource } from "../base/config.ts";
import { describeSource } from "../base/config_sources.ts";
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { readWholeText } from "../base/read_file.ts";
import { realPlace } from "../store/confined_path.ts";
import { openHome } from "../store/home.ts";
import { openKeychain } from "../store/keychain.ts";
import type { KeychainStore } from "../store/keychain_store.ts";
import { runSecretProgram } from "./secret_program.ts";
import { MAX_SECRET_BYTES, SecretProblem } from "./secret_problem.ts";

export type TextSecretContext = Pick<Context, "env" | "homeOption" | "redactor" | "signal">;

/**
 * The text of a source, registered as secret; one newline at the end of files and programs is trimmed.
 *
 * @throws {SecretProblem} when there is none, or it is empty; `AppError` `INTERRUPTED`.
 */
export async function readTextSecret(
  ctx: TextSecretContext,
  source: TextSource,
  keychain: KeychainStore = openKeychain(),
): Promise<string> {
  const text = await readText(ctx, source, keychain);
  ctx.redactor.add(text);
  return text;
}

/** As `readTextSecret`, for what is not a secret: client ids, user names. */
export async function readText(
  ctx: TextSecretContext,
  source: TextSource,
  keychain: KeychainStore = openKeychain(),
): Promise<string> {
  const text = await rawText(ctx, source, keychain);
  if (text === "") throw new SecretProblem(`${describeSource(source)} is empty`);
  return text;
}

async function rawText(
  ctx: TextSecretContext,
  source: TextSource,
  keychain: KeychainStore,
): Promise<string> {
  switch (source.type) {
    case "literal":
      return source.value;
    case "env": {
      const value = ctx.env.get(source.value);
      if (value === undefined) throw new SecretProblem(`${describeSource(source)} is not set`);
      return value;
    }
    case "file":
      return withoutNewline(await readSecretFile(ctx, source));
    case "exec":
      return withoutNewline(await runSecretProgram(ctx, source));
    case "osKeychain":
      return await keychainText(source.value, keychain);
  }
}

type FileSource = Extract<TextSource, { type: "file" }>;

async function readSecretFile(ctx: TextSecretContext, source: FileSource): Promise<string> {
  const path = source.value;
  try {
    const real = await allowedPath(ctx, source);
    const { size, isFile } = await Deno.stat(real);
    if (isFile && size > MAX_SECRET_BYTES) throw new SecretProblem(`file "${path}" is too large`);
    return await readWholeText(real, ctx.signal);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new SecretProblem(`file "${path}" does not exist`);
    }
    if (error instanceof SecretProblem) throw error;
    if (ctx.signal.aborted) throw new SecretProblem(`nobody wrote to "${path}" in time`);
    throw new SecretProblem(`file "${path}" cannot be read`, { cause: error });
  }
}

/** What a project's file names stays in the project's folder and out of the home, links followed. */
async function allowedPath(ctx: TextSecretContext, source: FileSource): Promise<string> {
  const { value, within } = source;
  if (within === null) return value;
  const { path, where } = await realPlace(openHome(ctx), value, within);
  if (where === "inside") return path;
  if (where === "home") {
    throw new SecretProblem(`file "${value}" lies in the Keysmith home`, {
      hint: "Use { type: app, value: NAME } for the token of an app",
    });
  }
  throw new SecretProblem(
    `file "${value}" leads out of "${within}", whose configuration names it`,
    {
      hint: "Name it in your own configuration file, or with --config, if you want it read",
    },
  );
}

/** `service/account`, or `service:account`; the slash is looked for first. Without either, the service alone. */
async function keychainText(reference: string, keychain: KeychainStore): Promise<string> {
  const [, service = reference, account = null] = /^([^/]+)\/(.+)$/s.exec(reference) ??
    /^([^:]+):(.+)$/s.exec(reference) ?? [];
  try {
    const text = await keychain.get(service, account);
    if (text === null) throw new SecretProblem(`keychain item "${reference}" does not exist`);
    return text;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new SecretProblem(`keychain item "${reference}": ${error.message}`, { cause: error });
  }
}

function withoutNewline(text: string): string {
  return text.replace(/\r?\n$/, "");
}
