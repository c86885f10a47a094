/** Device authorization grant (RFC 8628): the user confirms a short code on any device. */
import * as oauth from "oauth4webapi";
import type { BrowserLogin } from "../../base/browser_login.ts";
import { AppError } from "../../base/error.ts";
import { escapeForeignText } from "../../base/foreign_text.ts";
import { SecretProblem } from "../secret_problem.ts";
import type { LoginContext } from "./authorization_code.ts";
import type { OAuthClient } from "./client.ts";
import { proofOption, withNonce } from "./proof_key.ts";
import type { CachedToken } from "./token_cache.ts";
import { scopeParameter, tokenFrom } from "./token_grants.ts";
import { oauthProblem, requestOptions } from "./token_request.ts";

/** Between two questions when the server names no interval (section 3.2), in seconds. */
const DEFAULT_INTERVAL_SEC = 5;
/** Added each time the server says `slow_down` (section 3.5), in seconds. */
const SLOW_DOWN_SEC = 5;

/** Resolves after `ms`; rejects when the signal is aborted. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

/** @throws {SecretProblem} when the server or the user refuses, or the code expires; `INTERRUPTED`. */
export async function deviceGrant(
  ctx: LoginContext,
  client: OAuthClient,
  scopes: readonly string[],
  browser: BrowserLogin | null,
  pause: Pause = pauseMs,
): Promise<CachedToken> {
  const device = await startDevice(ctx, client, scopes);
  await showCode(ctx, device, browser);
  const endMs = performance.now() + device.expires_in * 1000;
  let intervalSec = device.interval ?? DEFAULT_INTERVAL_SEC;
  while (performance.now() < endMs) {
    await pause(intervalSec * 1000, ctx.signal);
    const answer = await askOnce(ctx, client, device.device_code);
    if (typeof answer !== "string") return tokenFrom(ctx, answer, scopes, client);
    if (answer === "slow_down") intervalSec += SLOW_DOWN_SEC;
  }
  throw new SecretProblem("nobody confirmed the code in time");
}

async function startDevice(
  ctx: LoginContext,
  client: OAuthClient,
  scopes: readonly string[],
): Promise<oauth.DeviceAuthorizationResponse> {
  try {
    const response = await oauth.deviceAuthorizationRequest(
      client.server,
      client.client,
      client.authentication,
      { ...client.parameters, ...scopeParameter(scopes) },
      requestOptions(ctx, client.server.device_authorization_endpoint!),
    );
    return await oauth.processDeviceAuthorizationResponse(client.server, client.client, response);
  } catch (error) {
    throw oauthProblem(error, "the device authorization endpoint", client.refusedHint);
  }
}

/** The code is shown even where the page has it filled in: the user compares the two (section 3.3.1). */
async function showCode(
  ctx: LoginContext,
  device: oauth.DeviceAuthorizationResponse,
  browser: BrowserLogin | null,
): Promise<void> {
  ctx.redactor.add(device.device_code);
  const address = device.verification_uri_complete ?? device.verification_uri;
  const isWeb = /^https?:$/.test(URL.parse(address)?.protocol ?? "");
  if (isWeb) await browser?.open(address);
  ctx.term.err(`Open ${escapeForeignText(device.verification_uri)} on any device`);
  ctx.term.err(`and confirm the code ${escapeForeignText(device.user_code)}`);
}

/** The token, or why there is none yet. */
async function askOnce(
  ctx: LoginContext,
  client: OAuthClient,
  deviceCode: string,
): Promise<oauth.TokenEndpointResponse | "authorization_pending" | "slow_down"> {
  try {
    return await withNonce(async () => {
      const response = await oauth.deviceCodeGrantRequest(
        client.server,
        client.client,
        client.authentication,
        deviceCode,
        { ...requestOptions(ctx, client.server.token_endpoint!), ...proofOption(client) },
      );
      return await oauth.processDeviceCodeResponse(client.server, client.client, response);
    });
  } catch (error) {
    if (error instanceof oauth.ResponseBodyError) {
      const { error: code } = error;
      if (code === "authorization_pending" || code === "slow_down") return code;
    }
    const problem = oauthProblem(error, "the token endpoint", client.refusedHint);
    // A connection that breaks is to be tried again, more slowly (section 3.5).
    if (problem instanceof SecretProblem && problem.code === "UNREACHABLE") return "slow_down";
    throw problem;
  }
}

function pauseMs(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new AppError("INTERRUPTED", "Interrupted"));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}
