/**
 * The text of an OpenAPI document over HTTP. It is kept in the home with its validators: it is asked for again
 * with them (RFC 9110 section 13), and the copy serves while the server does not answer.
 */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { isRecord } from "../base/json.ts";
import { bodyText } from "../http/body.ts";
import { headerValue } from "../http/headers.ts";
import { isLoopbackHost } from "../http/url.ts";
import { ALLOW_HTTP_HINT, allowsPlainHttp } from "../base/plain_http.ts";
import type { Home } from "../store/home.ts";
import { type DocumentSource, MAX_DOCUMENT_BYTES } from "./document_file.ts";
import { writeFileAtomic } from "../store/atomic.ts";
import { readJsonFile, writeJsonFile } from "../store/json_file.ts";
import type { ToolResponse } from "../tools/response.ts";
import { digestOf } from "./catalog_cache.ts";

const TIMEOUT_MS = 30_000;

interface CachedDocument {
  readonly url: string;
  readonly etag: string | null;
  readonly last_modified: string | null;
  /** Of the text, which is a file of its own. */
  readonly digest: string;
}

/**
 * @throws {AppError} `UNREACHABLE`, `UPSTREAM_REFUSED` and the like for a URL that was never read before;
 * `UNSUPPORTED` for plain http from another machine.
 */
export async function fetchedSource(
  ctx: Context,
  home: Home,
  location: string,
): Promise<DocumentSource> {
  checkTransport(ctx, location);
  const path = home.path("documents", `${digestOf(location).slice(0, 40)}.json`);
  const textPath = `${path.slice(0, -".json".length)}.txt`;
  const cached = await readJsonFile(path, validateCached);
  const copy = cached?.url === location && await isThere(textPath) ? cached : null;
  const response = await fetchDocument(ctx, location, copy);
  if (response === null || response.status === 304) {
    return { signature: `${location} ${copy!.digest}`, file: textPath };
  }
  const text = bodyText(response.headers, response.body);
  const note: CachedDocument = {
    url: location,
    etag: headerValue(response.headers, "etag") ?? null,
    last_modified: headerValue(response.headers, "last-modified") ?? null,
    digest: digestOf(text),
  };
  await writeFileAtomic(textPath, text);
  await writeJsonFile(path, note);
  return { signature: `${location} ${note.digest}`, file: textPath };
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(({ isFile }) => isFile, () => false);
}

/** Whoever can change the document on its way decides where secrets go. */
function checkTransport(ctx: Context, location: string): void {
  const { protocol, hostname } = new URL(location);
  const isSafe = protocol === "https:" || isLoopbackHost(hostname) ||
    allowsPlainHttp(ctx);
  if (isSafe) return;
  throw new AppError("UNSUPPORTED", `"${location}" is not read over plain http`, {
    hint: ALLOW_HTTP_HINT,
  });
}

/** `null` where a copy has to serve in place of an answer, which the user is told. */
async function fetchDocument(
  ctx: Context,
  url: string,
  copy: CachedDocument | null,
): Promise<ToolResponse | null> {
  const validators: [string, string][] = [];
  if (copy?.etag) validators.push(["If-None-Match", copy.etag]);
  if (copy?.last_modified) validators.push(["If-Modified-Since", copy.last_modified]);
  const headers = [["Accept", "application/json, application/yaml, */*;q=0.5"], ...validators];
  const request = { method: "GET", url, headers: headers as [string, string][], body: null };
  try {
    const { NO_CREDENTIALS } = await import("../tools/credentials.ts");
    const { sendRequest } = await import("../tools/send.ts");
    const response = await sendRequest(ctx, request, {
      credentials: NO_CREDENTIALS,
      origins: [],
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_DOCUMENT_BYTES,
    });
    const isUsable = response.status === 200 || response.status === 304 && copy !== null;
    if (isUsable) return response;
    throw refused(url, response.status);
  } catch (error) {
    if (copy === null || !(error instanceof AppError) || error.code === "INTERRUPTED") throw error;
    ctx.term.err(`Using the stored copy of ${url}: ${error.message}`);
    return null;
  }
}

function refused(url: string, status: number): AppError {
  const code = status >= 500 ? "UPSTREAM_FAILED" : "UPSTREAM_REFUSED";
  return new AppError(code, `"${url}" was answered with status ${status}`, {
    hint: `Correct "openapi" or "refs" of the service, or name a downloaded copy`,
    details: { status },
  });
}

function validateCached(value: unknown): CachedDocument {
  const isNote = isRecord(value) && typeof value.url === "string";
  if (!isNote) throw new TypeError(`"url" is missing`);
  // Files of earlier versions held the text and no digest: they are written anew.
  if (typeof value.digest !== "string") return { ...value, url: "" } as CachedDocument;
  return value as unknown as CachedDocument;
}
