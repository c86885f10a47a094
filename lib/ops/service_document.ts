/**
 * The text of an OpenAPI document, from a file or over HTTP. What came over HTTP is kept in the home with
 * its validators: it is asked for again with them (RFC 9110 section 13), and the copy serves while the
 * server does not answer.
 */
import { createHash } from "node:crypto";
import { concatBytes } from "../base/bytes.ts";
import { isHttpUrl } from "../base/config_values.ts";
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { isRecord } from "../base/json.ts";
import { bodyText } from "../http/body.ts";
import { headerValue } from "../http/headers.ts";
import { isLoopbackHost } from "../http/url.ts";
import { ALLOW_HTTP_HINT, allowsPlainHttp } from "../base/plain_http.ts";
import type { Home } from "../store/home.ts";
import { readJsonFile, writeJsonFile } from "../store/json_file.ts";
import { NO_CREDENTIALS } from "../tools/credentials.ts";
import type { ToolResponse } from "../tools/response.ts";
import { sendRequest } from "../tools/send.ts";

/** Of a document, in bytes; the largest public ones have 50 MB. */
const MAX_DOCUMENT_BYTES = 128 * 1024 * 1024;
const TIMEOUT_MS = 30_000;

interface CachedDocument {
  readonly url: string;
  readonly etag: string | null;
  readonly last_modified: string | null;
  readonly text: string;
}

/**
 * @throws {AppError} `NOT_FOUND` for a file that is not there; `UNREACHABLE`, `UPSTREAM_REFUSED` and the like
 * for a URL that was never read before; `UNSUPPORTED` for plain http from another machine.
 */
export async function documentText(ctx: Context, home: Home, location: string): Promise<string> {
  if (!isHttpUrl(location)) return await fileText(location);
  checkTransport(ctx, location);
  const path = home.path("documents", `${digest(location)}.json`);
  const cached = await readJsonFile(path, validateCached);
  const copy = cached?.url === location ? cached : null;
  const response = await fetchDocument(ctx, location, copy);
  if (response === null || response.status === 304) return copy!.text;
  const text = bodyText(response.headers, response.body);
  await writeJsonFile(path, {
    url: location,
    etag: headerValue(response.headers, "etag") ?? null,
    last_modified: headerValue(response.headers, "last-modified") ?? null,
    text,
  });
  return text;
}

async function fileText(path: string): Promise<string> {
  try {
    return await readAtMost(path);
  } catch (error) {
    if (error instanceof AppError) throw error;
    const isMissing = error instanceof Deno.errors.NotFound;
    throw new AppError(
      isMissing ? "NOT_FOUND" : "BAD_INPUT",
      isMissing ? `There is no file "${path}"` : `Cannot read "${path}"`,
      { hint: `Correct "openapi" or "refs" of the service`, details: { file: path }, cause: error },
    );
  }
}

/** A device or a pipe may have no end. */
async function readAtMost(path: string): Promise<string> {
  using file = await Deno.open(path, { read: true });
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

/** `null` when there is no usable answer but a copy, which the user is told about. */
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
  const options = {
    credentials: NO_CREDENTIALS,
    origins: [],
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_DOCUMENT_BYTES,
  };
  try {
    const response = await sendRequest(ctx, request, options);
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

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 40);
}

function validateCached(value: unknown): CachedDocument {
  if (!isRecord(value) || typeof value.url !== "string" || typeof value.text !== "string") {
    throw new TypeError(`"url" or "text" is missing`);
  }
  return value as unknown as CachedDocument;
}
