/** The media type of a file, as its name says it. */

/** What servers ask of an upload most often; anything else is sent as bytes. */
const TYPES_BY_EXTENSION: ReadonlyMap<string, string> = new Map(Object.entries({
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
}));

/** `null` where the name does not say. */
export function typeByName(fileName: string): string | null {
  const extension = fileName.slice(fileName.lastIndexOf(".")).toLowerCase();
  return TYPES_BY_EXTENSION.get(extension) ?? null;
}
