/** The traces of one capture as correlation looks at them: parsed once, indexed by time. */
import { AnswerView } from "../codec/answer_view.ts";
import type { Locator } from "../codec/locators.ts";
import { type NamedPlace, namedPlaces } from "../codec/place.ts";
import { requestLeaves } from "../codec/request_leaves.ts";
import { asciiBasedBody, type ParsedBody } from "../http/body.ts";
import { cookieScope, reachesHost } from "../http/cookie_jar.ts";
import type { SetCookie } from "../http/cookies.ts";
import type { Trace } from "../http/exchange.ts";
import { headerValue, mediaType } from "../http/headers.ts";
import type { HtmlPage } from "../http/html.ts";
import { parseUrl, withoutFragment } from "../http/url.ts";
import { isField, type Leaf } from "./leaves.ts";
import { isMadeUpPage } from "./made_up_page.ts";

/**
 * Leaves of a body beyond this many are not looked at: bulk data, no login. Nor are segments, parameters, headers
 * and cookies: servers take some hundred header fields (Apache 100), and browsers keep 180 cookies of a site.
 */
const MAX_LEAVES = 400;

/** The few leaves of a request that most questions are about; a browser sends a dozen others with each. */
interface TellingLeaves {
  /** No part of the web's ordinary traffic. */
  readonly ownHeaders: readonly Leaf[];
  readonly cookies: readonly Leaf[];
  /** In the query or the body. */
  readonly fields: readonly Leaf[];
}

/** What is the same in whichever recording a trace stands; every part is made on first use. */
class TraceParts {
  readonly url: URL;
  /** `null` when there was none. */
  readonly answer: AnswerView | null;
  readonly #trace: Trace;
  readonly #hasUrl: boolean;
  #origin: string | undefined;
  #leaves: Leaf[] | undefined;
  #telling: TellingLeaves | undefined;
  #cookiesByName: ReadonlyMap<string, readonly SetCookie[]> | undefined;

  constructor(trace: Trace) {
    this.#trace = trace;
    const url = parseUrl(trace.request.url);
    this.#hasUrl = url !== null;
    this.url = url ?? new URL("http://invalid.invalid/");
    this.answer = trace.response === null
      ? null
      : new AnswerView(trace.response, this.url.href, isMadeUpPage);
  }

  get origin(): string {
    return this.#origin ??= this.url.origin;
  }

  get leaves(): readonly Leaf[] {
    const url = this.#hasUrl ? this.url : null;
    return this.#leaves ??= requestLeaves(this.#trace.request, url, MAX_LEAVES)
      .filter(({ isFile }) => isFile !== true);
  }

  get telling(): TellingLeaves {
    return this.#telling ??= tellingOf(this.leaves);
  }

  get cookiesByName(): ReadonlyMap<string, readonly SetCookie[]> {
    return this.#cookiesByName ??= Map.groupBy(this.answer?.cookies ?? [], ({ name }) => name);
  }
}

function tellingOf(leaves: readonly Leaf[]): TellingLeaves {
  const [ownHeaders, cookies, fields]: [Leaf[], Leaf[], Leaf[]] = [[], [], []];
  for (const leaf of leaves) {
    if (leaf.place.kind === "header") ownHeaders.push(leaf);
    else if (leaf.place.kind === "cookie") cookies.push(leaf);
    else if (isField(leaf)) fields.push(leaf);
  }
  return { ownHeaders, cookies, fields };
}

/** One trace stands in several recordings: of a session, of its later logins, of what is recorded so far. */
const partsOf = new WeakMap<Trace, TraceParts>();

/** A trace of a recording, taken apart. */
export class Message {
  readonly #parts: TraceParts;

  constructor(readonly index: number, readonly trace: Trace) {
    this.#parts = partsOf.get(trace) ?? new TraceParts(trace);
    partsOf.set(trace, this.#parts);
  }

  get url(): URL {
    return this.#parts.url;
  }

  /** That of `url`, which makes it anew whenever it is asked. */
  get origin(): string {
    return this.#parts.origin;
  }

  /** `null` when there was none. */
  get answer(): AnswerView | null {
    return this.#parts.answer;
  }

  get method(): string {
    return this.trace.request.method;
  }

  /** 0 when there was no answer. */
  get status(): number {
    return this.trace.response?.status ?? 0;
  }

  /** Answered, and neither refused nor failed. */
  get succeeded(): boolean {
    return this.status >= 100 && this.status < 400;
  }

  get leaves(): readonly Leaf[] {
    return this.#parts.leaves;
  }

  get ownHeaders(): readonly Leaf[] {
    return this.#parts.telling.ownHeaders;
  }

  get cookies(): readonly Leaf[] {
    return this.#parts.telling.cookies;
  }

  get fields(): readonly Leaf[] {
    return this.#parts.telling.fields;
  }

  get setCookies(): readonly SetCookie[] {
    return this.answer?.cookies ?? [];
  }

  /** Those of one name, without a look at the others: an answer may set thousands. */
  setCookiesNamed(name: string): readonly SetCookie[] {
    return this.#parts.cookiesByName.get(name) ?? [];
  }

  /** The places of the answer that have a name, with what stands there; of all kinds, or of these. */
  *named(...kinds: readonly Locator["kind"][]): Generator<NamedPlace> {
    if (this.answer !== null) {
      yield* namedPlaces(this.answer, kinds.length === 0 ? undefined : kinds);
    }
  }

  get responseBody(): ParsedBody {
    return this.answer?.body ?? { kind: "none" };
  }

  /** The response body as text; `""` when it is missing or binary. */
  get responseText(): string {
    return this.answer?.text ?? "";
  }

  /** What `responseText` is made of, with ASCII as ASCII; `null` when it is missing or binary. */
  get responseBytes(): Uint8Array | null {
    const response = this.trace.response;
    if (response === null || response.body === null || this.answer!.isBinary) return null;
    return asciiBasedBody(response.headers, response.body);
  }

  /** False when the response says that it is not a page; cheaper than looking at the body. */
  get mayBePage(): boolean {
    return this.answer?.mayBePage ?? true;
  }

  /** The response as a page; `null` when it is not HTML. */
  get page(): HtmlPage | null {
    return this.answer?.isPage === true ? this.answer.page : null;
  }

  /** The redirect target, absolute. */
  get location(): URL | null {
    return this.answer?.location ?? null;
  }

  /** The redirect target as it is asked for. */
  get target(): string | undefined {
    return this.location === null ? undefined : withoutFragment(this.location.href);
  }

  /** What a page loads to be shown: no request for data. */
  get isScriptOrStyle(): boolean {
    return this.trace.noise === "static-asset";
  }

  /**
   * Such a file of the client's own, the same for everybody; a script that nobody may keep (RFC 9111 section 5.2.2.5)
   * may have been made for this visitor, and is an answer like others.
   */
  get isClientCode(): boolean {
    if (!this.isScriptOrStyle) return false;
    const headers = this.trace.response?.headers ?? [];
    const isUnkept = /\bno-store\b/i.test(headerValue(headers, "cache-control") ?? "");
    return !isUnkept || !/javascript|ecmascript/.test(mediaType(headers));
  }

  /** A request made by code or a client, or answered with data: not a page load. */
  get answersData(): boolean {
    const type = mediaType(this.trace.response?.headers ?? []);
    if (/\b(json|xml|csv|grpc|protobuf|ndjson)\b/.test(type.replace("xhtml+xml", ""))) return true;
    return /^$|^text\/(plain|javascript)/.test(type) && this.responseBody.kind === "json";
  }
}

export class Recording {
  /** Everything that takes part, in time order; scripts and styles too, as sources of constants. */
  readonly messages: readonly Message[];
  readonly #cookieSetters = new Map<string, number[]>();

  constructor(traces: readonly Trace[]) {
    this.messages = traces
      .filter((trace) => trace.noise === null || trace.noise === "static-asset")
      .map((trace, index) => new Message(index, trace));
    for (const message of this.messages) {
      for (const cookie of message.setCookies) {
        const key = cookieKey(cookie.name, cookie.value);
        const setters = this.#cookieSetters.get(key) ?? [];
        setters.push(message.index);
        this.#cookieSetters.set(key, setters);
      }
    }
  }

  at(index: number): Message {
    return this.messages[index]!;
  }

  /** Where the value of a cookie first came from, and where it was last handed out. */
  cookieSetters(name: string, value: string, index: number): CookieSetters | null {
    const host = this.at(index).url.hostname;
    const setters = (this.#cookieSetters.get(cookieKey(name, value)) ?? []).filter((setter) =>
      setter < index && this.#sets(setter, name, value, host)
    );
    return setters.length === 0 ? null : { first: setters[0]!, last: setters.at(-1)! };
  }

  #sets(setter: number, name: string, value: string, host: string): boolean {
    return cookiesFor(this.at(setter), name, host).some((cookie) => cookie.value === value);
  }
}

/** The cookies of one name that a response sets for a host. Cookies do not know ports (RFC 6265 section 8.5). */
export function cookiesFor(setter: Message, name: string, host: string): readonly SetCookie[] {
  return setter.setCookiesNamed(name).filter((cookie) => {
    const scope = cookieScope(cookie, setter.url);
    return scope !== null && reachesHost(scope, host);
  });
}

/** Responses that set a cookie to one value: a server may repeat the line in every answer. */
export interface CookieSetters {
  readonly first: number;
  readonly last: number;
}

function cookieKey(name: string, value: string): string {
  return `${name}\0${value}`;
}
