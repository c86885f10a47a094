/** `--file name=PATH`: files as arguments of a tool, read here so that no path goes any further. */
import { basename, extname } from "node:path";
import { AppError } from "../base/error.ts";
import { readNamedFile } from "./read_input.ts";

/** What servers ask of an upload most often; anything else is sent as bytes. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ".csv": "text/csv",
  ".gif": "image/gif",
  ".html": "text/html",
  ".jpeg": "image/jpeg",
  ".jpg": "image/jpeg",
  ".json": "application/json",
  ".pdf": "application/pdf",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain",
  ".webp": "image/webp",
  ".xml": "application/xml",
  ".zip": "application/zip",
};

/** A file as tools take it. */
export interface FileArgument {
  readonly base64: string;
  readonly filename: string;
  readonly content_type?: string;
}

/** @throws {AppError} `USAGE` for a text that is no name=path, `NOT_FOUND`, `BAD_INPUT`. */
export async function fileArguments(
  texts: readonly string[],
): Promise<Record<string, FileArgument | FileArgument[]>> {
  const files = new Map<string, FileArgument[]>();
  for (const text of texts) {
    const equals = text.indexOf("=");
    if (equals <= 0) throw new AppError("USAGE", `File "${text}" is no name=path`);
    const name = text.slice(0, equals);
    files.set(name, [...files.get(name) ?? [], await readFile(text.slice(equals + 1))]);
  }
  return Object.fromEntries(
    [...files].map(([name, list]) => [name, list.length === 1 ? list[0]! : list]),
  );
}

async function readFile(path: string): Promise<FileArgument> {
  const bytes = await readNamedFile(path);
  const type = MEDIA_TYPES[extname(path).toLowerCase()];
  return {
    base64: bytes.toBase64(),
    filename: basename(path),
    ...(type === undefined ? {} : { content_type: type }),
  };
}
