/** Options and operands that name a file, or stdin as `-`. */
import { AppError } from "../base/error.ts";
import { readWholeFile } from "../base/read_file.ts";
import type { Session } from "./command.ts";

/** @throws {AppError} `NOT_FOUND`, or `BAD_INPUT` where the file cannot be read. */
export async function readNamedText(
  session: Pick<Session, "stdin">,
  name: string,
): Promise<string> {
  if (name === "-") return await session.stdin.text();
  return new TextDecoder().decode(await readNamedFile(name));
}

/** @throws {AppError} `NOT_FOUND`, or `BAD_INPUT` where the file cannot be read. */
export async function readNamedFile(path: string): Promise<Uint8Array> {
  try {
    return await readWholeFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new AppError("NOT_FOUND", `Cannot find file "${path}"`, {
        hint: "Give the path of an existing file",
        details: { file: path },
      });
    }
    const reason = error instanceof Error ? error.name : "unknown reason";
    throw new AppError("BAD_INPUT", `Cannot read file "${path}": ${reason}`, {
      details: { file: path },
      cause: error,
    });
  }
}
