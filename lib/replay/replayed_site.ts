/**
 * The server's side of a replay, without the network: it takes each request for the recorded one it
 * resembles most, answers it with fresh values, and remembers what belongs to no login. Whether a request
 * holds the right values is not a question here: the judge answers it, from what was sent.
 *
 * Requests that only read (GET, HEAD) may come in another order; one that changes something waits for all
 * before it. Reading something else in the capture is answered and does no harm.
 */
import type { Step } from "../correlate/flow.ts";
import type { HttpRequest, HttpResponse, Trace } from "../http/exchange.ts";
import { headerValue } from "../http/headers.ts";
import { parseUrl, pathSegments, withoutFragment } from "../http/url.ts";
import { openText } from "../judge/open_text.ts";
import { placeKey, type RequestValue, requestValues } from "../judge/request_values.ts";
import { isMintedUnder } from "../judge/token_like.ts";
import { type NamedAsRecorded, namedAsRecorded } from "./renamed_fields.ts";
import { answerFrom } from "./answer.ts";
import type { FreshValues } from "./fresh_values.ts";
import { WantedNonce } from "./wanted_nonce.ts";
import type { Finding, Mismatch, ProofStep } from "./proof.ts";

export interface ReplayedSiteOptions {
  /** What the login asks for, in order. */
  readonly steps: readonly Step[];
  /** All of the app, by `Trace.id`, in time order. */
  readonly traces: ReadonlyMap<string, Trace>;
  readonly fresh: FreshValues;
  readonly nowMs: () => number;
  /** True where a script may need more of the recorded requests than the analysis found: what it computes of them. */
  readonly answersAll?: boolean;
}

export interface Responded {
  readonly answer: HttpResponse;
  /** `Trace.id` of the recorded request; `null` for none of the login. */
  readonly trace: string | null;
  readonly named?: NamedAsRecorded;
}

export class ReplayedSite {
  readonly mismatches: Mismatch[] = [];
  /** By `Step.id`. */
  readonly #answers = new Map<string, HttpResponse>();
  /** Redirect targets the script was sent to. */
  readonly #targets = new Set<string>();

  readonly #nonce = new WantedNonce();

  constructor(private readonly options: ReplayedSiteOptions) {}

  /** @param request with the URL the script meant */
  respond(request: HttpRequest): Responded {
    const pending = this.#pending();
    const step = this.#meant(request, pending);
    if (step !== undefined && isInTurn(step, pending)) {
      const recorded = this.options.traces.get(step.trace)?.request;
      const refused = this.#nonce.refusal(recorded, request);
      if (refused !== null) return { answer: refused, trace: null };
      const named = namedAsRecorded(step, request, this.options.fresh);
      for (const name of named.stale) {
        const problem = "is the recorded one, and the page makes another for each load";
        this.note(step, { where: `the name of body field "${name}"`, problem });
      }
      return { answer: this.#accept(step, named.request), trace: step.trace, named };
    }
    if (step !== undefined) {
      this.note(step, { where: "order", problem: `comes before step ${pending[0]!.id}` });
      return { answer: refusal(403, "The request was refused"), trace: null };
    }
    const again = this.#meant(
      request,
      this.options.steps.filter(({ id }) => this.#answers.has(id)),
    );
    if (again !== undefined && isReading(request.method)) {
      return { answer: this.#answers.get(again.id)!, trace: again.trace };
    }
    return { answer: this.#besides(request) ?? this.#refuse(request, again), trace: null };
  }

  /** The first request not made yet that comes before this one; `null` when there is none. */
  missingBefore(trace: string): string | null {
    for (const step of this.options.steps) {
      if (step.trace === trace) return null;
      if (!this.#answers.has(step.id)) return step.id;
    }
    return null;
  }

  missing(): Step[] {
    return this.#pending();
  }

  /** @param wrong `Trace.id` of the requests that something is wrong with */
  steps(wrong: ReadonlySet<string | null>): ProofStep[] {
    return this.options.steps.map((step) => ({
      step: step.id,
      trace: step.trace,
      method: step.method,
      url: this.#describeUrl(step),
      status: !this.#answers.has(step.id)
        ? "missing"
        : wrong.has(step.trace)
        ? "mismatch"
        : "asked",
    }));
  }

  /** Notes something wrong, unless it is noted already. */
  note(step: Step | null, { where, problem }: Finding): void {
    const { fresh } = this.options;
    const mismatch: Mismatch = {
      step: step?.id ?? null,
      trace: step?.trace ?? null,
      where: fresh.mask(where),
      problem: fresh.mask(problem),
    };
    const key = JSON.stringify(mismatch);
    if (this.mismatches.every((other) => JSON.stringify(other) !== key)) {
      this.mismatches.push(mismatch);
    }
  }

  #pending(): Step[] {
    return this.options.steps.filter((step) => !this.#answers.has(step.id));
  }

  /** Of the steps that go to the same place, the first of those that resemble the request most. */
  #meant(request: HttpRequest, steps: readonly Step[]): Step | undefined {
    const url = new URL(request.url);
    const sent = requestValues(request);
    let best: { step: Step; likeness: number } | undefined;
    for (const step of steps) {
      const recorded = this.options.traces.get(step.trace)?.request;
      if (recorded === undefined || recorded.method !== request.method) continue;
      if (!this.#isSamePlace(recorded.url, url)) continue;
      const likeness = this.#likeness(requestValues(recorded), sent);
      if (best === undefined || likeness > best.likeness) best = { step, likeness };
    }
    return best?.step;
  }

  /** Where segments of the path are minted or typed, any text may stand. */
  #isSamePlace(recordedUrl: string, sent: URL): boolean {
    const { fresh } = this.options;
    const recorded = parseUrl(recordedUrl);
    const renamed = parseUrl(fresh.rename(recordedUrl));
    if (recorded === null || renamed?.origin !== sent.origin) return false;
    const [before, now, given] = [recorded, renamed, sent].map(pathSegments);
    return now!.length === given!.length && now!.every((segment, index) => {
      const old = before![index]!;
      return segment === given![index] || old !== segment || fresh.renew(old) !== old ||
        isMintedUnder("", old);
    });
  }

  #likeness(recorded: readonly RequestValue[], sent: readonly RequestValue[]): number {
    const places = new Map(sent.map((one) => [placeKey(one), one.value]));
    return recorded.reduce((sum, { value, ...place }) => {
      const given = places.get(placeKey(place));
      if (given === undefined) return sum - 1;
      return sum + (given === value || given === this.options.fresh.rename(value) ? 2 : 1);
    }, -sent.length);
  }

  #accept(step: Step, request: HttpRequest): HttpResponse {
    const { traces, fresh, nowMs } = this.options;
    const trace = traces.get(step.trace);
    if (trace === undefined) throw new Error(`Step ${step.id} names a trace that is not there`);
    this.#learn(trace.request, request);
    const answer = answerFrom(trace, request.url, step.extractions, fresh, nowMs());
    for (const id of answer.unminted) {
      this.note(step, {
        where: "answer",
        problem: `the value of ${id} could not be replaced by a fresh one, so its use is unproven`,
      });
    }
    this.#answers.set(step.id, answer.response);
    this.#keepTarget(answer.response, request.url);
    return answer.response;
  }

  /** What the client made up or computed comes back in the answers as it was sent now. */
  #learn(recorded: HttpRequest, sent: HttpRequest): void {
    const given = new Map(requestValues(sent).map((one) => [placeKey(one), one.value]));
    for (const { value, ...place } of requestValues(recorded)) {
      const { where } = place;
      const now = given.get(placeKey(place));
      if (now === undefined || now === value) continue;
      const [before, after] = [openText(value), openText(now)];
      if (before.length !== after.length) this.options.fresh.learn(value, now, where);
      else before.forEach((part, at) => this.options.fresh.learn(part, after[at]!, where));
    }
  }

  #keepTarget(response: HttpResponse, url: string): void {
    const location = headerValue(response.headers, "location");
    const target = location === undefined ? null : parseUrl(location, url);
    if (target !== null) this.#targets.add(withoutFragment(target.href));
  }

  /** Reading something else that the capture holds, or following a redirect out of the login. */
  #besides(request: HttpRequest): HttpResponse | null {
    if (!isReading(request.method) && this.options.answersAll !== true) return null;
    const url = withoutFragment(new URL(request.url).href);
    const trace = this.#traceOf(request.method, url);
    if (trace !== undefined) {
      const { fresh, nowMs } = this.options;
      const { response } = answerFrom(trace, url, [], fresh, nowMs());
      this.#keepTarget(response, url);
      return response;
    }
    return this.#targets.has(url) ? refusal(200, "") : null;
  }

  /** Before the last step is answered the first recorded answer, afterwards the last one. */
  #traceOf(method: string, url: string): Trace | undefined {
    const { origin } = new URL(url);
    const candidates = [...this.options.traces.values()].filter((trace) =>
      trace.response !== null && trace.request.method === method &&
      trace.request.url.startsWith(origin) && this.#freshUrl(trace.request.url) === url
    );
    return this.#pending().length > 0 ? candidates[0] : candidates.at(-1);
  }

  #freshUrl(recorded: string): string {
    const url = parseUrl(this.options.fresh.rename(recorded));
    return url === null ? recorded : withoutFragment(url.href);
  }

  #refuse(request: HttpRequest, again: Step | undefined): HttpResponse {
    const url = new URL(request.url);
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
    const url = parseUrl(this.options.traces.get(step.trace)?.request.url ?? "");
    return url === null ? "{…}" : url.origin + this.#maskPath(url.pathname);
  }

  #maskPath(pathname: string): string {
    const isSecret = (segment: string) =>
      segment.length >= 20 || this.options.fresh.staleIn(segment) !== undefined;
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

function refusal(status: number, text: string): HttpResponse {
  return {
    status,
    headers: [["content-type", "text/plain; charset=utf-8"]],
    body: new TextEncoder().encode(text),
  };
}
