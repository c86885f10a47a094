/** Options that name a file to write. */
import { AppError } from "../base/error.ts";

/** Replaces what is there. @throws {AppError} `USAGE` where the file cannot be written. */
export async function writeNamedText(path: string, text: string): Promise<void> {
  try {
    await Deno.writeTextFile(path, text);
  } catch (error) {
    const reason = error instanceof Error ? error.name : "unknown reason";
    throw new AppError("USAGE", `Cannot write file "${path}": ${reason}`, {
      details: { file: path },
      cause: error,
    });
  }
}
