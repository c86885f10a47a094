/**
 * The server's side of a replay, without the network: it takes each request for the recorded one it
 * resembles most, answers it with fresh values, and remembers what belongs to no login. Whether a request
 * holds the right values is not a question here: the judge answers it, from what was sent.
 *
 * Requests that only read (GET, HEAD) may come in another order; one that changes something waits for all
 * before it. Reading something else in the capture is answered and does no harm.
 */
import { plainAddress } from "../correlate/expr_walk.ts";
import type { Step } from "../correlate/flow.ts";
import type { HeaderList, HttpRequest, HttpResponse, Trace } from "../http/exchange.ts";
import { headerValue } from "../http/headers.ts";
import { parseUrl, pathSegments, withoutFragment } from "../http/url.ts";
import type { Objection } from "../judge/finding.ts";
import { openText } from "../judge/open_text.ts";
import { placeKey, requestValues } from "../judge/request_values.ts";
import type { SentRequest } from "../judge/run.ts";
import { isMintedUnder } from "../judge/token_like.ts";
import { namedAsRecorded } from "./renamed_fields.ts";
import { answerFrom } from "./answer.ts";
import type { FreshValues } from "./fresh_values.ts";
import { lacksNonce, nonceWanted } from "./wanted_nonce.ts";
import type { Mismatch, ProofStep } from "./proof.ts";

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

export class ReplayedSite {
  readonly mismatches: Mismatch[] = [];
  /** By `Step.id`. */
  readonly #answers = new Map<string, HttpResponse>();
  /** Redirect targets the script was sent to. */
  readonly #targets = new Set<string>();
  readonly #nonce = crypto.randomUUID();

  constructor(private readonly options: ReplayedSiteOptions) {}

  /** @param request with the URL the script meant */
  respond(request: HttpRequest): SentRequest {
    const pending = this.missing();
    const step = this.#meant(request, pending);
    if (step !== undefined && isInTurn(step, pending)) {
      const recorded = this.options.traces.get(step.trace)?.request;
      if (lacksNonce(recorded, request, this.#nonce)) {
        return { request, answer: nonceWanted(this.#nonce), trace: null };
      }
      const named = namedAsRecorded(step, request, this.options.fresh);
      for (const name of named.stale) {
        const problem = "is the recorded one, and the page makes another for each load";
        this.note({ trace: step.trace, where: `the name of body field "${name}"`, problem });
      }
      const answer = this.#accept(step, named.request);
      return { request: named.request, answer, trace: step.trace, takenNames: named.taken };
    }
    if (step !== undefined) {
      const problem = `comes before step ${pending[0]!.id}`;
      this.note({ trace: step.trace, where: "order", problem });
      return { request, answer: refusal(403, "The request was refused"), trace: null };
    }
    const again = this.#meant(
      request,
      this.options.steps.filter(({ id }) => this.#answers.has(id)),
    );
    if (again !== undefined && isReading(request.method)) {
      return { request, answer: this.#answers.get(again.id)!, trace: again.trace };
    }
    return { request, answer: this.#besides(request) ?? this.#refuse(request, again), trace: null };
  }

  /** The first request not made yet that comes before this one; `null` when there is none. */
  missingBefore(trace: string): string | null {
    const next = this.options.steps.find((step) =>
      step.trace === trace || !this.#answers.has(step.id)
    );
    return next === undefined || next.trace === trace ? null : next.id;
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
  note({ trace, where, problem }: Objection): void {
    const { fresh, steps } = this.options;
    const step = steps.find((one) => one.trace === trace);
    const mismatch = {
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

  /** Steps that were not asked for yet. */
  missing(): Step[] {
    return this.options.steps.filter((step) => !this.#answers.has(step.id));
  }

  /** Of the steps that go to the same place, the first of those that resemble the request most. */
  #meant(request: HttpRequest, steps: readonly Step[]): Step | undefined {
    const url = new URL(request.url);
    let best: { step: Step; likeness: number } | undefined;
    for (const step of steps) {
      const recorded = this.options.traces.get(step.trace)?.request;
      if (recorded === undefined || recorded.method !== request.method) continue;
      if (!this.#isSamePlace(recorded.url, url)) continue;
      const likeness = this.#likeness(recorded, request);
      if (best === undefined || likeness > best.likeness) best = { step, likeness };
    }
    return best?.step;
  }

  /** Where segments of the path are minted or typed, any text may stand. */
  #isSamePlace(recordedUrl: string, sent: URL): boolean {
    const { fresh } = this.options;
    const recorded = parseUrl(recordedUrl);
    const renamed = parseUrl(fresh.substitute(recordedUrl, "url"));
    if (recorded === null || renamed?.origin !== sent.origin) return false;
    const [before, now, given] = [recorded, renamed, sent].map(pathSegments);
    return now!.length === given!.length && now!.every((segment, index) => {
      const old = before![index]!;
      return segment === given![index] || old !== segment || fresh.of(old) !== old ||
        isMintedUnder("", old);
    });
  }

  #likeness(recorded: HttpRequest, sent: HttpRequest): number {
    const places = byPlace(sent);
    return requestValues(recorded).reduce((sum, { value, ...place }) => {
      const given = places.get(placeKey(place));
      if (given === undefined) return sum - 1;
      return sum +
        (given === value || given === this.options.fresh.substitute(value, "url") ? 2 : 1);
    }, -requestValues(sent).length);
  }

  #accept(step: Step, request: HttpRequest): HttpResponse {
    const { traces, fresh, nowMs } = this.options;
    const trace = traces.get(step.trace);
    if (trace === undefined) throw new Error(`Step ${step.id} names a trace that is not there`);
    this.#learn(trace.request, request);
    const answer = answerFrom(trace, request.url, step.extractions, fresh, nowMs());
    for (const id of answer.unminted) {
      this.note({
        trace: step.trace,
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
    const given = byPlace(sent);
    for (const { value, ...place } of requestValues(recorded)) {
      const now = given.get(placeKey(place));
      if (now === undefined || now === value) continue;
      const [before, after] = [openText(value), openText(now)];
      const learn = (old: string, sent: string) => this.options.fresh.learn(old, sent, place.where);
      if (before.length !== after.length) learn(value, now);
      else before.forEach((part, at) => learn(part, after[at]!));
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
    return this.missing().length > 0 ? candidates[0] : candidates.at(-1);
  }

  #freshUrl(recorded: string): string {
    const url = parseUrl(this.options.fresh.substitute(recorded, "url"));
    return url === null ? recorded : withoutFragment(url.href);
  }

  #refuse(request: HttpRequest, again: Step | undefined): HttpResponse {
    const url = new URL(request.url);
    const where = `request ${request.method} ${url.origin}${this.#maskPath(url.pathname)}`;
    this.note({
      trace: again?.trace ?? null,
      where,
      problem: again === undefined ? "is not part of the login" : "is sent a second time",
    });
    return refusal(404, "Nothing is here");
  }

  #describeUrl({ url, trace }: Step): string {
    if (url.kind === "parts") return plainAddress(url, "{…}");
    const recorded = parseUrl(this.options.traces.get(trace)?.request.url ?? "");
    return recorded === null ? "{…}" : recorded.origin + this.#maskPath(recorded.pathname);
  }

  #maskPath(pathname: string): string {
    const isSecret = (segment: string) =>
      segment.length >= 20 || this.options.fresh.staleIn(segment) !== undefined;
    return pathname.split("/").map((segment) => isSecret(segment) ? "{…}" : segment).join("/");
  }
}

function byPlace(request: HttpRequest): Map<string, string> {
  return new Map(requestValues(request).map((one) => [placeKey(one), one.value]));
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
  const headers: HeaderList = [["content-type", "text/plain; charset=utf-8"]];
  return { status, headers, body: new TextEncoder().encode(text) };
}
