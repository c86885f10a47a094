/**
 * The runs of a script that a proof rests on: a login as an invented person, the renewal that follows it, and the
 * recording played again as it was.
 */
import type { Context } from "../base/context.ts";
import type { RefreshFlow } from "../correlate/flow.ts";
import { stepAwaiting } from "../correlate/expr_walk.ts";
import type { Trace } from "../http/exchange.ts";
import { hostPort, parseUrl } from "../http/url.ts";
import { Evidence } from "../judge/evidence.ts";
import { judgeRenewal } from "../judge/renewal.ts";
import { objection, objectionTo } from "../judge/finding.ts";
import type { ScriptRun } from "../judge/run.ts";
import type { GuestExchange } from "../sandbox/guest_run.ts";
import type { GuestOutcome } from "../sandbox/host.ts";
import { demandedRequest } from "./flow_demands.ts";
import { freshValuesFor } from "./fresh_flow.ts";
import { FreshValues } from "./fresh_values.ts";
import { type InventedPerson, inventInputs } from "./invent_inputs.ts";
import { failureOf, type Play, type Played, playScript } from "./play_script.ts";
import { PromptDesk } from "./prompt_desk.ts";
import type { ProofRequest } from "./proof.ts";
import { RandomSource } from "./random_source.ts";
import { atRecordedMoment, recordedMomentMs, stillTraces } from "./recorded_moment.ts";
import { type FlowPart, recordedEnv } from "./recorded_flow.ts";
import { ReplayedSite } from "./replayed_site.ts";

export interface ProvingRun {
  readonly site: ReplayedSite;
  readonly run: ScriptRun;
  /** What stood for each recorded value. */
  readonly fresh: FreshValues;
}

/** Neither a whole number of days nor of minutes. */
const LATER_MS = 3 * 86_400_000 + 12_345_678;

export class Prover {
  /** When the recorded client wrote. Milliseconds since the Unix epoch. */
  readonly momentMs: number;
  readonly random: RandomSource;
  readonly #traces: ReadonlyMap<string, Trace>;

  /** @param personal what the answers are to say otherwise of people, beside what the flow shows to be theirs */
  constructor(
    private readonly ctx: Context,
    readonly request: ProofRequest,
    readonly evidence: Evidence = new Evidence(request.traces),
    private readonly personal: readonly string[] = [],
  ) {
    const { steps, generated } = request.flow;
    this.random = new RandomSource(ctx.random);
    this.#traces = new Map(request.traces.map((trace) => [trace.id, trace]));
    const startMs = this.#traces.get(steps[0]?.trace ?? "")?.startedAtMs ?? 0;
    this.momentMs = recordedMomentMs(generated, startMs);
  }

  login(person: InventedPerson): Promise<ProvingRun> {
    const { flow, onDebug } = this.request;
    const answers = inventInputs(flow, this.random, person);
    const fresh = this.#freshValues(flow, answers, null);
    const told = person === "plain" && onDebug !== undefined ? { onDebug } : {};
    return this.#proving(flow, fresh, answers, { ...told, entry: { kind: "acquire" } });
  }

  /** What is wrong with the renewal is noted at its site. `goesOn`: the values are those of the login. */
  async refresh(
    part: RefreshFlow,
    login: ProvingRun,
    { goesOn = false }: { readonly goesOn?: boolean } = {},
  ): Promise<ProvingRun> {
    const recorded = recordedEnv(this.request.flow).refreshToken;
    const { parameters = [], key } = login.run.result ?? {};
    const handedToken = parameters.find(([name]) => name === "refresh_token")?.[1] ??
      this.random.text("0123456789abcdef", 40);
    const answers = inventInputs(this.request.flow, this.random);
    const token = recorded === null ? null : { recorded, fresh: handedToken };
    const fresh = this.#freshValues(part, answers, token);
    if (goesOn) fresh.goOnFrom(login.fresh);
    const proofKey = key === undefined ? {} : { proofKey: key };
    const entry = { ...proofKey, kind: "refresh", refreshToken: handedToken } as const;
    const { run, ...done } = await this.#proving(part, fresh, answers, { entry });
    const renewal = { ...run, handedToken, handedKey: key ?? null };
    const demanded = part.source === "recorded" ? part.steps.map(demandedRequest) : [];
    for (const one of judgeRenewal(renewal, this.evidence, demanded)) done.site.note(one);
    return { ...done, run: renewal };
  }

  /**
   * The recording played again as it was: the server answers with the recorded values, the clock stands where it
   * stood, and the prompts are answered as they are told. What is sent then can be held against what was recorded.
   *
   * @param answers by `Input.name`
   * @param chance whether the script is handed the recorded random values where it makes its own; `later`: it makes
   * its own, with its clock some days on
   * @param answer answers the prompts in place of the inputs of the flow
   */
  async reenact(
    answers: ReadonlyMap<string, string>,
    chance: "recorded" | "own" | "later" = "own",
    answer?: Play["answer"],
  ): Promise<ScriptRun> {
    const { momentMs, request: { flow, source } } = this;
    const shift = { recordedAtMs: momentMs, nowMs: momentMs };
    const site = this.#site(flow, new FreshValues(this.random, [], shift), momentMs);
    const desk = new PromptDesk(flow.inputs, answers);
    const clockMs = chance === "later" ? momentMs + LATER_MS : momentMs;
    const drawn = chance === "recorded" ? flow.generated : [];
    const { sent, confirmed, result } = await this.#play(site, {
      entry: { kind: "acquire" },
      source: atRecordedMoment(source, clockMs, drawn),
      answer: answer ?? ((label, isSecret) => desk.answer(label, isSecret)),
    });
    return { sent, confirmed, result, answers: desk.given() };
  }

  /** @param stillMs the one moment of all answers; else they come when they are asked for */
  #site({ steps }: FlowPart, fresh: FreshValues, stillMs: number | null): ReplayedSite {
    return new ReplayedSite({
      steps,
      traces: stillMs === null ? this.#traces : stillTraces(this.#traces, stillMs),
      fresh,
      nowMs: () => stillMs ?? this.ctx.clock.nowMs(),
      answersAll: this.request.claimed !== undefined,
    });
  }

  #play(
    site: ReplayedSite,
    play: Pick<Play, "entry" | "answer"> & Partial<Play>,
  ): Promise<Played> {
    const { onDebug: _, ...request } = this.request;
    return playScript(this.ctx, { ...request, ...play, respond: (sent) => site.respond(sent) });
  }

  async #proving(
    part: FlowPart,
    fresh: FreshValues,
    answers: ReadonlyMap<string, string>,
    play: Pick<Play, "entry" | "onDebug">,
  ): Promise<ProvingRun> {
    const { flow: { inputs, hosts } } = this.request;
    const site = this.#site(part, fresh, null);
    const asked = play.entry.kind === "acquire" ? inputs : [];
    // A code or a link is sent by a step, so nobody has it before.
    const desk = new PromptDesk(asked, answers, (input) => {
      const step = stepAwaiting(input, part.steps);
      return step === undefined ? null : site.missingBefore(step.trace);
    });
    const answer: Play["answer"] = (label, isSecret) => desk.answer(label, isSecret);
    const { outcome, sent, confirmed, result } = await this.#play(site, { ...play, answer });
    for (const one of desk.objections) site.note(one);
    for (const host of unexpectedHosts(outcome.exchanges, hosts)) {
      site.note(objectionTo(`request to ${host}`, "goes to a host of no step"));
    }
    noteOutcome(outcome, site, desk);
    return { site, run: { sent, confirmed, result, answers: desk.given() }, fresh };
  }

  #freshValues(
    part: FlowPart,
    inputs: ReadonlyMap<string, string>,
    refreshToken: { readonly recorded: string; readonly fresh: string } | null,
  ): FreshValues {
    return freshValuesFor(this.request.flow, part, {
      traces: this.#traces,
      inputs,
      random: this.random,
      nowMs: this.ctx.clock.nowMs(),
      evidence: this.evidence,
      refreshToken,
      personal: this.personal,
    });
  }
}

function noteOutcome(outcome: GuestOutcome, site: ReplayedSite, desk: PromptDesk): void {
  const missing = site.missing();
  const isDone = outcome.kind === "result";
  for (const step of isDone ? missing : missing.slice(0, 1)) {
    site.note(objection({ ...step, where: "request" }, "was never made"));
  }
  if (!isDone) return site.note(failureOf(outcome));
  for (const input of desk.unasked()) {
    site.note(objectionTo(`input ${input.name}`, "was never asked for"));
  }
}

/** Hosts a script tried to reach that the flow does not have, `host:port`, each once. */
function unexpectedHosts(exchanges: readonly GuestExchange[], hosts: readonly string[]): string[] {
  const reached = exchanges.map(({ url }) => parseUrl(url))
    .map((url) => url === null ? "an unknown host" : hostPort(url));
  return [...new Set(reached)].filter((host) => !hosts.includes(host));
}
