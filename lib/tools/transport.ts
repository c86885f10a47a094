/** One request over the wire and its answer, no redirect followed. Failures carry no secret. */
import { concatBytes } from "../base/bytes.ts";
import type { Context } from "../base/context.ts";
import { AppError, messageOf } from "../base/error.ts";
import { isStreamType, type StreamItem, StreamReader } from "../http/event_stream.ts";
import type { HeaderList, HttpRequest, HttpResponse } from "../http/exchange.ts";
import { headerValue, mediaType } from "../http/headers.ts";
import { maskUrl } from "../http/mask_url.ts";
import { retryHint } from "./answered_write.ts";
import { bodyPieces } from "./read_body.ts";
import type { Stopping } from "./stopping.ts";

export interface TransferLimits {
  /** By the user or by the time-out. */
  readonly stopping: Stopping;
  /** Of the decoded body. */
  readonly maxBytes: number;
  readonly client?: Deno.HttpClient | undefined;
  /**
   * Takes the items of a good answer that is a stream, as they come; its body is then empty, and the time-out one of
   * silence.
   */
  readonly onItem?: ((item: StreamItem) => void) | undefined;
  /** A body that is too large, or breaks off, is answered as far as it came: the request has had its effect. */
  readonly keepPartial?: boolean;
}

/** `cut`: why the body is not whole. */
export type TransferredResponse = HttpResponse & { readonly cut?: string };

/** Headers the HTTP client writes itself. */
const CLIENT_HEADERS = new Set([
  "accept-encoding",
  "connection",
  "content-length",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * @throws {AppError} `UNREACHABLE` when no whole answer came, `UNSUPPORTED` when it is larger than
 * `maxBytes`, `BAD_INPUT` for a header that cannot be sent, `INTERRUPTED` when the user stopped it.
 */
export async function transfer(
  ctx: Pick<Context, "fetch" | "signal">,
  request: HttpRequest,
  limits: TransferLimits,
): Promise<TransferredResponse> {
  const sent = sentHeaders(request);
  try {
    const response = await ctx.fetch(request.url, requestInit(request, sent, limits));
    const headers = [...response.headers];
    const read = isTaken(response, headers, limits)
      ? await takeItems(response, headers, limits)
      : await readBody(response, headers, request, limits, ctx.signal);
    return { status: response.status, headers, ...read };
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (error instanceof TypeError) refuseUnsendable(sent);
    throw transportError(error, request, ctx.signal, limits);
  }
}

function isTaken(
  { ok }: Response,
  headers: HeaderList,
  { onItem }: TransferLimits,
): boolean {
  return onItem !== undefined && ok && isStreamType(mediaType(headers));
}

async function takeItems(
  { body }: Response,
  headers: HeaderList,
  { onItem = () => {}, stopping }: TransferLimits,
): Promise<{ readonly body: Uint8Array }> {
  const reader = new StreamReader(mediaType(headers));
  for await (const chunk of body ?? []) {
    stopping.restart();
    for (const item of reader.push(chunk)) onItem(item);
  }
  for (const item of reader.end()) onItem(item);
  return { body: new Uint8Array() };
}

type SentHeaders = [name: string, value: string][];

function sentHeaders({ headers }: HttpRequest): SentHeaders {
  return headers.filter(([name]) => !CLIENT_HEADERS.has(name.toLowerCase()))
    .map(([name, value]) => [name, value]);
}

function requestInit(
  request: HttpRequest,
  headers: SentHeaders,
  { client, stopping }: TransferLimits,
): RequestInit & { client?: Deno.HttpClient } {
  return {
    method: request.method,
    headers,
    body: request.body as Uint8Array<ArrayBuffer> | null,
    redirect: "manual",
    signal: stopping.signal,
    ...(client === undefined ? {} : { client }),
  };
}

/** Nothing was sent then. @throws {AppError} `BAD_INPUT` naming the header. */
function refuseUnsendable(headers: readonly [string, string][]): void {
  for (const [name, value] of headers) {
    try {
      new Headers([[name, value]]);
    } catch {
      throw new AppError("BAD_INPUT", `The header "${name}" cannot be sent`, {
        hint: "Header values are one line of visible characters",
      });
    }
  }
}

async function readBody(
  response: Response,
  headers: HeaderList,
  request: HttpRequest,
  limits: TransferLimits,
  userSignal: AbortSignal,
): Promise<{ readonly body: Uint8Array; readonly cut?: string }> {
  if (response.body === null) return { body: new Uint8Array() };
  const { maxBytes, keepPartial = false } = limits;
  const declared = declaredLength(headers);
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of bodyPieces(response.body, declared)) {
      length += chunk.length;
      chunks.push(chunk);
      // Leaving the loop cancels the stream.
      if (length > maxBytes) throw tooLarge(request, maxBytes);
    }
    return { body: concatBytes(chunks) };
  } catch (error) {
    if (!keepPartial || userSignal.aborted) throw error;
    return { body: concatBytes(chunks).subarray(0, maxBytes), cut: cutReason(error, limits) };
  }
}

/** Of what is on the wire (RFC 9110 section 8.6), which is not the length of a body that was compressed. */
function declaredLength(headers: HeaderList): number | null {
  const length = headerValue(headers, "content-length") ?? "";
  const isEncoded = headerValue(headers, "content-encoding") !== undefined;
  return !isEncoded && /^\d{1,15}$/.test(length) ? Number(length) : null;
}

function cutReason(error: unknown, { stopping, maxBytes }: TransferLimits): string {
  if (error instanceof AppError) return `it is larger than ${maxBytes} bytes`;
  return stopping.isStopped
    ? `it did not end within ${stopping.timeoutMs / 1000} s`
    : "the connection broke";
}

function tooLarge(request: HttpRequest, maxBytes: number): AppError {
  return new AppError(
    "UNSUPPORTED",
    `The answer to ${describe(request)} is larger than ${maxBytes} bytes`,
    {
      hint: "Ask for less: a smaller page, fewer fields, a narrower filter",
      details: { maxBytes },
    },
  );
}

function transportError(
  error: unknown,
  request: HttpRequest,
  userSignal: AbortSignal,
  { stopping }: TransferLimits,
): AppError {
  if (userSignal.aborted) return new AppError("INTERRUPTED", "Interrupted");
  if (stopping.isStopped) {
    return new AppError(
      "UNREACHABLE",
      `${describe(request)} got no answer within ${stopping.timeoutMs / 1000} s`,
      { hint: retryHint(request.method) },
    );
  }
  const { reason, hint = retryHint(request.method) } = reasonOf(messageOf(error));
  return new AppError("UNREACHABLE", `Cannot reach ${describe(request)}: ${reason}`, { hint });
}

export function describe(request: Pick<HttpRequest, "method" | "url">): string {
  return `"${request.method} ${maskUrl(request.url)}"`;
}

const REASONS: readonly (readonly [pattern: RegExp, reason: string, hint: string])[] = [
  [
    /dns error|failed to lookup/i,
    "the host name is not known",
    "Check the host name and the network",
  ],
  [/connection refused/i, "the connection was refused", "Is the server running?"],
  [/certificate/i, "its certificate is not valid", "Check the address and the system's clock"],
  [
    /InvalidContentType|tls|handshake/i,
    "it does not speak TLS",
    "Check http and https in the address",
  ],
  [/unreachable/i, "there is no route to it", "Check the network"],
  [/blocked/i, "the port is one that HTTP clients refuse", "Use another port"],
  [
    /net access|NotCapable|permission/i,
    "this program may not use the network",
    "Allow it network access",
  ],
];

/** The runtime's own message quotes the URL, so a reason of ours takes its place. */
function reasonOf(message: string): { reason: string; hint?: string } {
  const known = REASONS.find(([pattern]) => pattern.test(message));
  return known === undefined
    ? { reason: "the connection broke" }
    : { reason: known[1], hint: known[2] };
}
