/** One run of a script against a site of the replay: what came of it, and every request with its answer. */
import type { Context } from "../base/context.ts";
import { isDigest, keyOf } from "../http/computed_credential.ts";
import type { HttpRequest } from "../http/exchange.ts";
import type { Confirmed, RunResult, SentRequest } from "../judge/run.ts";
import { type GuestOutcome, runGuest } from "../sandbox/host.ts";
import type { GuestEntry } from "../sandbox/protocol.ts";
import type { AuthResult } from "../script/contract.ts";
import { type Objection, objectionTo } from "../judge/finding.ts";
import type { ProofRequest } from "./proof.ts";
import { startReplayServer } from "./replay_server.ts";

export interface Play extends Omit<ProofRequest, "traces" | "others" | "hints" | "claimed"> {
  readonly entry: GuestEntry;
  readonly respond: (request: HttpRequest) => SentRequest;
  readonly answer: (label: string, isSecret: boolean) => string;
}

export interface Played {
  readonly outcome: GuestOutcome;
  readonly sent: readonly SentRequest[];
  readonly confirmed: readonly Confirmed[];
  readonly result: RunResult | null;
}

export async function playScript(
  ctx: Pick<Context, "signal" | "startSandbox">,
  play: Play,
): Promise<Played> {
  const { source, fileName, limits, flow, entry, respond, answer, onDebug = () => {} } = play;
  const sent: SentRequest[] = [];
  const confirmed: Confirmed[] = [];
  const server = startReplayServer((request) => {
    const one = respond(request);
    sent.push(one);
    return one.answer;
  });
  try {
    const outcome = await runGuest({
      source,
      fileName,
      limits,
      entry,
      signal: play.signal ?? ctx.signal,
      startSandbox: ctx.startSandbox,
      network: { kind: "replay", port: server.port, hosts: flow.hosts },
      dialog: {
        promptText: (label) => Promise.resolve(answer(label, false)),
        promptSecret: (label) => Promise.resolve(answer(label, true)),
        confirm: (text) =>
          Promise.resolve(void confirmed.push({ text, afterRequests: sent.length })),
        tell: () => {},
        debug: onDebug,
      },
    });
    const result = outcome.kind === "result" ? resultOf(outcome.result) : null;
    return { outcome, sent, confirmed, result };
  } finally {
    await server.close();
  }
}

/** What the caller is handed, as parameters beside the headers. */
export function resultOf(result: AuthResult): RunResult {
  const { headers, body_params, query_params, refresh_token, expires_in, computed = [] } = result;
  const key = keyOf(computed)?.key;
  const parameters = {
    ...body_params,
    ...query_params,
    ...refresh_token === undefined ? {} : { refresh_token },
  };
  return {
    headers,
    parameters: Object.entries(parameters).map(([name, value]) => [name, String(value)]),
    computed: computed.filter(isDigest).flatMap(({ username, password }) => [username, password]),
    ...key === undefined ? {} : { key },
    ...expires_in === undefined ? {} : { expiresInSec: expires_in },
  };
}

/** What ended a run that came back with nothing. */
export function failureOf(outcome: Exclude<GuestOutcome, { kind: "result" }>): Objection {
  if (outcome.kind === "limit") return objectionTo("script", outcome.message);
  const { name, message, line } = outcome.error;
  const where = line === null ? "script" : `script line ${line}`;
  return objectionTo(where, `failed: ${name}: ${message}`);
}
