/**
 * The session of an invented person as a recording: what the script sends and what the replay answers, the
 * refresh, and a few requests of the app with what the login yielded. A script can be proven on it, and
 * nothing in it is about the person who was recorded.
 */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import type { Input, Step } from "../correlate/flow.ts";
import { requestLeaves } from "../codec/request_leaves.ts";
import { describePlace } from "../correlate/leaves.ts";
import { requestCookies } from "../http/cookies.ts";
import { formatCookies } from "../http/cookie_jar.ts";
import type { Exchange, HeaderList, HttpRequest, HttpResponse, Trace } from "../http/exchange.ts";
import { headerValue } from "../http/headers.ts";
import { Evidence } from "../judge/evidence.ts";
import { personalTexts } from "../judge/handed_on_texts.ts";
import type { RunResult } from "../judge/run.ts";
import { answerFrom } from "./answer.ts";
import { strippedAnswer } from "./invented_answer.ts";
import { inventedRequest } from "./invented_request.ts";
import { InventedTexts } from "./invented_texts.ts";
import type { ProofRequest } from "./proof_request.ts";
import { Prover, type ProvingRun } from "./prover.ts";
import { RandomSource } from "./random_source.ts";
import { type ConstantShown, constantsShown, shownRequests } from "./shown_requests.ts";

export interface InventedSession {
  /** In time order. */
  readonly exchanges: readonly Exchange[];
  /** What the invented person answered. */
  readonly answers:
    readonly (Pick<Input, "name" | "label" | "kind"> & { readonly value: string })[];
  /** What stands there for a value of the recording. */
  readonly valueOf: (recorded: string) => string;
  /** Of the recorded traces that are in it: under which id whoever imports it has them. */
  readonly traceIds: ReadonlyMap<string, string>;
}

/** Between two requests of the session, in milliseconds. */
const PAUSE_MS = 200;

/** What the guest's own client adds, which no browser sends so. */
const GUEST_HEADER =
  /^(host|content-length|connection|accept|accept-encoding|accept-language|user-agent|transfer-encoding)$/i;
/** Of the recorded request, in place of those. */
const BROWSER_HEADER = /^(accept|user-agent|origin|sec-fetch-[a-z]+|upgrade-insecure-requests)$/i;

/** @throws {AppError} `PROOF_FAILED` where the script does not log the invented person in, `INTERRUPTED`. */
export async function inventSession(
  ctx: Context,
  request: ProofRequest,
): Promise<InventedSession> {
  const { flow, traces, source, fileName } = request;
  const { prepareScript } = await import("../script/prepare.ts");
  const { writtenValues } = await import("../script/written_values.ts");
  const { texts } = writtenValues(source, fileName);
  const hasRefresh = prepareScript(source, fileName).exports.has("refresh_token");
  const evidence = new Evidence(traces);
  const prover = new Prover(ctx, request, evidence, personalTexts(evidence));
  const login = await prover.login("plain");
  requireFaultless(login);
  const refresh = flow.refresh?.source === "recorded" && hasRefresh
    ? await prover.refresh(flow.refresh, login, { goesOn: true })
    : null;
  const stage = new Stage(ctx, request, login, refresh, new Set(texts.map(({ text }) => text)));
  const answers = flow.inputs.map(({ name, label, kind }) => ({
    name,
    label,
    kind,
    value: login.run.answers.get(name) ?? "",
  }));
  const invented = stage.exchanges();
  return {
    exchanges: invented.map(({ trace: _, ...exchange }) => exchange),
    answers,
    valueOf: (recorded) => stage.valueOf(recorded),
    traceIds: new Map(
      invented.map(({ trace }, index) =>
        [trace, `t_${String(index + 1).padStart(4, "0")}`] as const
      ).toReversed(),
    ),
  };
}

/** With the trace it comes of. */
type Invented = Exchange & { readonly trace: string };

function requireFaultless({ site: { mismatches } }: ProvingRun): void {
  const [first] = mismatches;
  if (first === undefined) return;
  throw new AppError(
    "PROOF_FAILED",
    `The script fails its proof: ${first.where}: ${first.problem}`,
    {
      details: { mismatches },
    },
  );
}

class Stage {
  readonly #request: ProofRequest;
  readonly #login: ProvingRun;
  readonly #refresh: ProvingRun | null;
  readonly #texts: InventedTexts;
  readonly #traces: ReadonlyMap<string, Trace>;
  readonly #nowMs: number;
  readonly #firstSubmission: number;
  /** The new value of each recorded leaf of a request. */
  readonly #sent = new Map<string, string>();

  constructor(
    ctx: Context,
    request: ProofRequest,
    login: ProvingRun,
    refresh: ProvingRun | null,
    literals: ReadonlySet<string>,
  ) {
    this.#request = request;
    this.#login = login;
    this.#refresh = refresh;
    this.#nowMs = ctx.clock.nowMs();
    this.#traces = new Map(request.traces.map((trace) => [trace.id, trace]));
    const random = new RandomSource(ctx.random);
    this.#texts = new InventedTexts({ fresh: login.fresh, random, literals });
    const first = login.run.sent.findIndex(({ request }) => (request.body?.length ?? 0) > 0);
    this.#firstSubmission = first < 0 ? login.run.sent.length : first;
  }

  /** Of the client's own requests first: what it computed is another value in each session. */
  valueOf(recorded: string): string {
    return this.#sent.get(recorded) ?? this.#texts.replaced(this.#login.fresh.renew(recorded));
  }

  exchanges(): Invented[] {
    const { flow, traces } = this.#request;
    const evidence = new Evidence(traces);
    const yielded = this.#login.run.result!;
    const shown = shownRequests(flow, traces);
    const renewed = this.#refresh?.run.result ?? null;
    return [
      ...constantsShown(flow, traces, evidence).map((one) => this.#constant(one)),
      ...this.#steps(this.#login, flow.steps),
      ...shown.map((trace) => this.#use(trace, yielded)),
      ...this.#refresh === null ? [] : this.#steps(this.#refresh, flow.refresh!.steps),
      ...renewed === null ? [] : shown.slice(0, 1).map((trace) =>
        this.#use(trace, {
          ...renewed,
          headers: { ...lowerNames(yielded.headers), ...lowerNames(renewed.headers) },
        })
      ),
    ].map((exchange, index) => ({ ...exchange, startedAtMs: this.#nowMs + index * PAUSE_MS }));
  }

  #steps({ run }: ProvingRun, steps: readonly Step[]): Omit<Invented, "startedAtMs">[] {
    const ofTrace = new Map(steps.map((step) => [step.trace, step]));
    const isRefresh = run === this.#refresh?.run;
    return run.sent.flatMap(({ request, trace: id, answer }, index) => {
      const trace = this.#traces.get(id ?? "");
      const step = ofTrace.get(id ?? "");
      if (trace === undefined || step === undefined) return [];
      const response = strippedAnswer({
        recorded: trace.response!,
        answer,
        url: request.url,
        extractions: step.extractions,
        isAnonymous: !isRefresh && index < this.#firstSubmission,
      }, this.#texts);
      const sent = this.#asBrowser(request, trace);
      if (!isRefresh) this.#pair(trace, sent);
      return [{ trace: trace.id, request: sent, response }];
    });
  }

  /** What was sent in place of what was recorded there. */
  #pair(trace: Trace, sent: HttpRequest): void {
    const now = new Map(
      requestLeaves(sent).map(({ place, value }) => [describePlace(place), value]),
    );
    for (const { place, value } of requestLeaves(trace.request)) {
      const other = now.get(describePlace(place));
      if (other !== undefined && !this.#sent.has(value)) this.#sent.set(value, other);
    }
  }

  /** The script's request as the recorded browser would have sent it. */
  #asBrowser(request: HttpRequest, trace: Trace): HttpRequest {
    const cookies = requestCookies(request.headers)
      .map(([name, value]) => [name, this.#texts.replaced(value)] as const);
    const own = request.headers.filter(([name]) =>
      !GUEST_HEADER.test(name) && !/^cookie$/i.test(name)
    );
    const recorded = trace.request.headers.filter(([name]) =>
      BROWSER_HEADER.test(name) && headerValue(own, name) === undefined
    );
    const cookie: HeaderList = cookies.length === 0 ? [] : [["cookie", formatCookies(cookies)]];
    return { ...request, headers: [...recorded, ...own, ...cookie] };
  }

  #use(trace: Trace, result: RunResult): Omit<Invented, "startedAtMs"> {
    const { flow } = this.#request;
    const given = { trace, template: flow.result, result, texts: this.#texts, nowMs: this.#nowMs };
    const request = inventedRequest(given);
    return { trace: trace.id, request, response: this.#answer(trace, request.url, false) };
  }

  #answer(trace: Trace, url: string, isAnonymous: boolean): HttpResponse {
    const { response: answer } = answerFrom(trace, url, [], this.#login.fresh, this.#nowMs);
    const recorded = trace.response!;
    return strippedAnswer({ recorded, answer, url, extractions: [], isAnonymous }, this.#texts);
  }

  #constant({ trace, excerpt }: ConstantShown): Omit<Invented, "startedAtMs"> {
    const template = this.#request.flow.result;
    const result = { headers: {}, parameters: [], computed: [] };
    const given = { trace, template, result, texts: this.#texts, nowMs: this.#nowMs };
    const request = { ...inventedRequest(given), body: null };
    if (excerpt === null) {
      return { trace: trace.id, request, response: this.#answer(trace, request.url, true) };
    }
    return {
      trace: trace.id,
      request,
      response: {
        status: 200,
        headers: [["content-type", "text/javascript"]],
        body: new TextEncoder().encode(excerpt),
      },
    };
  }
}

function lowerNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
