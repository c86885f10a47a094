/**
 * The one path on which credentials leave the tool, for captured apps and for services alike.
 *
 * A call is a chain of hops. Each hop is sent with the credentials put in place anew, as long as the
 * chain has not left the origin it began on; the first hop to another origin takes them away for
 * good, from headers, query and body. On each hop a challenge that can be computed (HTTP Digest) is
 * answered once, and a safe request the server put off (429, 503) is repeated when it said how long.
 */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { base64EncodeBytes, toBase64Url } from "../http/base64.ts";
import { type Challenge, parseChallenges } from "../http/challenge.ts";
import { digestAuthorization, digestChallenge } from "../http/digest.ts";
import type { StreamItem } from "../http/event_stream.ts";
import { isDigest, keyOf } from "../http/computed_credential.ts";
import type { HeaderList, HttpRequest, HttpResponse } from "../http/exchange.ts";
import { headerValues } from "../http/headers.ts";
import { NONCE, type Renewal, renewalsIn } from "../token/renewals.ts";
import {
  type Credentials,
  hasCredentials,
  NO_CREDENTIALS,
  secretTexts,
  setHeader,
  withCredentials,
} from "./credentials.ts";
import { HopCookies } from "./hop_cookies.ts";
import { withoutQueryValues } from "./query_text.ts";
import { redirectedRequest } from "./redirect.ts";
import { type AnsweredWrite, isAnsweredWrite, missingPage, withWrite } from "./answered_write.ts";
import { type ToolResponse, toolResponse } from "./response.ts";
import { retryDelayMs, waitMs } from "./retry.ts";
import { askingForStream, bodyless } from "./sendable.ts";
import { Stopping } from "./stopping.ts";
import { checkCredentialTarget, checkRedirectTarget } from "./target.ts";
import { describe, transfer, type TransferLimits, type TransferredResponse } from "./transport.ts";

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_BYTES = 10 * 1024 * 1024;
const MAX_REDIRECTS = 10;
/** Shorter values occur in URLs by chance. In UTF-16 units. */
const MIN_SECRET_LENGTH = 8;

export interface SendOptions {
  /** `NO_CREDENTIALS` for a public request. */
  readonly credentials: Credentials;
  /** The origins the credentials belong to: `https://api.example.com`. */
  readonly origins: readonly string[];
  /** Over all hops and retries; default 30 s. */
  readonly timeoutMs?: number;
  /** Of the decoded answer; default 10 MiB. */
  readonly maxBytes?: number;
  /** Credentials may go over plain http to other machines than this one. */
  readonly allowHttp?: boolean;
  /** As of `TransferLimits`. */
  readonly keepPartial?: boolean;
  /** As of `TransferLimits`. With it the request asks for a stream where it leaves the type open. */
  readonly onItem?: (item: StreamItem) => void;
}

type SendContext = Pick<Context, "clock" | "fetch" | "random" | "signal" | "deadlines">;

/**
 * Sends a request and answers what came back, whatever its status.
 *
 * @throws {AppError} `ORIGIN_REFUSED` before anything is sent, or at a redirect that leads into a private
 * network; `UNREACHABLE`; `UNSUPPORTED` for an answer that is too large; `UPSTREAM_FAILED` for an endless
 * redirect; `BAD_INPUT` for a header that cannot be sent; `INTERRUPTED`.
 */
export async function sendRequest(
  ctx: SendContext,
  request: HttpRequest,
  options: SendOptions,
): Promise<ToolResponse> {
  if (hasCredentials(options.credentials)) {
    const { origins, allowHttp = false } = options;
    checkCredentialTarget(new URL(request.url), { origins, allowHttp });
  }
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const stopping = new Stopping(ctx.signal, timeoutMs, ctx.deadlines);
  try {
    const limits = {
      stopping,
      onItem: options.onItem,
      maxBytes: options.maxBytes ?? DEFAULT_MAX_BYTES,
      keepPartial: options.keepPartial ?? false,
    };
    const sent = options.onItem === undefined ? request : askingForStream(request);
    return await new Chain(ctx, options.credentials, limits).follow(bodyless(sent));
  } finally {
    stopping.end();
  }
}

/** A server may have put a credential it was sent into the URL it redirects to. */
function withoutCredentials(url: string, credentials: Credentials): string {
  const secrets = secretTexts(credentials).filter((secret) => secret.length >= MIN_SECRET_LENGTH);
  return withoutQueryValues(
    url,
    (name, value) =>
      Object.hasOwn(credentials.query_params, name) ||
      secrets.some((secret) => value.includes(secret)),
  );
}

/** A token that is bound to a key says how its requests are signed. */
async function signerOf(credentials: Credentials): Promise<Pick<Credentials, "sign" | "resign">> {
  const bound = keyOf(credentials.computed);
  if (credentials.sign !== undefined || bound === undefined) return credentials;
  const { keySigner } = await import("../resolve/request_proof.ts");
  return await keySigner(bound);
}

function nonceIn({ headers }: HttpResponse): HeaderList {
  return headers.filter(([name]) => name.toLowerCase() === NONCE);
}

class Chain {
  readonly #ctx: SendContext;
  readonly #limits: TransferLimits;
  readonly #given: Credentials;
  readonly #hopCookies = new HopCookies();
  readonly #renewals: Renewal[] = [];
  /** `NO_CREDENTIALS` once the chain has left its first origin. */
  #credentials: Credentials;
  #retries = 0;
  #waitedMs = 0;
  #written: AnsweredWrite | null = null;

  constructor(ctx: SendContext, credentials: Credentials, limits: TransferLimits) {
    this.#ctx = ctx;
    this.#given = credentials;
    this.#credentials = credentials;
    this.#limits = limits;
  }

  async follow(first: HttpRequest): Promise<ToolResponse> {
    try {
      return await this.#followAll(first);
    } catch (error) {
      const cut = missingPage(error);
      if (this.#written === null) throw error;
      if (cut === null || !this.#limits.keepPartial) throw withWrite(error, this.#written);
      const { request, response, redirects } = this.#written;
      return this.#answer(first, request, { ...response, cut }, redirects);
    }
  }

  async #followAll(first: HttpRequest): Promise<ToolResponse> {
    let request = first;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const response = await this.#hop(request);
      const next = redirectedRequest(request, response);
      if (next === null) return this.#answer(first, request, response, redirects);
      if (isAnsweredWrite(request, next)) this.#written = { request, response, redirects };
      request = this.#cross(request, next);
    }
    throw new AppError(
      "UPSTREAM_FAILED",
      `${describe(first)} was redirected more than ${MAX_REDIRECTS} times`,
      { hint: "The session may have ended; log in again" },
    );
  }

  #answer(
    asked: HttpRequest,
    answered: HttpRequest,
    response: TransferredResponse,
    redirects: number,
  ): ToolResponse {
    return toolResponse(asked, answered, response, {
      redirects,
      authenticated: hasCredentials(this.#credentials),
      renewals: this.#renewals,
      ...(this.#written === null ? {} : { written: this.#written.response.status }),
    });
  }

  /** Leaves the credentials behind when the next hop is on another origin. */
  #cross(from: HttpRequest, to: HttpRequest): HttpRequest {
    const [fromUrl, toUrl] = [new URL(from.url), new URL(to.url)];
    checkRedirectTarget(fromUrl, toUrl);
    if (fromUrl.origin === toUrl.origin) return to;
    this.#credentials = NO_CREDENTIALS;
    this.#hopCookies.clear();
    return { ...to, url: withoutCredentials(to.url, this.#given) };
  }

  async #hop(request: HttpRequest): Promise<TransferredResponse> {
    for (;;) {
      const response = await this.#exchange(request);
      const delayMs = retryDelayMs(request.method, response, {
        retries: this.#retries,
        waitedMs: this.#waitedMs,
        nowMs: this.#ctx.clock.nowMs(),
      });
      if (delayMs === null) return response;
      this.#retries++;
      this.#waitedMs += delayMs;
      await this.#pause(request, delayMs);
    }
  }

  async #pause(request: HttpRequest, delayMs: number): Promise<void> {
    try {
      await waitMs(delayMs, this.#limits.stopping.signal);
    } catch {
      if (this.#ctx.signal.aborted) throw new AppError("INTERRUPTED", "Interrupted");
      throw new AppError("UNREACHABLE", `${describe(request)} asked to wait too long`, {
        hint: "Try again later",
      });
    }
  }

  /**
   * One request with its credentials, and once more with the answer to a Digest challenge; a third time
   * where the server says that its own nonce was too old, not the password wrong (RFC 7616 section 3.3).
   */
  async #exchange(request: HttpRequest): Promise<TransferredResponse> {
    const dressed = this.#hopCookies.applyTo(withCredentials(request, this.#credentials));
    let response = await this.#transfer(dressed);
    for (let answers = 0; answers < 2; answers++) {
      const challenge = this.#digestChallenge(response);
      const isStale = challenge?.params["stale"]?.toLowerCase() === "true";
      if (challenge === undefined || answers > 0 && !isStale) break;
      const authorization = this.#digestAnswer(dressed, challenge);
      response = await this.#transfer({
        ...dressed,
        headers: setHeader(dressed.headers, "Authorization", authorization),
      });
    }
    return response;
  }

  async #transfer(request: HttpRequest): Promise<TransferredResponse> {
    const { client } = this.#credentials;
    const { sign, resign } = await signerOf(this.#credentials);
    const limits = { ...this.#limits, client };
    const signed = sign === undefined ? request : await sign(request);
    const first = await transfer(this.#ctx, signed, limits);
    const again = await resign?.(request, first) ?? null;
    const response = again === null ? first : await transfer(this.#ctx, again, limits);
    // The answer that asked for a nonce may be the only one to hand it out.
    const handedOut = again === null ? [] : nonceIn(first);
    this.#hopCookies.take(response, request.url, this.#ctx.clock.nowMs());
    if (hasCredentials(this.#credentials)) {
      const answered = [...handedOut, ...response.headers];
      this.#renewals.push(...renewalsIn(request.url, answered, this.#credentials.headers));
    }
    return response;
  }

  #digestChallenge(response: HttpResponse): Challenge | undefined {
    if (response.status !== 401 || this.#digestCredential() === undefined) return undefined;
    const header = headerValues(response.headers, "www-authenticate").join(", ");
    return digestChallenge(parseChallenges(header));
  }

  #digestCredential() {
    return this.#credentials.computed.find(isDigest);
  }

  #digestAnswer(request: HttpRequest, challenge: Challenge): string {
    const computed = this.#digestCredential()!;
    const { pathname, search } = new URL(request.url);
    return digestAuthorization(challenge, {
      username: computed.username,
      password: computed.password,
      method: request.method,
      uri: pathname + search,
      nc: 1,
      cnonce: toBase64Url(base64EncodeBytes(this.#ctx.random.bytes(16))),
      body: request.body,
    });
  }
}
