/**
 * A site as a live run found it, and as it was recorded where that run did not come. A request that the site
 * refused is refused again only where it is sent again as it was: what the site would say to another is not known.
 */
import { describePlace } from "../../correlate/leaves.ts";
import type { HttpRequest, HttpResponse, Trace } from "../../http/exchange.ts";
import type { Objection } from "../../judge/finding.ts";
import { isOpaque } from "../../http/opaque.ts";
import { parseUrl } from "../../http/url.ts";
import {
  addedFields,
  bodyOf,
  fieldsOf,
  isNamedIn,
  isSaid,
  missingFields,
  ownLeaves,
  saidIn,
} from "./sent_fields.ts";
import { isSamePlace } from "./site_changes.ts";

/** What stands between the places that a text names; a dot may end the sentence. */
const NOT_OF_PLACES = /[^\w/%.~-]+|\.(?![\w/])/;

/** Long enough to be made up. */
const NUMBER = /^\d{4,}$/;

const NOTHING_HERE: HttpResponse = { status: 404, headers: [], body: new Uint8Array() };

export class LiveSite {
  readonly problems: Objection[] = [];
  readonly #served: HttpResponse[] = [];
  readonly #used = new Set<Trace>();
  readonly #asked: { readonly request: HttpRequest; readonly trace: Trace }[] = [];
  #isOpenEnded = false;

  constructor(
    private readonly recorded: readonly Trace[],
    private readonly live: readonly Trace[],
    /** Stands for what somebody answers to a prompt that the failed run never came to. */
    private readonly newAnswer: string | null = null,
  ) {}

  /** True once a request was made whose answer nothing tells. */
  get isOpenEnded(): boolean {
    return this.#isOpenEnded;
  }

  respond(request: HttpRequest): HttpResponse {
    this.#noteAdded(request);
    const answer = this.#fromLive(request) ?? this.#fromRecording(request) ??
      this.#unknown(request);
    this.#served.push(answer);
    return answer;
  }

  /** True when an answer that was given holds the text. */
  handedOut(text: string): boolean {
    return this.#served.some((answer) => saidIn(answer).includes(text));
  }

  /** In an answer of the failed run, the refusal included: it may say where the place is now. */
  #isNamed({ host, pathname }: URL): boolean {
    const withHost = `${host.split(":").at(-1)}${pathname}`;
    return pathname.length > 1 &&
      this.live.some(({ response }) =>
        saidIn(response).split(NOT_OF_PLACES).some((said) =>
          said === pathname || said.endsWith(withHost)
        )
      );
  }

  /** The first that was not answered with yet, else the last. */
  #next(traces: readonly Trace[], request: HttpRequest): Trace | undefined {
    const there = traces.filter((trace) => isSamePlace(trace.request, request));
    return there.find((one) => !this.#used.has(one)) ?? there.at(-1);
  }

  #fromLive(request: HttpRequest): HttpResponse | null {
    const trace = this.#next(this.live, request);
    if (trace?.response == null || trace.response.body === null) return null;
    if (trace.response.status >= 400 && !isSentAgain(request, trace)) return null;
    this.#used.add(trace);
    this.#asked.push({ request, trace });
    return trace.response;
  }

  /**
   * What is sent otherwise where a live answer handed one of the texts out: the site answered so to what the failed
   * run sent. What was typed or handed out has to be the same there, what is made anew may differ.
   */
  changedWhere(texts: readonly string[], typed: ReadonlySet<string>): Objection[] {
    const mayDiffer = (value: string, sent: string) =>
      !typed.has(value) && !this.handedOut(value) &&
      (isMadeAnew(value, sent) || NUMBER.test(value) && NUMBER.test(sent));
    return this.#asked.flatMap(({ request, trace }) => {
      const said = saidIn(trace.response);
      if (!texts.some((text) => said.includes(text))) return [];
      const now = fieldsOf(request);
      const changed = [...fieldsOf(trace.request)].filter(([where, { place, value }]) => {
        const sent = now.get(where)?.value;
        return place.kind !== "cookie" && place.kind !== "header" && sent !== value &&
          (sent === undefined || !mayDiffer(value, sent));
      });
      const problem = "is not what the site was sent when it answered so";
      return changed.map(([where]) => ({ trace: trace.id, where, problem }));
    });
  }

  /**
   * What is sent beside what the recording and the failed run sent there: the site has to name it, or to have handed its
   * value out, unless somebody is asked for it, or it stands for a field that the site refused.
   */
  #noteAdded(request: HttpRequest): void {
    const there = [...this.live, ...this.recorded].filter((trace) =>
      isSamePlace(trace.request, request)
    );
    const [first] = there;
    if (first === undefined) return;
    const answers = [...this.live.map(({ response }) => response), ...this.#served];
    const added = addedFields(request, there.map((trace) => trace.request)).filter((leaf) =>
      leaf.value !== this.newAnswer && !isSaid(leaf, answers)
    );
    const refused = this.#refusalAt(request);
    const left = refused === undefined ? [] : missingFields(request, refused.request)
      .filter((name) => isRefusedField(name, request, refused));
    for (const { place } of added.slice(left.length)) {
      const problem = "is sent, and neither the recording nor an answer of the site names it";
      this.problems.push({ trace: first.id, where: describePlace(place), problem });
    }
  }

  #refusalAt(request: HttpRequest): Trace | undefined {
    return this.live.findLast((one) =>
      (one.response?.status ?? 0) >= 400 && isSamePlace(one.request, request)
    );
  }

  #fromRecording(request: HttpRequest): HttpResponse | null {
    const answered = this.recorded.filter(({ response }) => response !== null);
    const trace = this.#next(answered, request);
    if (trace === undefined) return null;
    this.#used.add(trace);
    const refused = this.#refusalAt(request);
    for (const name of missingFields(request, trace.request)) {
      if (refused !== undefined && isRefusedField(name, request, refused)) continue;
      this.problems.push({ trace: trace.id, where: name, problem: "is recorded, and not sent" });
    }
    return trace.response;
  }

  #unknown(request: HttpRequest): HttpResponse {
    const url = parseUrl(request.url);
    this.#isOpenEnded = true;
    if (url === null || !this.handedOut(url.pathname) && !this.#isNamed(url)) {
      const where = `request ${request.method} "${url?.pathname ?? "?"}"`;
      const problem = "goes to a place that neither the recording nor an answer of the site names";
      this.problems.push({ trace: null, where, problem });
    }
    return NOTHING_HERE;
  }
}

/** The site refused a field: it names it in its answer, or what was sent in it goes under another name now. */
function isRefusedField(where: string, request: HttpRequest, refused: Trace): boolean {
  const leaf = fieldsOf(refused.request).get(where);
  if (leaf === undefined) return false;
  const isRenamed = ownLeaves(request).some(({ place, value }) =>
    value === leaf.value && describePlace(place) !== where
  );
  return isRenamed || isNamedIn(leaf.name, [bodyOf(refused.response)]);
}

/**
 * The same fields with the same values. What is made anew in each run may differ, in nothing but its characters, and
 * not where the refusal names the field: then it is what the site wants computed otherwise.
 */
function isSentAgain(one: HttpRequest, refused: Trace): boolean {
  const [now, before] = [fieldsOf(one), fieldsOf(refused.request)];
  return now.size === before.size && [...now].every(([place, { name, value }]) => {
    const old = before.get(place)?.value;
    return old === value ||
      old !== undefined && isMadeAnew(old, value) && !isNamedIn(name, [bodyOf(refused.response)]);
  });
}

function isMadeAnew(one: string, other: string): boolean {
  const isMade = (text: string) => isOpaque(text) || /^\d{6,}$/.test(text);
  return isMade(one) && isMade(other) && Math.abs(one.length - other.length) <= MAX_SHORTER;
}

/** Numbers lose their leading zeros. */
const MAX_SHORTER = 2;
