/** The runs of a proof: a login as an invented person, and the renewal that follows it. */
import type { Context } from "../base/context.ts";
import type { RefreshFlow } from "../correlate/flow.ts";
import type { Trace } from "../http/exchange.ts";
import { copiedValues } from "../judge/copied_values.ts";
import type { Evidence } from "../judge/evidence.ts";
import type { ScriptRun } from "../judge/run.ts";
import type { GuestOutcome } from "../sandbox/host.ts";
import type { GuestEntry } from "../sandbox/protocol.ts";
import { freshValuesFor, inventInputs } from "./fresh_flow.ts";
import type { FreshValues } from "./fresh_values.ts";
import type { InventedPerson } from "./invent_inputs.ts";
import type { Finding } from "./judge_request.ts";
import { judgeResult } from "./judge_result.ts";
import { tryEvaluate } from "./match_expr.ts";
import { playScript } from "./play_script.ts";
import { PromptDesk } from "./prompt_desk.ts";
import type { Mismatch } from "./proof.ts";
import type { ProofRequest } from "./proof_request.ts";
import { RandomSource } from "./random_source.ts";
import { type FlowPart, recordedEnv } from "./recorded_flow.ts";
import { Rehearsal } from "./rehearsal.ts";
import { unexpectedHosts } from "./unexpected_hosts.ts";

export interface ProvingRun {
  readonly rehearsal: Rehearsal;
  readonly mismatches: readonly Mismatch[];
  readonly run: ScriptRun;
  /** What stood for each recorded value. */
  readonly fresh: FreshValues;
  /** Names recorded and new values in a text instead of showing them. */
  readonly mask: (text: string) => string;
  /** The new refresh token the run's answers handed out. */
  readonly refreshToken: string | null;
}

/** One run's own part of the flow, people and values. */
interface Cast {
  readonly part: FlowPart;
  readonly inputs: ReadonlyMap<string, string>;
  readonly entry: GuestEntry;
  readonly fresh: FreshValues;
  readonly wantsRefreshToken: boolean;
}

export class Prover {
  readonly #ctx: Context;
  readonly #request: ProofRequest;
  readonly #evidence: Evidence;
  readonly #random: RandomSource;
  readonly #traces: ReadonlyMap<string, Trace>;

  constructor(ctx: Context, request: ProofRequest, evidence: Evidence) {
    this.#ctx = ctx;
    this.#request = request;
    this.#evidence = evidence;
    this.#random = new RandomSource(ctx.random);
    this.#traces = new Map(request.traces.map((trace) => [trace.id, trace]));
  }

  login(hasRefresh: boolean, person: InventedPerson): Promise<ProvingRun> {
    const part = this.#request.flow;
    const inputs = inventInputs(part, this.#random, person);
    const fresh = this.#freshValues(part, inputs, null);
    return this.#run({
      part,
      inputs,
      fresh,
      entry: { kind: "acquire" },
      wantsRefreshToken: hasRefresh,
    });
  }

  async refresh(part: RefreshFlow, handedOut: string | null): Promise<ProvingRun> {
    const recorded = recordedEnv(this.#request.flow).refreshToken;
    const refreshToken = handedOut ?? this.#random.text("0123456789abcdef", 40);
    const inputs = inventInputs(this.#request.flow, this.#random, "plain");
    const token = recorded === null ? null : { recorded, fresh: refreshToken };
    const fresh = this.#freshValues(part, inputs, token);
    const entry = { kind: "refresh", refreshToken } as const;
    const done = await this.#run({ part, inputs, fresh, entry, wantsRefreshToken: true });
    for (const { where, problem, trace } of copiedValues(done.run, this.#evidence)) {
      const step = part.steps.find((one) => one.trace === trace) ?? null;
      done.rehearsal.note(step, { where, problem });
    }
    return done;
  }

  async #run(cast: Cast): Promise<ProvingRun> {
    const { part, entry } = cast;
    const rehearsal = this.#rehearsal(cast);
    const desk = this.#desk(cast, rehearsal);
    const { source, fileName, flow, limits, signal = this.#ctx.signal } = this.#request;
    const script = { source, fileName, entry, hosts: flow.hosts, limits, signal };
    const { outcome, run } = await playScript({ ...script, rehearsal, desk });
    for (const finding of desk.findings) rehearsal.note(null, finding);
    for (const host of unexpectedHosts(outcome.exchanges, flow.hosts)) {
      rehearsal.note(null, { where: `request to ${host}`, problem: "goes to a host of no step" });
    }
    this.#judgeOutcome(outcome, cast, rehearsal, desk);
    const token = part.result.refreshToken;
    const handedOut = token === null ? null : tryEvaluate(token, rehearsal.expectations.env);
    return {
      rehearsal,
      run,
      fresh: cast.fresh,
      mask: (text) => cast.fresh.mask(text),
      mismatches: rehearsal.mismatches,
      refreshToken: handedOut !== null && "value" in handedOut ? handedOut.value : null,
    };
  }

  #judgeOutcome(outcome: GuestOutcome, cast: Cast, rehearsal: Rehearsal, desk: PromptDesk): void {
    const { part, fresh, wantsRefreshToken } = cast;
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

  /** A code or a link is sent by a step, so nobody has it before. */
  #desk({ entry, inputs: answers }: Cast, rehearsal: Rehearsal): PromptDesk {
    const inputs = entry.kind === "acquire" ? this.#request.flow.inputs : [];
    return new PromptDesk({
      inputs,
      answers,
      tooEarly: (input) =>
        input.kind === "one-time-code" || input.kind === "link"
          ? rehearsal.missingBefore(input)
          : null,
    });
  }

  #freshValues(
    part: FlowPart,
    inputs: ReadonlyMap<string, string>,
    refreshToken: { readonly recorded: string; readonly fresh: string } | null,
  ): FreshValues {
    return freshValuesFor(this.#request.flow, part, {
      traces: this.#traces,
      inputs,
      random: this.#random,
      nowMs: this.#ctx.clock.nowMs(),
      evidence: this.#evidence,
      refreshToken,
    });
  }

  #rehearsal({ part, inputs, entry, fresh }: Cast): Rehearsal {
    return new Rehearsal({
      part,
      generated: this.#request.flow.generated,
      traces: this.#traces,
      fresh,
      inputs,
      refreshToken: entry.kind === "refresh" ? entry.refreshToken : null,
      recorded: recordedEnv(this.#request.flow),
      nowMs: () => this.#ctx.clock.nowMs(),
    });
  }
}

function failureOf(outcome: Exclude<GuestOutcome, { kind: "result" }>): Finding {
  if (outcome.kind === "limit") return { where: "script", problem: outcome.message };
  const { name, message, line } = outcome.error;
  const where = line === null ? "script" : `script line ${line}`;
  return { where, problem: `failed: ${name}: ${message}` };
}
