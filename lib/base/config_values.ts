/** Paths, URLs and origins as they stand in configuration files. */
import { dirname, isAbsolute, resolve } from "node:path";

/** A path made absolute against the folder of the file it stands in. */
export function resolvePath(path: string, folder: string): string {
  return isAbsolute(path) ? path : resolve(folder, path);
}

/** A program by its path is taken from the folder of the file it stands in, one by its name from `PATH`. */
export function resolveProgram(program: string, folder: string): string {
  return /[/\\]/.test(program) ? resolvePath(program, folder) : program;
}

export function isHttpUrl(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}

/** A URL with a user before its host reads as if it led elsewhere: `https://api.example.com@elsewhere.example`. */
export function hasUser(url: URL): boolean {
  return url.username !== "" || url.password !== "";
}

/** A path made absolute, or a URL as it is; `file:` URLs become paths by the URL standard. */
export function resolveLocation(location: string, folder: string): string {
  return isHttpUrl(location) ? location : resolvePath(location, folder);
}

/** A relative reference in the document at `base` as a location of its own. */
export function resolveAgainst(reference: string, base: string): string {
  if (isHttpUrl(reference)) return new URL(reference).href;
  if (isHttpUrl(base)) return URL.parse(reference, base)?.href ?? reference;
  const file = URL.parse(reference);
  return resolve(dirname(base), file?.protocol === "file:" ? file.pathname : reference);
}

export function isLoopbackUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && url.protocol === "http:" &&
    /^(127(\.\d+){3}|localhost|\[::1\])$/.test(url.hostname);
}

/** `https://help.example.com` from itself or any URL below it; `null` for anything else. */
export function originOf(text: string): string | null {
  return isHttpUrl(text) ? new URL(text).origin : null;
}
