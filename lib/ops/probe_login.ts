/** Tries a fresh token on one recorded request, with and without it. */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { allowsPlainHttp } from "../base/plain_http.ts";
import type { HttpRequest } from "../http/exchange.ts";
import { parseUrl } from "../http/url.ts";
import { type ProbeRequest } from "../token/auth_file.ts";
import { judgeProbe, judgeRepeated, type ProbeAnswer, type ProbeVerdict } from "../token/probe.ts";
import { applyRenewals } from "../token/renewals.ts";
import type { TokenState } from "../token/token_state.ts";
import { type Credentials, NO_CREDENTIALS } from "../tools/credentials.ts";
import { isSafeMethod } from "../tools/definition.ts";
import { responseText } from "../tools/response.ts";
import { sendRequest } from "../tools/send.ts";
import { sessionEnd } from "../tools/session_end.ts";

const TIMEOUT_MS = 15_000;
const MAX_BYTES = 4 * 1024 * 1024;

export interface ProbeOutcome {
  readonly verdict: ProbeVerdict;
  /** The token with what the answers renewed: some servers replace the session with each. */
  readonly token: TokenState;
}

/** Never throws for what the site does: a probe that gets no answer is inconclusive. */
export async function probeLogin(
  ctx: Context,
  token: TokenState,
  probe: ProbeRequest | null,
): Promise<ProbeOutcome> {
  if (probe === null || !isSafeMethod(probe.method)) return { verdict: "none", token };
  const origin = parseUrl(probe.url)?.origin;
  if (origin === undefined || !token.origins.includes(origin)) return { verdict: "none", token };
  const trial = new Trial(ctx, token, probe);
  try {
    return { verdict: await verdictOf(trial), token: trial.token };
  } catch (error) {
    if (!(error instanceof AppError) || error.code === "INTERRUPTED") throw error;
    return { verdict: "inconclusive", token: trial.token };
  }
}

async function verdictOf(trial: Trial): Promise<ProbeVerdict> {
  const first = await trial.withToken();
  const firstWithout = await trial.without();
  const verdict = judgeProbe(first, firstWithout);
  if (verdict !== "repeat") return verdict;
  return judgeRepeated([first, await trial.withToken()], [firstWithout, await trial.without()]);
}

class Trial {
  readonly #ctx: Context;
  readonly #request: HttpRequest;
  token: TokenState;

  constructor(ctx: Context, token: TokenState, probe: ProbeRequest) {
    this.#ctx = ctx;
    this.token = token;
    this.#request = {
      method: probe.method,
      url: probe.url,
      headers: probe.headers ?? [],
      body: null,
    };
  }

  withToken(): Promise<ProbeAnswer> {
    return this.#send(this.token);
  }

  without(): Promise<ProbeAnswer> {
    return this.#send(NO_CREDENTIALS);
  }

  async #send(credentials: Credentials): Promise<ProbeAnswer> {
    const response = await sendRequest(this.#ctx, this.#request, {
      credentials,
      origins: this.token.origins,
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_BYTES,
      allowHttp: allowsPlainHttp(this.#ctx),
    });
    const { renewals, status } = response;
    const nowMs = this.#ctx.clock.nowMs();
    if (status < 400) {
      this.token = applyRenewals(this.token, this.token, renewals, nowMs) ?? this.token;
    }
    return {
      status,
      text: responseText(response) ?? "",
      isLogin: sessionEnd({ answer: null }, response) !== null,
    };
  }
}
