/** Where token state is kept. Only the user's own file has a say, so no other is read for it. */
import { userConfigFile } from "./config_files.ts";
import { readConfigText } from "./config_schema.ts";
import type { Context } from "./context.ts";
import { readWholeText } from "./read_file.ts";

export type StorePlace = "file" | "keychain";

/** @throws {AppError} `BAD_CONFIG` for an invalid file. */
export async function storePlace(ctx: Pick<Context, "env">): Promise<StorePlace> {
  const file = await userConfigFile(ctx.env);
  const text = file === null ? null : await textOf(file);
  return text === null
    ? "file"
    : readConfigText(text, { layer: "user", file: file! }).store ?? "file";
}

async function textOf(file: string): Promise<string | null> {
  try {
    return await readWholeText(file);
  } catch (error) {
    const isAbsent = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory;
    if (isAbsent) return null;
    throw error;
  }
}
