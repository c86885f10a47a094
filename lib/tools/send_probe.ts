/** Sends a recorded request that changes nothing again, with a token or as a stranger. */
import type { Context } from "../base/context.ts";
import { allowsPlainHttp } from "../base/plain_http.ts";
import type { ProbeRequest } from "../token/probe_request.ts";
import type { TokenState } from "../token/token_state.ts";
import { credentialsAt, NO_CREDENTIALS } from "./credentials.ts";
import type { ToolResponse } from "./response.ts";
import { sendRequest } from "./send.ts";

const TIMEOUT_MS = 15_000;
const MAX_BYTES = 4 * 1024 * 1024;

/** `token: null`: without credentials. @throws {AppError} as `sendRequest`. */
export async function sendProbe(
  ctx: Context,
  { method, url, headers = [], credentialQuery, body, credentialBody = [] }: ProbeRequest,
  token: TokenState | null,
): Promise<ToolResponse> {
  const places = credentialQuery === undefined
    ? null
    : { query: credentialQuery, body: credentialBody };
  const bytes = body === undefined || body === "" ? null : new TextEncoder().encode(body);
  return await sendRequest(ctx, { method, url, headers, body: bytes }, {
    credentials: token === null ? NO_CREDENTIALS : credentialsAt(token, places),
    origins: token?.origins ?? [],
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_BYTES,
    allowHttp: allowsPlainHttp(ctx),
  });
}
