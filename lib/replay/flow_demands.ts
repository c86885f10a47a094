/** What a script for a flow has to do, as the names that the judge demands: no expression, no value. */
import type { LoginFlow, Step } from "../correlate/flow.ts";
import { jwtExpiresAtSec } from "../http/jwt.ts";
import type { DemandedRequest, Demands } from "../judge/demands.ts";
import { recordedEnv, tryEvaluate } from "./recorded_flow.ts";

export function flowDemands(
  flow: LoginFlow,
  options: { readonly wantsRefreshToken: boolean; readonly momentMs: number },
): Demands {
  const { headers, cookies, bodyParams, queryParams, computed, refreshToken } = flow.result;
  return {
    requests: flow.steps.map(demandedRequest),
    result: {
      headers: headers.map(([name]) => name),
      cookies: cookies?.names ?? [],
      parameters: [...bodyParams, ...queryParams].map(([name]) => name),
      computed: computed.length,
      refreshToken: refreshToken !== null && options.wantsRefreshToken,
      lifetimeSec: lifetimeSec(flow, options.momentMs),
    },
  };
}

/** Names of headers and cookies that a step carries. */
export function demandedRequest({ trace, headers, cookies }: Step): DemandedRequest {
  return {
    trace,
    // Any browser may log in: which one was recorded is not part of what a script must send.
    headers: headers.filter(([name, expr]) =>
      !/^content-type$/i.test(name) &&
      !(/^user-agent$/i.test(name) && expr.kind === "constant" && /^Mozilla\//.test(expr.value))
    ).map(([name]) => name),
    cookies: cookies.map(({ name }) => name),
  };
}

function lifetimeSec(flow: LoginFlow, momentMs: number): number | null {
  const { expiresIn } = flow.result;
  if (expiresIn === null) return null;
  if (expiresIn.kind === "constant") return expiresIn.seconds;
  const env = recordedEnv(flow);
  const text = tryEvaluate(expiresIn.kind === "expr" ? expiresIn.expr : expiresIn.token, env);
  if (text === null) return null;
  const seconds = expiresIn.kind === "expr"
    ? Number(text)
    : (jwtExpiresAtSec(text) ?? NaN) - momentMs / 1000;
  return Number.isFinite(seconds) ? seconds : null;
}
