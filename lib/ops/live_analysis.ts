/**
 * The analysis of `auth analyze` while the recording still grows. Each exchange is taken apart once, however
 * often the search is made; the search is made in quiet moments, and only when something came that may change
 * what it finds; the proof, once for each script, in processes of its own.
 */
import type { Context } from "../base/context.ts";
import { answerFacts } from "../correlate/answer_facts.ts";
import { analyzeRecording } from "../correlate/failed_attempts.ts";
import type { LoginFlow } from "../correlate/flow.ts";
import type { TypedValue } from "../correlate/typed_value.ts";
import type { Trace } from "../http/exchange.ts";
import { parseUrl } from "../http/url.ts";
import { proveScript } from "../replay/prove.ts";
import { generateScript } from "../script/generate.ts";
import type { NewTrace } from "../store/capture_info.ts";
import { proofRequest, registerRecorded } from "./analyze_auth.ts";
import type { Seen } from "./browser_sitting.ts";
import { assumptionLine, type AssumptionRecord, openAssumptions } from "./proof_verdict.ts";

export type LiveFinding =
  /** Every value of the login has its source. */
  | { readonly kind: "understood"; readonly requests: number; readonly asks: readonly string[] }
  /** Part of it is unexplained, or no script can do it. */
  | { readonly kind: "open"; readonly reason: string }
  /** A script of it passed the proof; what two sessions would settle. */
  | { readonly kind: "proven"; readonly open: readonly string[] };

/** Bytes of bodies that are looked at, and of one of them: what is above is left to the analysis at the end. */
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_BODY_BYTES = 2 * 1024 * 1024;
/** The search takes part of the time only: this often the time it took lies between two of them. */
const REST = 10;
const MAX_REASONS = 3;

export class LiveAnalysis {
  readonly #ctx: Context;
  readonly #app: string;
  #traces: Trace[] = [];
  readonly #hints: TypedValue[] = [];
  #bytes = 0;
  #isDue = false;
  #isLetIn = false;
  /** True where the search found a login that is not explained: what comes next may explain it. */
  #isOpen = false;
  #notBeforeMs = 0;
  readonly #told = new Set<string>();
  /** Scripts whose proof was tried. */
  readonly #proven = new Set<string>();

  constructor(ctx: Context, app: string) {
    this.#ctx = ctx;
    this.#app = app;
  }

  see(seen: Seen): void {
    if (seen.kind === "exchange") return this.#add(seen.trace);
    const { kind, name, value } = seen.field;
    const why = "it was typed while recording";
    this.#hints.push({ kind, name, value, place: { kind: "text" }, why });
  }

  /**
   * Says that a login was seen, or a request that it let in: the search may find more than before. What it lacks
   * is told once there is such a request; before that it lacks nothing else.
   */
  expectMore(isLetIn: boolean): void {
    this.#isDue = true;
    this.#isLetIn ||= isLetIn;
  }

  /** False while the search rests. */
  get isRested(): boolean {
    return performance.now() >= this.#notBeforeMs;
  }

  /** To be called while nothing is under way. What is found, once each. */
  async look(): Promise<LiveFinding[]> {
    const startMs = performance.now();
    if (!this.#isDue || !this.isRested || this.#bytes > MAX_BYTES) return [];
    this.#isDue = false;
    const ordered = this.#traces.toSorted((a, b) => a.startedAtMs - b.startedAtMs);
    const { analysis, traces } = analyzeRecording(ordered, { hints: this.#hints });
    this.#notBeforeMs = performance.now() + REST * (performance.now() - startMs);
    this.#isOpen = analysis.kind !== "flow" && analysis.kind !== "none";
    if (analysis.kind === "none") return [];
    if (analysis.kind !== "flow") {
      if (!this.#isLetIn) return [];
      return analysis.reasons.slice(0, MAX_REASONS)
        .flatMap((reason) => this.#once({ kind: "open", reason: this.#named(reason) }));
    }
    const { flow } = analysis;
    const asks = flow.inputs.map(({ label }) => label);
    const understood = { kind: "understood", requests: flow.steps.length, asks } as const;
    return [...this.#once(understood), ...await this.#prove(flow, traces)];
  }

  #add(trace: NewTrace): void {
    const { request, response, noise } = trace;
    if (noise !== null && noise !== "static-asset") return;
    this.#isDue ||= this.#isOpen;
    const bytes = (request.body?.length ?? 0) + (response?.body?.length ?? 0);
    const isLarge = bytes > MAX_BODY_BYTES;
    this.#bytes += isLarge ? 0 : bytes;
    if (this.#bytes > MAX_BYTES) this.#traces = [];
    else {
      const id = `t_${this.#traces.length + 1}`;
      const short = isLarge && response !== null ? { ...response, body: null } : response;
      this.#traces.push({ ...trace, id, captureId: "c_01", response: short });
    }
  }

  async #prove(flow: LoginFlow, traces: readonly Trace[]): Promise<LiveFinding[]> {
    const source = generateScript(flow, { app: this.#app, answers: answerFacts(traces, flow) });
    if (this.#proven.has(source)) return [];
    this.#proven.add(source);
    registerRecorded(this.#ctx, flow);
    const request = { ...proofRequest(this.#ctx, source, flow, traces), hints: this.#hints };
    const proof = await proveScript(this.#ctx, request);
    if (!proof.passed) return [];
    const open = openAssumptions(proof).map((one) => this.#assumption(one));
    return this.#once({ kind: "proven", open });
  }

  #once(finding: LiveFinding): LiveFinding[] {
    const key = JSON.stringify(finding);
    if (this.#told.has(key)) return [];
    this.#told.add(key);
    return [finding];
  }

  #assumption(record: AssumptionRecord): string {
    return this.#named(assumptionLine(record));
  }

  /** The numbers of traces are not those of the recording: the requests are named instead. */
  #named(text: string): string {
    return text.replace(/\bt_(\d{1,9})\b/g, (id, number: string) => {
      const trace = this.#traces[Number(number) - 1];
      return trace === undefined
        ? id
        : `${trace.request.method} ${parseUrl(trace.request.url)?.pathname ?? ""}`;
    });
  }
}
