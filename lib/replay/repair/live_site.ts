/**
 * A site as a live run found it, and as it was recorded where that run did not come. A request that the site
 * refused is refused again only where it is sent again as it was: what the site would say to another is not known.
 */
import { describePlace } from "../../correlate/leaves.ts";
import type { HttpRequest, HttpResponse, Trace } from "../../http/exchange.ts";
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

export interface LiveProblem {
  /** Of the exchange that shows it; `null` for the script as a whole. */
  readonly trace: string | null;
  readonly where: string;
  readonly problem: string;
}

/** What stands between the places that a text names; a dot may end the sentence. */
const NOT_OF_PLACES = /[^\w/%.~-]+|\.(?![\w/])/;

/** Long enough to be made up. */
const NUMBER = /^\d{4,}$/;

const NOTHING_HERE: HttpResponse = { status: 404, headers: [], body: new Uint8Array() };

export class LiveSite {
  readonly problems: LiveProblem[] = [];
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
    return this.#served.some(({ headers, body }) =>
      headers.some(([, value]) => value.includes(text)) ||
      new TextDecoder().decode(body ?? new Uint8Array()).includes(text)
    );
  }

  /** In an answer of the failed run, the refusal included: it may say where the place is now. */
  #isNamed({ host, pathname }: URL): boolean {
    const places = [pathname, `${host.split(":").at(-1)}${pathname}`];
    return pathname.length > 1 &&
      this.live.some((trace) =>
        saidIn(trace.response).split(NOT_OF_PLACES).some((said) =>
          said === places[0] || said.endsWith(places[1]!)
        )
      );
  }

  #fromLive(request: HttpRequest): HttpResponse | null {
    const there = this.live.filter((trace) => isSamePlace(trace.request, request));
    const trace = there.find((one) => !this.#used.has(one)) ?? there.at(-1);
    if (trace?.response == null || trace.response.body === null) return null;
    const isRefusal = trace.response.status >= 400;
    if (isRefusal && !isSentAgain(request, trace)) return null;
    this.#used.add(trace);
    this.#asked.push({ request, trace });
    return trace.response;
  }

  /**
   * What is sent otherwise where a live answer handed one of the texts out: the site answered so to what the failed
   * run sent. What was typed or handed out has to be the same there, what is made anew may differ.
   */
  changedWhere(texts: readonly string[], typed: ReadonlySet<string>): LiveProblem[] {
    return this.#asked.flatMap(({ request, trace }) => {
      const said = saidIn(trace.response);
      if (!texts.some((text) => said.includes(text))) return [];
      const now = fieldsOf(request);
      return [...fieldsOf(trace.request)].flatMap(([where, { place, value }]) => {
        if (place.kind === "cookie" || place.kind === "header") return [];
        const sent = now.get(where)?.value;
        const isOther = sent === undefined ||
          sent !== value &&
            (typed.has(value) || this.handedOut(value) ||
              !isMadeAnew(value, sent) && !(NUMBER.test(value) && NUMBER.test(sent)));
        const problem = "is not what the site was sent when it answered so";
        return isOther ? [{ trace: trace.id, where, problem }] : [];
      });
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
    for (const { place } of added.slice(this.#replaceable(request))) {
      const problem = "is sent, and neither the recording nor an answer of the site names it";
      this.problems.push({ trace: first.id, where: describePlace(place), problem });
    }
  }

  /** How many fields that the site refused are left out. */
  #replaceable(request: HttpRequest): number {
    const refused = this.#refusalAt(request);
    return refused === undefined ? 0 : missingFields(request, refused.request)
      .filter((name) => isRefusedField(name, request, refused)).length;
  }

  #refusalAt(request: HttpRequest): Trace | undefined {
    return this.live.findLast((one) =>
      (one.response?.status ?? 0) >= 400 && isSamePlace(one.request, request)
    );
  }

  #fromRecording(request: HttpRequest): HttpResponse | null {
    const there = this.recorded.filter((trace) =>
      trace.response !== null && isSamePlace(trace.request, request)
    );
    const trace = there.find((one) => !this.#used.has(one)) ?? there.at(-1);
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
      this.problems.push({
        trace: null,
        where: `request ${request.method} "${url?.pathname ?? "?"}"`,
        problem: "goes to a place that neither the recording nor an answer of the site names",
      });
    }
    return NOTHING_HERE;
  }
}

/** The site refused a field: it names it in its answer, or what was sent in it goes under another name now. */
function isRefusedField(
  name: string,
  request: HttpRequest,
  refused: Trace,
): boolean {
  const { request: sent } = refused;
  const leaf = ownLeaves(sent).find(({ place }) => describePlace(place) === name);
  if (leaf === undefined) return false;
  const isRenamed = ownLeaves(request).some(({ place, value }) =>
    value === leaf.value && describePlace(place) !== name
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
