/**
 * The server's side of a replay, without the network: it knows the steps of the flow, answers each
 * request that fits one with fresh values, refuses the others, and remembers what was wrong.
 *
 * A step counts as asked for when a request fits it with every fresh value in its place. Steps that
 * only read (GET, HEAD) may come in another order as long as what they need was handed out before;
 * a step that changes something waits for all before it. A reading request for something else in
 * the capture is answered and does no harm.
 */
import type { HttpRequest, HttpResponse, Trace } from "../http/exchange.ts";
import { headerValue } from "../http/headers.ts";
import { parseUrl } from "../http/url.ts";
import type { ExprEnv } from "../correlate/evaluate.ts";
import type { Generated, Input, Step } from "../correlate/flow.ts";
import { atoms, stepExprs } from "../correlate/expr_walk.ts";
import { answerFrom } from "./answer.ts";
import { CookieJar } from "../http/cookie_jar.ts";
import type { FreshValues } from "./fresh_values.ts";
import { type Finding, type Judgement, judgeRequest, staleInRequest } from "./judge_request.ts";
import {
  describeExpr,
  type Expectations,
  tryEvaluate,
  type WaitingComparison,
} from "./match_expr.ts";
import type { Mismatch, ProofStep } from "./proof.ts";
import type { FlowPart } from "./recorded_flow.ts";

export interface RehearsalOptions {
  readonly part: FlowPart;
  readonly generated: readonly Generated[];
  /** All of the app, by `Trace.id`, in time order. */
  readonly traces: ReadonlyMap<string, Trace>;
  readonly fresh: FreshValues;
  /** The invented credentials, by `Input.name`. */
  readonly inputs: ReadonlyMap<string, string>;
  /** The one the script is given; `null` for a login. */
  readonly refreshToken: string | null;
  readonly recorded: ExprEnv;
  readonly nowMs: () => number;
  /** Everything is as it was recorded, also what the client makes. */
  readonly isReenacted?: boolean;
}

export class Rehearsal {
  readonly cookies = new CookieJar();
  readonly mismatches: Mismatch[] = [];
  readonly #options: RehearsalOptions;
  readonly #generated: ReadonlyMap<string, Generated>;
  readonly #known = { extracted: new Map<string, string>(), generated: new Map<string, string>() };
  readonly #answers = new Map<string, HttpResponse>();
  readonly #mismatched = new Set<string>();
  readonly #waiting: WaitingComparison[] = [];
  /** Redirect targets the script was sent to. */
  readonly #targets = new Set<string>();

  constructor(options: RehearsalOptions) {
    this.#options = options;
    this.#generated = new Map(options.generated.map((generated) => [generated.id, generated]));
  }

  /** The values of this replay so far, and those of the recording. */
  get expectations(): Expectations {
    const { inputs, refreshToken, recorded, nowMs, isReenacted = false } = this.#options;
    return {
      env: { inputs, refreshToken, ...this.#known },
      recorded,
      generated: this.#generated,
      waiting: this.#waiting,
      nowMs: nowMs(),
      isReenacted,
    };
  }

  /** @param request with the URL the script meant */
  respond(request: HttpRequest): { readonly answer: HttpResponse; readonly trace: string | null } {
    const pending = this.#pending();
    for (const step of pending) {
      if (!isInTurn(step, pending)) continue;
      const judgement = this.#judge(step, request);
      if (judgement.findings.length > 0) continue;
      return { answer: this.#accept(step, request, judgement), trace: step.trace };
    }
    const answer = this.#repeated(request) ?? this.#refuseAimed(request, pending) ??
      this.#besides(request) ?? this.#refuseUnknown(request);
    return { answer, trace: null };
  }

  /** The first step not answered yet that comes before the first use of the input; `null` when none. */
  missingBefore(input: Input): string | null {
    for (const step of this.#options.part.steps) {
      if (usesInput(step, input)) return null;
      if (!this.#answers.has(step.id)) return step.id;
    }
    return null;
  }

  steps(): ProofStep[] {
    return this.#options.part.steps.map((step) => ({
      step: step.id,
      trace: step.trace,
      method: step.method,
      url: this.#describeUrl(step),
      status: this.#mismatched.has(step.id)
        ? "mismatch"
        : this.#answers.has(step.id)
        ? "asked"
        : "missing",
    }));
  }

  /** Notes something wrong, unless it is noted already. */
  note(step: Step | null, { where, problem }: Finding): void {
    const mismatch: Mismatch = {
      step: step?.id ?? null,
      trace: step?.trace ?? null,
      where: this.#options.fresh.mask(where),
      problem: this.#options.fresh.mask(problem),
    };
    const key = JSON.stringify(mismatch);
    if (this.mismatches.every((other) => JSON.stringify(other) !== key)) {
      this.mismatches.push(mismatch);
    }
  }

  #pending(): Step[] {
    return this.#options.part.steps.filter((step) => !this.#answers.has(step.id));
  }

  #judge(step: Step, request: HttpRequest): Judgement {
    const memory = { cookies: this.cookies, fresh: this.#options.fresh };
    return judgeRequest(step, request, this.expectations, memory);
  }

  #accept(step: Step, request: HttpRequest, { observations }: Judgement): HttpResponse {
    const { traces, fresh, recorded, nowMs } = this.#options;
    for (const [id, value] of observations.bound) {
      this.#known.generated.set(id, value);
      fresh.set(this.#generated.get(id)!.recorded, { name: id, kind: "generated" }, value);
    }
    this.#waiting.push(...observations.waiting);
    for (const { expr, observed } of observations.computed) {
      const before = tryEvaluate(expr, recorded);
      if (!("value" in before) || before.value === observed) continue;
      fresh.set(before.value, { name: describeExpr(expr), kind: "extracted" }, observed);
    }
    const trace = traces.get(step.trace);
    if (trace === undefined) throw new Error(`Step ${step.id} names a trace that is not there`);
    const answer = answerFrom(trace, request.url, step.extractions, fresh, nowMs());
    for (const [id, value] of answer.extracted) this.#known.extracted.set(id, value);
    for (const id of answer.unminted) {
      this.note(step, {
        where: "answer",
        problem: `the value of ${id} could not be replaced by a fresh one, so its use is unproven`,
      });
    }
    this.#answers.set(step.id, answer.response);
    this.#handOut(answer.response, request.url);
    return answer.response;
  }

  #handOut(response: HttpResponse, url: string): void {
    this.cookies.keep(response.headers, new URL(url), this.#options.nowMs());
    const location = headerValue(response.headers, "location");
    const target = location === undefined ? null : parseUrl(location, url);
    if (target !== null) this.#targets.add(withoutFragment(target));
  }

  /** A page read again is the same page; a form sent again is a mistake. */
  #repeated(request: HttpRequest): HttpResponse | null {
    if (!isReading(request.method)) return null;
    for (const step of this.#options.part.steps) {
      const answer = this.#answers.get(step.id);
      if (answer === undefined || this.#judge(step, request).findings.length > 0) continue;
      return answer;
    }
    return null;
  }

  /** A request that was meant for a pending step and does not fit it. */
  #refuseAimed(request: HttpRequest, pending: readonly Step[]): HttpResponse | null {
    const aimed = pending
      .map((step) => ({ step, findings: this.#judge(step, request).findings }))
      .filter(({ findings }) => findings.every(isNoOtherPlace))
      .toSorted((a, b) => a.findings.length - b.findings.length)[0];
    if (aimed === undefined) return null;
    const { step, findings } = aimed;
    this.#mismatched.add(step.id);
    for (const finding of findings) this.note(step, finding);
    if (findings.length === 0) {
      this.note(step, { where: "order", problem: `comes before step ${pending[0]!.id}` });
    }
    return refusal(403, "The request was refused");
  }

  /** Reading something else that the capture holds, or following a redirect out of the flow. */
  #besides(request: HttpRequest): HttpResponse | null {
    if (!isReading(request.method)) return null;
    const stale = staleInRequest(request, { cookies: this.cookies, fresh: this.#options.fresh });
    if (stale.length > 0) {
      for (const finding of stale) this.note(null, finding);
      return refusal(403, "The request was refused");
    }
    const url = withoutFragment(new URL(request.url));
    const trace = this.#traceOf(request.method, url);
    if (trace !== undefined) {
      const { fresh, nowMs } = this.#options;
      const { response } = answerFrom(trace, url, [], fresh, nowMs());
      this.#handOut(response, url);
      return response;
    }
    return this.#targets.has(url) ? refusal(200, "") : null;
  }

  /** Before the last step is answered the first recorded answer, afterwards the last one. */
  #traceOf(method: string, url: string): Trace | undefined {
    const { origin } = new URL(url);
    const candidates = [...this.#options.traces.values()].filter((trace) =>
      trace.response !== null && trace.request.method === method &&
      trace.request.url.startsWith(origin) && this.#freshUrl(trace.request.url) === url
    );
    return this.#pending().length > 0 ? candidates[0] : candidates.at(-1);
  }

  #freshUrl(recorded: string): string {
    const url = parseUrl(this.#options.fresh.rename(recorded));
    return url === null ? recorded : withoutFragment(url);
  }

  #refuseUnknown(request: HttpRequest): HttpResponse {
    const url = new URL(request.url);
    const again = this.#options.part.steps.find((step) =>
      this.#answers.has(step.id) && this.#judge(step, request).findings.every(isNoOtherPlace)
    );
    const where = `request ${request.method} ${url.origin}${this.#maskPath(url.pathname)}`;
    this.note(again ?? null, {
      where,
      problem: again === undefined ? "is not part of the login" : "is sent a second time",
    });
    return refusal(404, "Nothing is here");
  }

  #describeUrl(step: Step): string {
    if (step.url.kind === "parts") {
      const segments = step.url.segments.map((expr) =>
        expr.kind === "constant" ? expr.value : "{…}"
      );
      return `${step.url.origin}/${segments.join("/")}`;
    }
    const url = parseUrl(this.#options.traces.get(step.trace)?.request.url ?? "");
    return url === null ? "{…}" : url.origin + this.#maskPath(url.pathname);
  }

  #maskPath(pathname: string): string {
    const isSecret = (segment: string) =>
      segment.length >= 20 || this.#options.fresh.staleIn(segment) !== undefined;
    return pathname.split("/").map((segment) => isSecret(segment) ? "{…}" : segment).join("/");
  }
}

/** Reading steps may overtake reading steps only. */
function isInTurn(step: Step, pending: readonly Step[]): boolean {
  const before = pending.slice(0, pending.indexOf(step));
  return before.every((other) => isReading(other.method)) &&
    (before.length === 0 || isReading(step.method));
}

function isReading(method: string): boolean {
  return method === "GET" || method === "HEAD";
}

/** True for findings that leave no doubt which step was meant. */
function isNoOtherPlace({ where, problem }: Finding): boolean {
  const isPlace = where === "method" || where === "URL" || where.startsWith("path segment");
  return !isPlace || problem.startsWith("the captured value");
}

function usesInput(step: Step, input: Input): boolean {
  return stepExprs(step).flatMap(atoms).some((atom) =>
    atom.kind === "input" && atom.input === input.name
  );
}

function withoutFragment(url: URL): string {
  return url.href.split("#", 1)[0]!;
}

function refusal(status: number, text: string): HttpResponse {
  return {
    status,
    headers: [["content-type", "text/plain; charset=utf-8"]],
    body: new TextEncoder().encode(text),
  };
}
