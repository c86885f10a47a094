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
import type { RunResult, SentRequest } from "../judge/run.ts";
import { answerFrom } from "./answer.ts";
import { strippedAnswer } from "./invented_answer.ts";
import { inventedRequest } from "./invented_request.ts";
import { InventedTexts } from "./invented_texts.ts";
import type { ProofRequest } from "./proof.ts";
import { Prover, type ProvingRun } from "./prover.ts";
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
  const literals = writtenValues(source, fileName).texts.map(({ text }) => text);
  const hasRefresh = prepareScript(source, fileName).exports.has("refresh_token");
  const evidence = new Evidence(traces);
  const prover = new Prover(ctx, request, evidence, personalTexts(evidence));
  const login = await prover.login("plain");
  requireFaultless(login);
  const refresh = flow.refresh?.source === "recorded" && hasRefresh
    ? await prover.refresh(flow.refresh, login, { goesOn: true })
    : null;
  const texts = new InventedTexts(login.fresh, prover.random, literals);
  const stage = new Stage(ctx.clock.nowMs(), request, evidence, login, texts);
  const invented = stage.exchanges(refresh);
  return {
    exchanges: invented.map(({ trace: _, ...exchange }) => exchange),
    answers: flow.inputs.map(({ name, label, kind }) => {
      const value = login.run.answers.get(name) ?? "";
      return { name, label, value, kind };
    }),
    valueOf: (recorded) => stage.valueOf(recorded),
    traceIds: new Map(
      invented.map(({ trace }, index) =>
        [trace, `t_${String(index + 1).padStart(4, "0")}`] as const
      ).toReversed(),
    ),
  };
}

/** With the trace it comes of. */
type Invented = Omit<Exchange, "startedAtMs"> & { readonly trace: string };

function requireFaultless({ site: { mismatches } }: ProvingRun): void {
  const [first] = mismatches;
  if (first === undefined) return;
  const message = `The script fails its proof: ${first.where}: ${first.problem}`;
  throw new AppError("PROOF_FAILED", message, { details: { mismatches } });
}

class Stage {
  readonly #traces: ReadonlyMap<string, Trace>;
  /** The new value of each recorded leaf of a request. */
  readonly #sent = new Map<string, string>();

  constructor(
    private readonly nowMs: number,
    private readonly request: ProofRequest,
    private readonly evidence: Evidence,
    private readonly login: ProvingRun,
    private readonly texts: InventedTexts,
  ) {
    this.#traces = new Map(request.traces.map((trace) => [trace.id, trace]));
  }

  /** Of the client's own requests first: what it computed is another value in each session. */
  valueOf(recorded: string): string {
    return this.#sent.get(recorded) ?? this.texts.replaced(this.login.fresh.of(recorded));
  }

  exchanges(refresh: ProvingRun | null): (Invented & Exchange)[] {
    const { flow, traces } = this.request;
    const { sent, result } = this.login.run;
    const shown = shownRequests(flow, traces);
    const first = sent.findIndex(({ request }) => (request.body?.length ?? 0) > 0);
    const renewed = refresh?.run.result ?? null;
    const both = { ...lowerNames(result!.headers), ...lowerNames(renewed?.headers ?? {}) };
    return [
      ...constantsShown(flow, traces, this.evidence).map((one) => this.#constant(one)),
      ...this.#steps(sent, flow.steps, first < 0 ? sent.length : first),
      ...shown.map((trace) => this.#use(trace, result!)),
      ...refresh === null ? [] : this.#steps(refresh.run.sent, flow.refresh!.steps, null),
      ...renewed === null
        ? []
        : shown.slice(0, 1).map((trace) => this.#use(trace, { ...renewed, headers: both })),
    ].map((exchange, index) => ({ ...exchange, startedAtMs: this.nowMs + index * PAUSE_MS }));
  }

  /** @param anonymous how many of the first could not say who asks; `null` for a renewal */
  #steps(
    sent: readonly SentRequest[],
    steps: readonly Step[],
    anonymous: number | null,
  ): Invented[] {
    return sent.flatMap(({ request, trace: id, answer }, index) => {
      const trace = this.#traces.get(id ?? "");
      const step = steps.find((one) => one.trace === id);
      if (trace === undefined || step === undefined) return [];
      const response = strippedAnswer({
        recorded: trace.response!,
        answer,
        url: request.url,
        extractions: step.extractions,
        isAnonymous: anonymous !== null && index < anonymous,
      }, this.texts);
      const shown = this.#asBrowser(request, trace);
      if (anonymous !== null) this.#pair(trace, shown);
      return [{ trace: trace.id, request: shown, response }];
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
      .map(([name, value]) => [name, this.texts.replaced(value)] as const);
    const own = request.headers.filter(([name]) =>
      !GUEST_HEADER.test(name) && !/^cookie$/i.test(name)
    );
    const recorded = trace.request.headers.filter(([name]) =>
      BROWSER_HEADER.test(name) && headerValue(own, name) === undefined
    );
    const cookie: HeaderList = cookies.length === 0 ? [] : [["cookie", formatCookies(cookies)]];
    return { ...request, headers: [...recorded, ...own, ...cookie] };
  }

  #use(trace: Trace, result: RunResult): Invented {
    const request = this.#invented(trace, result);
    return { trace: trace.id, request, response: this.#answer(trace, request.url, false) };
  }

  #invented(trace: Trace, result: RunResult): HttpRequest {
    const { texts, nowMs, request: { flow } } = this;
    return inventedRequest({ trace, template: flow.result, result, texts, nowMs });
  }

  #answer(trace: Trace, url: string, isAnonymous: boolean): HttpResponse {
    const { response: answer } = answerFrom(trace, url, [], this.login.fresh, this.nowMs);
    const recorded = trace.response!;
    return strippedAnswer({ recorded, answer, url, extractions: [], isAnonymous }, this.texts);
  }

  #constant({ trace, excerpt }: ConstantShown): Invented {
    const nobody = { headers: {}, parameters: [], computed: [] };
    const request = { ...this.#invented(trace, nobody), body: null };
    const response = excerpt === null ? this.#answer(trace, request.url, true) : {
      status: 200,
      headers: [["content-type", "text/javascript"]] as const,
      body: new TextEncoder().encode(excerpt),
    };
    return { trace: trace.id, request, response };
  }
}

function lowerNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
