/** The text of a document that is a file. */
import { concatBytes } from "../base/bytes.ts";
import { AppError } from "../base/error.ts";

/** Of a document, in bytes; the largest public ones have 50 MB. */
export const MAX_DOCUMENT_BYTES = 128 * 1024 * 1024;

/** A document whose text is read when it is wanted. */
export interface DocumentSource {
  /** Says which text it is: by the time and size of a file, by what a server answered. */
  readonly signature: string;
  /** Where the text is. */
  readonly file: string;
}

/** @throws {AppError} `NOT_FOUND`, `BAD_INPUT`, `UNSUPPORTED` for a file that is too large. */
export async function readDocumentFile(path: string): Promise<string> {
  try {
    return await readAtMost(path);
  } catch (error) {
    throw error instanceof AppError ? error : unreadable(path, error);
  }
}

export function unreadable(path: string, error: unknown): AppError {
  const isMissing = error instanceof Deno.errors.NotFound;
  return new AppError(
    isMissing ? "NOT_FOUND" : "BAD_INPUT",
    isMissing ? `There is no file "${path}"` : `Cannot read "${path}"`,
    { hint: `Correct "openapi" or "refs" of the service`, details: { file: path }, cause: error },
  );
}

/** Opening a pipe would wait for whoever writes to it, and a device may have no end. @throws what opening throws. */
export async function openPlainFile(path: string): Promise<Deno.FsFile> {
  if (!(await Deno.stat(path)).isFile) throw new TypeError("It is not a regular file");
  return await Deno.open(path, { read: true });
}

async function readAtMost(path: string): Promise<string> {
  using file = await openPlainFile(path);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of file.readable) {
    length += chunk.length;
    if (length > MAX_DOCUMENT_BYTES) {
      throw new AppError("UNSUPPORTED", `"${path}" is larger than ${MAX_DOCUMENT_BYTES} bytes`, {
        hint: "Name a document of the operations that are needed",
        details: { file: path },
      });
    }
    chunks.push(chunk);
  }
  return new TextDecoder().decode(concatBytes(chunks));
}
