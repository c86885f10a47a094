/** Where the text of an OpenAPI document is, and which one it is: of a file here, of a URL in `fetched_document.ts`. */
import { isHttpUrl } from "../base/config_values.ts";
import type { Context } from "../base/context.ts";
import type { Home } from "../store/home.ts";
import { type DocumentSource, openPlainFile, unreadable } from "./document_file.ts";

/**
 * @throws {AppError} `NOT_FOUND` for a file that is not there; `UNREACHABLE`, `UPSTREAM_REFUSED` and the like
 * for a URL that was never read before; `UNSUPPORTED` for plain http from another machine.
 */
export async function documentSource(
  ctx: Context,
  home: Home,
  location: string,
): Promise<DocumentSource> {
  if (isHttpUrl(location)) {
    const { fetchedSource } = await import("./fetched_document.ts");
    return await fetchedSource(ctx, home, location);
  }
  await checkReadable(location);
  return { signature: await fileSignature(location), file: location };
}

/** @throws {AppError} `NOT_FOUND`, `BAD_INPUT`. */
async function checkReadable(path: string): Promise<void> {
  try {
    using _ = await openPlainFile(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Changes when the file changes. */
export async function fileSignature(location: string): Promise<string> {
  const info = await Deno.stat(location).catch(() => null);
  if (info === null) return `${location} -`;
  const { mtime, size, ino } = info;
  return `${location} ${mtime?.getTime()} ${size} ${ino}`;
}
