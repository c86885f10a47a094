/** The runs of a proof: a login as an invented person, and the renewal that follows it. */
import type { Context } from "../base/context.ts";
import type { RefreshFlow } from "../correlate/flow.ts";
import type { Trace } from "../http/exchange.ts";
import { hostPort, parseUrl } from "../http/url.ts";
import type { Evidence } from "../judge/evidence.ts";
import { judgeRenewal } from "../judge/renewal.ts";
import type { Objection } from "../judge/finding.ts";
import type { ScriptRun } from "../judge/run.ts";
import type { GuestExchange } from "../sandbox/guest_run.ts";
import type { GuestOutcome } from "../sandbox/host.ts";
import type { GuestEntry } from "../sandbox/protocol.ts";
import { demandedRequest, firstUses } from "./flow_demands.ts";
import { freshValuesFor, inventInputs } from "./fresh_flow.ts";
import type { FreshValues } from "./fresh_values.ts";
import type { InventedPerson } from "./invent_inputs.ts";
import { failureOf, playScript } from "./play_script.ts";
import { PromptDesk } from "./prompt_desk.ts";
import type { ProofRequest } from "./proof_request.ts";
import { RandomSource } from "./random_source.ts";
import { type FlowPart, recordedEnv } from "./recorded_flow.ts";
import { ReplayedSite } from "./replayed_site.ts";

export interface ProvingRun {
  readonly site: ReplayedSite;
  readonly run: ScriptRun;
  /** What stood for each recorded value. */
  readonly fresh: FreshValues;
  /** Names recorded and new values in a text instead of showing them. */
  readonly mask: (text: string) => string;
}

/** One run's own part of the flow, people and values. */
interface Cast {
  readonly part: FlowPart;
  readonly inputs: ReadonlyMap<string, string>;
  readonly entry: GuestEntry;
  readonly fresh: FreshValues;
  readonly onDebug: ((line: string) => void) | undefined;
}

export class Prover {
  readonly #ctx: Context;
  readonly #request: ProofRequest;
  readonly #evidence: Evidence;
  readonly #personal: readonly string[];
  readonly #random: RandomSource;
  readonly #traces: ReadonlyMap<string, Trace>;

  /** @param personal what the answers are to say otherwise of people, beside what the flow shows to be theirs */
  constructor(
    ctx: Context,
    request: ProofRequest,
    evidence: Evidence,
    personal: readonly string[] = [],
  ) {
    this.#personal = personal;
    this.#ctx = ctx;
    this.#request = request;
    this.#evidence = evidence;
    this.#random = new RandomSource(ctx.random);
    this.#traces = new Map(request.traces.map((trace) => [trace.id, trace]));
  }

  login(person: InventedPerson): Promise<ProvingRun> {
    const part = this.#request.flow;
    const inputs = inventInputs(part, this.#random, person);
    const fresh = this.#freshValues(part, inputs, null);
    const onDebug = person === "plain" ? this.#request.onDebug : undefined;
    return this.#run({ part, inputs, fresh, entry: { kind: "acquire" }, onDebug });
  }

  /** What is wrong with the renewal is noted at its site. `goesOn`: the values are those of the login. */
  async refresh(
    part: RefreshFlow,
    login: ProvingRun,
    { goesOn = false }: { readonly goesOn?: boolean } = {},
  ): Promise<ProvingRun> {
    const recorded = recordedEnv(this.#request.flow).refreshToken;
    const refreshToken =
      login.run.result?.parameters.find(([name]) => name === "refresh_token")?.[1] ??
        this.#random.text("0123456789abcdef", 40);
    const key = login.run.result?.key;
    const inputs = inventInputs(this.#request.flow, this.#random, "plain");
    const token = recorded === null ? null : { recorded, fresh: refreshToken };
    const fresh = this.#freshValues(part, inputs, token);
    if (goesOn) fresh.goOnFrom(login.fresh);
    const done = await this.#run({
      part,
      inputs,
      fresh,
      onDebug: undefined,
      entry: { ...key === undefined ? {} : { proofKey: key }, kind: "refresh", refreshToken },
    });
    const demanded = part.source === "recorded" ? part.steps.map(demandedRequest) : [];
    noteObjections(done.site, part, judgeRenewal(done.run, this.#evidence, demanded));
    return done;
  }

  async #run(cast: Cast): Promise<ProvingRun> {
    const { part, entry, fresh, onDebug } = cast;
    const site = new ReplayedSite({
      steps: part.steps,
      traces: this.#traces,
      fresh,
      nowMs: () => this.#ctx.clock.nowMs(),
      answersAll: this.#request.claimed !== undefined,
    });
    const desk = this.#desk(cast, site);
    const played = { ...this.#request, entry, site, desk, onDebug };
    const { outcome, run } = await playScript(this.#ctx, played);
    for (const finding of desk.findings) site.note(null, finding);
    for (const host of unexpectedHosts(outcome.exchanges, this.#request.flow.hosts)) {
      site.note(null, { where: `request to ${host}`, problem: "goes to a host of no step" });
    }
    noteOutcome(outcome, site, desk);
    return { site, run, fresh, mask: (text) => fresh.mask(text) };
  }

  /** A code or a link is sent by a step, so nobody has it before. */
  #desk({ entry, part, inputs: answers }: Cast, site: ReplayedSite): PromptDesk {
    const inputs = entry.kind === "acquire" ? this.#request.flow.inputs : [];
    const uses = firstUses(part.steps);
    return new PromptDesk({
      inputs,
      answers,
      tooEarly: ({ kind, name }) => {
        const use = kind === "one-time-code" || kind === "link" ? uses.get(name) : undefined;
        return use === undefined ? null : site.missingBefore(use);
      },
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
      personal: this.#personal,
    });
  }
}

export function noteObjections(
  site: ReplayedSite,
  { steps }: FlowPart,
  objections: readonly Objection[],
): void {
  for (const { trace, where, problem } of objections) {
    site.note(steps.find((step) => step.trace === trace) ?? null, { where, problem });
  }
}

function noteOutcome(outcome: GuestOutcome, site: ReplayedSite, desk: PromptDesk): void {
  const missing = site.missing();
  const isDone = outcome.kind === "result";
  for (const step of isDone ? missing : missing.slice(0, 1)) {
    site.note(step, { where: "request", problem: "was never made" });
  }
  if (!isDone) return site.note(null, failureOf(outcome));
  for (const input of desk.unasked()) {
    site.note(null, { where: `input ${input.name}`, problem: "was never asked for" });
  }
}

/** Hosts a script tried to reach that the flow does not have, `host:port`, each once. */
function unexpectedHosts(exchanges: readonly GuestExchange[], hosts: readonly string[]): string[] {
  const reached = exchanges.map(({ url }) => parseUrl(url))
    .map((url) => url === null ? "an unknown host" : hostPort(url));
  return [...new Set(reached)].filter((host) => !hosts.includes(host));
}
