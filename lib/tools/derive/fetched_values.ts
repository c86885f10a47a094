/**
 * Values of requests that the server handed out, anti-forgery tokens and nonces: on an earlier page, and where on
 * it, or with a refusal that was followed by the request with the value in it. They are fetched anew with each
 * call, and are no arguments: whoever calls could not know them.
 */
import { bodyText } from "../../http/body.ts";
import type { HeaderList } from "../../http/exchange.ts";
import { isOwnHeader } from "../../http/ordinary_traffic.ts";
import { isGuardName, isTimestampName } from "../../http/vocabulary.ts";
import { isSafeMethod, type ToolFetch } from "../definition.ts";
import { type PageValue, placesInAnswer, placesOfValue } from "../page_value.ts";
import type { CredentialSpots } from "./credential_spots.ts";
import { type TemplatePart, templateText } from "./path_template.ts";
import type { Sample } from "./sample.ts";
import type { UserNames } from "./user_names.ts";
import { isGuardAlone, isMade, namesThing } from "./guard_field.ts";
import type { GuardSpots } from "./guard_spots.ts";
import { segmentKind, splitSegment } from "./segment_kind.ts";

/** Shorter values are equal by chance. In UTF-16 units. */
const MIN_LENGTH = 8;
/** Pages looked at, newest first; a recording has thousands of answers. */
const MAX_PAGES = 200;
/** What asks for a value is a word, and none that was handed out. */
const ASKING = /^[A-Za-z]{1,20}$/;

/** Where a value is fetched, without what it is for. */
type Source = Omit<ToolFetch, "name" | "header">;

interface Use {
  readonly sample: Sample;
  readonly value: string;
}

interface HandedOut {
  readonly refusal: Sample;
  readonly from: PageValue;
}

export class FetchFinder {
  readonly #pages: readonly Sample[];
  readonly #refusals: readonly Sample[];
  readonly #known = new Map<string, HandedOut | null>();
  readonly #personal: UserNames;

  /** `samples`: all of the app, in time order; pages among them. */
  constructor(samples: readonly Sample[], personal: UserNames) {
    this.#pages = samples.filter(({ method, status }) =>
      (method === "GET" || method === "HEAD") && status === 200
    );
    this.#refusals = samples.filter(({ status }) => status >= 400 && status < 500)
      .slice(-MAX_PAGES);
    this.#personal = personal;
  }

  /** Those of one tool. `guards`: places of credentials that it fetches where it changes something. */
  forTool(
    samples: readonly Sample[],
    parts: readonly TemplatePart[],
    guards: GuardSpots,
  ): ToolFetches {
    return new ToolFetches(
      (uses, isHeader) => this.#refusalOf(uses, isHeader) ?? this.#find(uses, parts, isHeader),
      (uses, isHeader) => this.#refusalOf(uses, isHeader),
      (uses, name) =>
        this.#find(uses, parts, false, (from) => from.kind === "input" && from.name === name),
      samples,
      guards,
    );
  }

  #find(
    uses: readonly Use[],
    parts: readonly TemplatePart[],
    isHeader: boolean,
    isWanted: (from: PageValue) => boolean = () => true,
  ): Source | null {
    const placesOf = isHeader ? placesInAnswer : placesOfValue;
    const [first, ...others] = uses.map((use) =>
      this.#candidates(use, parts, (page) => {
        const { request, response } = page.trace;
        const submission = { request: use.sample.trace.request, pageUrl: request.url };
        return placesOf(response!, use.value, submission).filter(isWanted);
      })
    );
    if (first === undefined) return null;
    const inAll = [...first.entries()].filter(([key]) => others.every((one) => one.has(key)));
    // A page that needs nothing of the call comes first, then the one that was loaded last.
    const best = inAll.find(([, fetch]) => !fetch.path?.includes("{")) ?? inAll[0];
    return best?.[1] ?? null;
  }

  /**
   * Where refusals hold these values that first handed them out; `null` where any value has none. In a header
   * the refusal of another request counts, too; what stands in a field may be what the user chose next.
   */
  #refusalOf(uses: readonly Use[], isHeader: boolean): Source | null {
    const places = uses.map(({ sample, value }) => {
      const given = this.#handedOut(value);
      const isOfSame = (one: Sample) =>
        one.url.origin === sample.url.origin &&
        (isHeader || one.method === sample.method && one.url.pathname === sample.url.pathname);
      const isFirst = given !== null && given.refusal.index < sample.index;
      return isFirst && isOfSame(given.refusal) ? given.from : null;
    });
    const [first = null] = places;
    const key = JSON.stringify(first);
    return first !== null && places.every((one) => JSON.stringify(one) === key)
      ? { path: null, query: [], from: first }
      : null;
  }

  /** The first refusal that holds the value and was not sent it. */
  #handedOut(value: string): HandedOut | null {
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    let found: HandedOut | null = null;
    for (const refusal of this.#refusals) {
      const { request, response } = refusal.trace;
      const [from] = placesInAnswer(response!, value, { request, pageUrl: request.url });
      if (from === undefined) continue;
      if (!isSentIn(refusal, value)) found = { refusal, from };
      break;
    }
    this.#known.set(value, found);
    return found;
  }

  #candidates(
    { sample }: Use,
    parts: readonly TemplatePart[],
    placesOn: (page: Sample) => readonly PageValue[],
  ) {
    const found = new Map<string, Source>();
    const before = this.#pages.filter((page) =>
      page.index < sample.index && page.url.origin === sample.url.origin
    );
    for (const page of before.slice(-MAX_PAGES).toReversed()) {
      const places = placesOn(page);
      const path = places.length === 0 ? null : this.#pathOf(page, sample, parts);
      const query = page.query.filter(([name]) => !isTimestampName(name));
      if (path === null || !query.every(([, text]) => this.#isPlain(text))) continue;
      for (const from of places) {
        const headers = askingHeaders(page, from);
        const source: Source = {
          path,
          ...page.method === "HEAD" ? { method: page.method } : {},
          query,
          ...headers.length === 0 ? {} : { headers },
          from,
        };
        found.set(JSON.stringify(source), source);
      }
    }
    return found;
  }

  /** The page's path, with the call's own arguments where it has their values; `null` for data of others. */
  #pathOf(page: Sample, sample: Sample, parts: readonly TemplatePart[]): string | null {
    const raw = page.url.pathname.slice(1).split("/");
    const filled = page.segments.map((segment, at) => {
      const own = parts.findIndex(({ parameter }, place) =>
        parameter !== null && sample.segments[place] === segment
      );
      if (own >= 0) return templateText([parts[own]!]).slice(1);
      return this.#isPlain(splitSegment(segment).value) ? raw[at]! : null;
    });
    return filled.includes(null) ? null : `/${filled.join("/")}`;
  }

  #isPlain(text: string): boolean {
    return segmentKind(text) === null && !this.#personal.has(text);
  }
}

/** The header of the page's request that asks for the one it is answered with. */
function askingHeaders({ trace }: Sample, from: PageValue): HeaderList {
  if (from.kind !== "header") return [];
  return trace.request.headers.filter(([name, value]) =>
    name.toLowerCase() === from.name && ASKING.test(value)
  );
}

/** A refusal that only says what it was sent hands nothing out. */
function isSentIn({ trace: { request } }: Sample, value: string): boolean {
  const body = request.body === null ? "" : bodyText(request.headers, request.body);
  return [request.url, body, ...request.headers.map(([, text]) => text)]
    .some((text) => text.includes(value));
}

type Find = (uses: readonly Use[], isHeader: boolean) => Source | null;
type FindInput = (uses: readonly Use[], name: string) => Source | null;

/** The fetches of one tool, as its fields ask for them. */
export class ToolFetches {
  readonly #find: Find;
  /** The same among refusals alone, which tell by themselves that the request needs the value. */
  readonly #findRefusal: Find;
  /** The input of a page with the name of the field. */
  readonly #findInput: FindInput;
  readonly #samples: readonly Sample[];
  readonly #guards: GuardSpots;
  readonly #isReading: boolean;
  readonly #fetches: ToolFetch[] = [];

  constructor(
    find: Find,
    findRefusal: Find,
    findInput: FindInput,
    samples: readonly Sample[],
    guards: GuardSpots,
  ) {
    this.#find = find;
    this.#findRefusal = findRefusal;
    this.#findInput = findInput;
    this.#samples = samples;
    this.#guards = guards;
    this.#isReading = samples.every(({ method }) => isSafeMethod(method));
  }

  get all(): readonly ToolFetch[] {
    return this.#fetches;
  }

  /** True for a field that holds what the login was given for it, where nothing is fetched. */
  isCredential(name: string): boolean {
    return this.#guards.fields.has(name);
  }

  /**
   * The fetch for a field, by its values in each of the samples; `null` where no page handed them out.
   * `isHandedOut`: the page's form says so, whatever the name.
   */
  forField(
    name: string,
    valuesBySample: readonly (readonly unknown[])[],
    isHandedOut = false,
  ): string | null {
    const isGuard = this.#guards.fields.has(name);
    if (isGuard && this.#isReading) return null;
    if (this.#fetches.some((fetch) => fetch.name === name)) return name;
    const uses = this.#samples.flatMap((sample, at): Use[] =>
      (valuesBySample[at] ?? []).flatMap((value) =>
        typeof value === "string" && value.length >= MIN_LENGTH ? [{ sample, value }] : []
      )
    );
    const isOnPage = isHandedOut || (isGuard ? isGuardAlone(name) : isGuardName(name));
    return this.#add(name, uses, null, (some, isHeader) => {
      if (isOnPage) return this.#find(some, isHeader);
      // A script sends what an input of the page holds: no form says so, the name and the look of it do.
      const isNonce = !namesThing(name) && some.every(({ value }) => isMade(value));
      return this.#findRefusal(some, isHeader) ?? (isNonce ? this.#findInput(some, name) : null);
    });
  }

  /** Fetches for the headers that guard the samples; credentials of the session are left to the login. */
  addHeaders(spots: CredentialSpots): void {
    const names = new Set(
      this.#samples.flatMap(({ trace }) => trace.request.headers.map(([name]) => name)),
    );
    for (const name of names) {
      const lower = name.toLowerCase();
      const isGuard = this.#guards.headers.has(lower) && !this.#isReading;
      if (!isOwnHeader(name) || spots.headers.includes(lower) && !isGuard) continue;
      const uses = this.#samples.flatMap((sample): Use[] => {
        const value = sample.trace.request.headers.find(([other]) => other.toLowerCase() === lower);
        return value === undefined || value[1].length < MIN_LENGTH
          ? []
          : [{ sample, value: value[1] }];
      });
      if (uses.length !== this.#samples.length) continue;
      this.#add(name, uses, name, isGuard || isGuardName(name) ? this.#find : this.#findRefusal);
    }
  }

  #add(name: string, uses: readonly Use[], header: string | null, find: Find): string | null {
    const found = uses.length === 0 ? null : find(uses, header !== null);
    if (found === null) return null;
    this.#fetches.push({ name, header, ...found });
    return name;
  }
}
