/**
 * Proof of a script: it logs in as somebody else, against a replay of the capture in which every
 * value the server minted is another. A script that hard-codes what it should ask for or extract
 * cannot pass, and nothing of this touches the real site.
 */
import { createHash } from "node:crypto";
import type { Context } from "../base/context.ts";
import type { Trace } from "../http/exchange.ts";
import type { LoginFlow } from "../correlate/flow.ts";
import type { AuthResult } from "../script/contract.ts";
import { type GuestOutcome, runGuest } from "../sandbox/host.ts";
import type { GuestDialog } from "../sandbox/guest_run.ts";
import type { GuestLimits } from "../sandbox/limits.ts";
import type { GuestEntry } from "../sandbox/protocol.ts";
import { copiedValues } from "../judge/copied_values.ts";
import { Evidence } from "../judge/evidence.ts";
import type { RunResult, ScriptRun, SentRequest } from "../judge/run.ts";
import { recordedLiterals } from "../judge/script_literals.ts";
import { RandomSource } from "./random_source.ts";
import { freshValuesFor, inventInputs } from "./fresh_flow.ts";
import type { FreshValues } from "./fresh_values.ts";
import { recordedValuesIn } from "./inspect_source.ts";
import type { Finding } from "./judge_request.ts";
import { judgeResult } from "./judge_result.ts";
import { tryEvaluate } from "./match_expr.ts";
import { PromptDesk } from "./prompt_desk.ts";
import type { Mismatch, Proof } from "./proof.ts";
import { type FlowPart, recordedEnv } from "./recorded_flow.ts";
import { Rehearsal } from "./rehearsal.ts";
import { startReplayServer } from "./replay_server.ts";
import { unexpectedHosts } from "./unexpected_hosts.ts";

export interface ProofRequest {
  /** TypeScript. */
  readonly source: string;
  /** For messages. */
  readonly fileName: string;
  readonly flow: LoginFlow;
  /** All of the app, in time order. */
  readonly traces: readonly Trace[];
  readonly limits: GuestLimits;
  /** In place of the context's. */
  readonly signal?: AbortSignal;
}

/**
 * Runs the script against the replay and says what it did right and wrong.
 *
 * @throws {AppError} `SCRIPT_REFUSED` when the script is not run at all, `INTERRUPTED` on abort.
 */
export async function proveScript(ctx: Context, request: ProofRequest): Promise<Proof> {
  const { flow, source, fileName } = request;
  const { prepareScript } = await import("../script/prepare.ts");
  const hasRefresh = prepareScript(source, fileName).exports.has("refresh_token");
  const prover = new Prover(ctx, request);
  const login = await prover.login(hasRefresh);
  const mismatches = withoutRepeats([
    ...sourceMismatches(request),
    ...login.mismatches,
    ...recordedLiterals(source, prover.evidence).map((one) => ({ step: null, ...one })),
  ]);
  const passed = mismatches.length === 0;
  const refresh = flow.refresh !== null && hasRefresh && passed
    ? await prover.refresh(flow.refresh, login.refreshToken)
    : null;
  return {
    passed,
    steps: [...login.rehearsal.steps(), ...refresh?.rehearsal.steps() ?? []],
    mismatches: [...mismatches, ...refresh?.mismatches ?? []],
    refresh: refreshVerdict(flow.refresh !== null && hasRefresh, refresh),
    scriptSha256: createHash("sha256").update(source).digest("hex"),
    provedAt: new Date(ctx.clock.nowMs()).toISOString(),
  };
}

interface Run {
  readonly rehearsal: Rehearsal;
  readonly mismatches: readonly Mismatch[];
  readonly run: ScriptRun;
  /** The new refresh token the run's answers handed out. */
  readonly refreshToken: string | null;
}

function refreshVerdict(isOffered: boolean, run: Run | null): Proof["refresh"] {
  if (!isOffered) return "none";
  return run !== null && run.mismatches.length === 0 ? "proven" : "failed";
}

function sourceMismatches({ source, flow }: ProofRequest): Mismatch[] {
  return recordedValuesIn(source, flow)
    .map((finding) => ({ step: null, trace: null, ...finding }));
}

class Prover {
  readonly #ctx: Context;
  readonly #request: ProofRequest;
  readonly #random: RandomSource;
  readonly #traces: ReadonlyMap<string, Trace>;
  readonly #inputs: ReadonlyMap<string, string>;
  readonly evidence: Evidence;

  constructor(ctx: Context, request: ProofRequest) {
    this.#ctx = ctx;
    this.#request = request;
    this.#random = new RandomSource(ctx.random);
    this.#traces = new Map(request.traces.map((trace) => [trace.id, trace]));
    this.#inputs = inventInputs(request.flow, this.#random);
    this.evidence = new Evidence(request.traces);
  }

  login(hasRefresh: boolean): Promise<Run> {
    const { steps, result, inputs } = this.#request.flow;
    const fresh = this.#freshValues({ steps, result }, null);
    const rehearsal = this.#rehearsal({ steps, result }, fresh, null);
    const desk = new PromptDesk({
      inputs,
      answers: this.#inputs,
      tooEarly: (input) =>
        input.kind === "one-time-code" || input.kind === "link"
          ? rehearsal.missingBefore(input)
          : null,
    });
    return this.#run({ steps, result }, fresh, rehearsal, desk, { kind: "acquire" }, hasRefresh);
  }

  refresh(part: FlowPart, handedOut: string | null): Promise<Run> {
    const recorded = recordedEnv(this.#request.flow).refreshToken;
    const refreshToken = handedOut ?? this.#random.text("0123456789abcdef", 40);
    const fresh = this.#freshValues(
      part,
      recorded === null ? null : { recorded, fresh: refreshToken },
    );
    const rehearsal = this.#rehearsal(part, fresh, refreshToken);
    const desk = new PromptDesk({ inputs: [], answers: new Map(), tooEarly: () => null });
    return this.#run(part, fresh, rehearsal, desk, { kind: "refresh", refreshToken }, true);
  }

  async #run(
    part: FlowPart,
    fresh: FreshValues,
    rehearsal: Rehearsal,
    desk: PromptDesk,
    entry: GuestEntry,
    wantsRefreshToken: boolean,
  ): Promise<Run> {
    const sent: SentRequest[] = [];
    const outcome = await this.#play(entry, rehearsal, desk, sent);
    for (const finding of desk.findings) rehearsal.note(null, finding);
    for (const host of unexpectedHosts(outcome.exchanges, this.#request.flow.hosts)) {
      rehearsal.note(null, { where: `request to ${host}`, problem: "goes to a host of no step" });
    }
    this.#judgeOutcome(outcome, part, fresh, rehearsal, desk, wantsRefreshToken);
    const run: ScriptRun = {
      sent,
      result: outcome.kind === "result" ? resultOf(outcome.result) : null,
      answers: [...this.#inputs.values(), ...entry.kind === "refresh" ? [entry.refreshToken] : []],
    };
    for (const { where, problem, trace } of copiedValues(run, this.evidence)) {
      const step = part.steps.find((one) => one.trace === trace) ?? null;
      rehearsal.note(step, { where, problem });
    }
    const token = part.result.refreshToken;
    const handedOut = token === null ? null : tryEvaluate(token, rehearsal.expectations.env);
    return {
      rehearsal,
      run,
      mismatches: rehearsal.mismatches,
      refreshToken: handedOut !== null && "value" in handedOut ? handedOut.value : null,
    };
  }

  #judgeOutcome(
    outcome: GuestOutcome,
    part: FlowPart,
    fresh: FreshValues,
    rehearsal: Rehearsal,
    desk: PromptDesk,
    wantsRefreshToken: boolean,
  ): void {
    const missing = part.steps.filter((_, index) => rehearsal.steps()[index]!.status === "missing");
    const isDone = outcome.kind === "result";
    for (const step of isDone ? missing : missing.slice(0, 1)) {
      rehearsal.note(step, { where: "request", problem: "was never made" });
    }
    if (!isDone) return rehearsal.note(null, failureOf(outcome));
    for (const input of desk.unasked()) {
      rehearsal.note(null, { where: `input ${input.name}`, problem: "was never asked for" });
    }
    const findings = judgeResult(outcome.result, {
      template: part.result,
      expectations: rehearsal.expectations,
      memory: { cookies: rehearsal.cookies, fresh },
      wantsRefreshToken,
    });
    for (const finding of findings) rehearsal.note(null, finding);
  }

  async #play(
    entry: GuestEntry,
    rehearsal: Rehearsal,
    desk: PromptDesk,
    sent: SentRequest[],
  ): Promise<GuestOutcome> {
    const { source, fileName, flow, limits, signal } = this.#request;
    const server = startReplayServer((request) => {
      const { answer, trace } = rehearsal.respond(request);
      sent.push({ request, trace, answer });
      return answer;
    });
    try {
      return await runGuest({
        source,
        fileName,
        entry,
        network: { kind: "replay", port: server.port, hosts: flow.hosts },
        limits,
        dialog: dialogOf(desk),
        signal: signal ?? this.#ctx.signal,
      });
    } finally {
      await server.close();
    }
  }

  #freshValues(
    part: FlowPart,
    refreshToken: { readonly recorded: string; readonly fresh: string } | null,
  ): FreshValues {
    return freshValuesFor(this.#request.flow, part, {
      traces: this.#traces,
      inputs: this.#inputs,
      random: this.#random,
      nowMs: this.#ctx.clock.nowMs(),
      evidence: this.evidence,
      refreshToken,
    });
  }

  #rehearsal(part: FlowPart, fresh: FreshValues, refreshToken: string | null): Rehearsal {
    return new Rehearsal({
      part,
      generated: this.#request.flow.generated,
      traces: this.#traces,
      fresh,
      inputs: this.#inputs,
      refreshToken,
      recorded: recordedEnv(this.#request.flow),
      nowMs: () => this.#ctx.clock.nowMs(),
    });
  }
}

/** What the caller is handed, as parameters beside the headers. */
function resultOf(result: AuthResult): RunResult {
  const parameters = { ...result.body_params, ...result.query_params };
  return {
    headers: result.headers,
    parameters: [
      ...Object.entries(parameters).map(([name, value]) => [name, String(value)] as const),
      ...result.refresh_token === undefined
        ? []
        : [["refresh_token", result.refresh_token] as const],
    ],
  };
}

function withoutRepeats(mismatches: readonly Mismatch[]): Mismatch[] {
  return [...new Map(mismatches.map((one) => [JSON.stringify(one), one])).values()];
}

function failureOf(outcome: Exclude<GuestOutcome, { kind: "result" }>): Finding {
  if (outcome.kind === "limit") return { where: "script", problem: outcome.message };
  const { name, message, line } = outcome.error;
  const where = line === null ? "script" : `script line ${line}`;
  return { where, problem: `failed: ${name}: ${message}` };
}

function dialogOf(desk: PromptDesk): GuestDialog {
  return {
    promptText: (label) => Promise.resolve(desk.answer(label, false)),
    promptSecret: (label) => Promise.resolve(desk.answer(label, true)),
    confirm: () => Promise.resolve(),
    tell: () => {},
    debug: () => {},
  };
}
