/** One run of a script against the replayed site: what came of it, and every request with its answer. */
import type { Context } from "../base/context.ts";
import { isDigest, keyOf } from "../http/computed_credential.ts";
import type { RunResult, ScriptRun, SentRequest } from "../judge/run.ts";
import { type GuestOutcome, runGuest } from "../sandbox/host.ts";
import type { GuestDialog } from "../sandbox/guest_run.ts";
import type { GuestEntry } from "../sandbox/protocol.ts";
import type { AuthResult } from "../script/contract.ts";
import type { PromptDesk } from "./prompt_desk.ts";
import type { Finding } from "./proof.ts";
import type { ProofRequest } from "./proof_request.ts";
import type { ReplayedSite } from "./replayed_site.ts";
import { startReplayServer } from "./replay_server.ts";

export interface Performance
  extends Pick<ProofRequest, "source" | "fileName" | "flow" | "limits" | "signal"> {
  readonly entry: GuestEntry;
  readonly site: Pick<ReplayedSite, "respond">;
  readonly desk: Desk;
  readonly onDebug?: ((line: string) => void) | undefined;
}

/** Who answers the prompts. */
export interface Desk extends Pick<PromptDesk, "answer"> {
  /** What was answered, by name. */
  given(): ReadonlyMap<string, string>;
}

export interface Performed {
  readonly outcome: GuestOutcome;
  readonly run: ScriptRun;
}

export async function playScript(
  ctx: Pick<Context, "signal" | "startSandbox">,
  performance: Performance,
): Promise<Performed> {
  const { source, fileName, limits, flow, entry, site, desk, onDebug = () => {} } = performance;
  const sent: SentRequest[] = [];
  const server = startReplayServer((request) => {
    const { answer, trace, named } = site.respond(request);
    sent.push({
      request: named?.request ?? request,
      trace,
      answer,
      takenNames: named?.taken ?? [],
    });
    return answer;
  });
  try {
    const outcome = await runGuest({
      source,
      fileName,
      limits,
      entry,
      signal: performance.signal ?? ctx.signal,
      startSandbox: ctx.startSandbox,
      network: { kind: "replay", port: server.port, hosts: flow.hosts },
      dialog: dialogOf(desk, onDebug),
    });
    const result = outcome.kind === "result" ? resultOf(outcome.result) : null;
    const handed = entry.kind === "refresh"
      ? { handedToken: entry.refreshToken, handedKey: entry.proofKey ?? null }
      : {};
    return { outcome, run: { sent, result, answers: desk.given(), ...handed } };
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

function dialogOf(desk: Desk, debug: (line: string) => void): GuestDialog {
  return {
    promptText: (label) => Promise.resolve(desk.answer(label, false)),
    promptSecret: (label) => Promise.resolve(desk.answer(label, true)),
    confirm: () => Promise.resolve(),
    tell: () => {},
    debug,
  };
}

/** What ended a run that came back with nothing. */
export function failureOf(outcome: Exclude<GuestOutcome, { kind: "result" }>): Finding {
  if (outcome.kind === "limit") return { where: "script", problem: outcome.message };
  const { name, message, line } = outcome.error;
  const where = line === null ? "script" : `script line ${line}`;
  return { where, problem: `failed: ${name}: ${message}` };
}
