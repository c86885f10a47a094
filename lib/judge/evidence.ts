/**
 * What the recording alone says of a value: which answer issued it first, which request carried it
 * first, whether the client's own code holds it. No opinion of the analysis goes into it.
 */
import type { Trace } from "../http/exchange.ts";
import { isCredentialName, isIdentifierName } from "../http/vocabulary.ts";
import { isOpaque, isUnspeakable } from "../http/opaque.ts";
import { bodyText } from "../http/body.ts";
import { parseUrl, targetOf } from "../http/url.ts";
import { type AnswerValue, answerValues, sharesWord } from "./answer_values.ts";
import { clientCode, isClientCode } from "./client_code.ts";
import { openText } from "./open_text.ts";
import { isCredentialPlace } from "./place_kinds.ts";
import { placeKey, type RequestValue, requestValues } from "./request_values.ts";
import { isMintedUnder } from "./token_like.ts";

export interface Issued extends AnswerValue {
  /** `Trace.id` of the answer that held it first. */
  readonly trace: string;
  /** Its place in time. */
  readonly index: number;
}

export interface Sent extends Omit<RequestValue, "value"> {
  readonly trace: string;
  readonly index: number;
}

const MAX_SHORT = 24;
/** Shorter words are equal by chance. In characters. */
const MIN_TELLING = 4;
/** More holders of one short value tell nothing new. */
const MAX_HOLDERS = 20;

export class Evidence {
  readonly traces: readonly Trace[];
  readonly #issued = new Map<string, Issued>();
  readonly #sent = new Map<string, Sent[]>();
  readonly #people = new Set<string>();
  /** The first request to a host, as `//shop.example`, and to a path with a word. */
  readonly #addressed = new Map<string, number>();
  /** Answers that held a word which a later request sends, by the word. */
  readonly #words = new Map<string, Issued[]>();
  /** Answers with a short value. */
  readonly #holders = new Map<string, Issued[]>();
  readonly #scripts: readonly string[];
  readonly #firstSubmission: number;

  /** @param traces of one recording, in time order; scripts and other assets among them */
  constructor(traces: readonly Trace[]) {
    this.traces = traces;
    const first = traces.findIndex(({ request }) => (request.body?.length ?? 0) > 0);
    this.#firstSubmission = first === -1 ? traces.length : first;
    traces.forEach((trace, index) => this.#readRequest(trace, index));
    traces.forEach((trace, index) => this.#readAnswer(trace, index));
    this.#scripts = clientCode(traces);
  }

  /** Every opaque value that an answer issued, by its first issue. */
  get issued(): ReadonlyMap<string, Issued> {
    return this.#issued;
  }

  /** The trace of this id; `undefined` where the recording has none. */
  trace(id: string | null): Trace | undefined {
    return this.traces[this.indexOf(id)];
  }

  /** Its place in time; -1 where the recording has none. */
  indexOf(id: string | null): number {
    return this.traces.findIndex((trace) => trace.id === id);
  }

  /** Where requests carried the value, in time order. */
  sent(value: string): readonly Sent[] {
    return this.#sent.get(value) ?? [];
  }

  /** What requests for the same thing carried at a place. */
  sentAt({ request }: Trace, place: Pick<RequestValue, "kind" | "where">): string[] {
    const key = placeKey(place);
    const target = targetOf(request.url);
    return this.traces.filter((other) =>
      other.request.method === request.method && targetOf(other.request.url) === target
    ).flatMap((other) =>
      requestValues(other.request).filter((value) => placeKey(value) === key)
        .map(({ value }) => value)
    );
  }

  /** The requests that carried something of this kind and name, in time order. */
  carriers(kind: RequestValue["kind"], name: string): (Sent & { readonly value: string })[] {
    // A parameter of a body of JSON or XML is named by its path.
    const inBody = `body field "${name}"`;
    const last = (kind === "query" ? name.split(".").at(-1)! : name).toLowerCase();
    return this.traces.flatMap(({ id, request }, index) =>
      requestValues(request).filter((one) =>
        (one.name === name || one.name.toLowerCase() === last || one.where === inBody) &&
        (one.kind === kind || kind === "query" && one.kind === "body")
      ).map((one) => ({ ...one, trace: id, index }))
    );
  }

  /** The first answer that holds the value as a whole, opaque or not, under a name that is accepted. */
  firstHolder(value: string, accepts: (name: string) => boolean): Issued | null {
    return this.#holders.get(value)?.find(({ name }) => accepts(name)) ?? null;
  }

  /**
   * Why a value may be the client's own although an answer holds it; `null` when nothing says so.
   * What was sent before anything was issued cannot come from an answer; what is a credential by its
   * place or name is nobody's constant.
   * @rule off: null
   */
  excuse(value: string): string | null {
    if (this.isInClientCode(value)) return "stands in the client's own code";
    const issued = this.#issued.get(value);
    if (issued !== undefined && this.#isPageText(issued)) {
      return "stands in a page before the login";
    }
    const [first] = this.sent(value);
    const end = issued?.index ?? this.#firstSubmission - 1;
    if (this.#isAddressed(value, end)) return "is of an address that was asked for before";
    if (first === undefined || first.index > end) return null;
    return this.#sentFirst(value);
  }

  /**
   * The host or a word of the path of a request up to this one: a credential that holds the address of a page holds it,
   * too.
   * @rule off: false
   */
  #isAddressed(value: string, end: number): boolean {
    const first = this.#addressed.get(`//${value}`) ??
      (isOpaque(value) ? undefined : this.#addressed.get(value));
    return first !== undefined && first <= end;
  }

  /** @rule off: null */
  #sentFirst(text: string): string | null {
    return this.sent(text).some(isCredentialPlace)
      ? null
      : "was sent before anything was issued or typed that it could come from";
  }

  /**
   * As `excuse()`, for the value inside `text`: the text as a whole may have been sent before.
   * @rule off: null
   */
  excuseWithin(text: string, issued: Issued): string | null {
    const [first] = this.sent(text);
    if (first === undefined || first.index > issued.index) return this.excuse(issued.value);
    return this.excuse(issued.value) ?? this.#sentFirst(text);
  }

  /** True for a value that an answer made: nothing says that it is the client's own. */
  isIssued(value: string): boolean {
    return this.#issued.has(value) && this.excuse(value) === null;
  }

  /** The answer that held a number or short id before any request carried it; `null` for what is no such value. */
  shortIssuer(value: string, accepts: (name: string) => boolean = () => true): Issued | null {
    const holder = this.firstHolder(value, accepts);
    const [first] = this.sent(value);
    return holder === null || first !== undefined && first.index <= holder.index ? null : holder;
  }

  /**
   * The answer that held a short value or a word under a name with a word in common, before any request sent it:
   * a role, a branch, a tenant of whoever logged in. `null` for what the client's code holds, too.
   * @rule off: null
   */
  namedIssuer(value: string, name: string): Issued | null {
    return this.#wordIssuer(value, (holder) => isAlike(holder, name));
  }

  /**
   * The same under whatever name, where nothing that was read before anything was sent holds the word: equal words
   * are common, and a word that the application has of its own says nothing.
   * @rule off: null
   */
  anyIssuer(value: string): Issued | null {
    const issuer = value.length < MIN_TELLING ? null : this.#wordIssuer(value, () => true);
    const isOwn = () =>
      this.traces.slice(0, this.#firstSubmission).some(({ response }) =>
        response !== null && response.body !== null &&
        bodyText(response.headers, response.body).includes(value)
      );
    return issuer === null || isOwn() ? null : issuer;
  }

  #wordIssuer(value: string, accepts: (holder: Issued) => boolean): Issued | null {
    if (COMMON.test(value) || this.#issued.has(value) || this.isQuotedInCode(value)) return null;
    const first = this.sent(value)[0]?.index ?? Infinity;
    return this.#words.get(value)?.find((holder) =>
      holder.index < first && holder.index >= this.#firstSubmission && accepts(holder)
    ) ?? null;
  }

  /** @rule off: false */
  isQuotedInCode(value: string): boolean {
    return this.#scripts.some((text) => text.includes(`"${value}"`) || text.includes(`'${value}'`));
  }

  /** True for a number or short id that an answer held before the first of the requests that carry it. */
  isSentOn(value: string): boolean {
    return this.#sent.has(value) && this.shortIssuer(value) !== null;
  }

  /** True for a text by which an answer names a user. @rule off: false */
  namesSomebody(value: string): boolean {
    return this.#people.has(value);
  }

  /** @rule off: false */
  isInClientCode(value: string): boolean {
    return value.length >= 6 && this.#scripts.some((text) => text.includes(value));
  }

  /**
   * Text of a page that was read before anything was sent but reading requests. Hidden fields, meta
   * tags and whatever is named for a session or its protection are made for the visitor.
   * @rule off: false
   */
  #isPageText({ kind, name, index }: Issued): boolean {
    return kind === "text" && index < this.#firstSubmission && !isCredentialName(name);
  }

  #readRequest(trace: Trace, index: number): void {
    const url = parseUrl(trace.request.url);
    for (const part of url === null ? [] : [`//${url.host}`, ...url.pathname.split("/")]) {
      if (!this.#addressed.has(part)) this.#addressed.set(part, index);
    }
    for (const { value, ...place } of requestValues(trace.request)) {
      for (const text of openText(value)) {
        const known = this.#sent.get(text);
        const sent = { ...place, trace: trace.id, index };
        if (known === undefined) this.#sent.set(text, [sent]);
        else known.push(sent);
      }
    }
  }

  #readAnswer(trace: Trace, index: number): void {
    if (trace.response === null || isClientCode(trace)) return;
    for (const found of answerValues(trace.response)) {
      this.#keepHolder({ ...found, trace: trace.id, index });
      this.#keepWord({ ...found, trace: trace.id, index });
      if (found.kind === "json" && isIdentifierName(found.name)) this.#people.add(found.value);
      if (this.#issued.has(found.value)) continue;
      const name = found.kind === "cookie" ? `${found.name}_token` : found.name;
      if (isMintedUnder(name, found.value) || this.#isEchoed(found, index)) {
        this.#issued.set(found.value, { ...found, trace: trace.id, index });
      }
    }
  }

  /** Only of short values of data: the others are issued as opaque, or words. */
  #keepHolder(found: Issued): void {
    if (found.kind !== "json" && found.kind !== "field" || found.value.length > MAX_SHORT) return;
    if (!/\d/.test(found.value)) return;
    const known = this.#holders.get(found.value);
    if (known === undefined) this.#holders.set(found.value, [found]);
    else if (known.length < MAX_HOLDERS) known.push(found);
  }

  /** One of a list is the user's to choose. */
  #keepWord(found: Issued): void {
    const { kind, value, place } = found;
    if (kind !== "json" || !/^[\w-]{2,24}$/.test(value) || /\.\d+(\.|"$)/.test(place)) return;
    if (this.sent(value).every(({ index }) => index <= found.index)) return;
    const known = this.#words.get(value);
    if (known === undefined) this.#words.set(value, [found]);
    else if (known.length < MAX_HOLDERS) known.push(found);
  }

  /** A short value that a later request sends back at a place of the same name. @rule off: false */
  #isEchoed({ value, name, kind }: AnswerValue, index: number): boolean {
    const isAddress = /^https?(:|%3a)/i.test(value) && !isOpaque(value);
    if (name === "" || value.length < 3 || isAddress) return false;
    const isGiven = isCredentialName(name) || kind === "field" && isUnspeakable(value);
    return isGiven && this.sent(value).some((sent) => sent.index > index && sent.name === name);
  }
}

/** Words of protocols: they say nothing by being equal. */
const COMMON = /^(true|false|null|ok|yes|no|bearer|basic|token|success|none|on|off)$/i;

/** Names with a word in common: `role` and `X-Role`, `branch.id` and `branch`. @rule off: false */
function isAlike(found: AnswerValue, name: string): boolean {
  return sharesWord(found, name, /^(x|id|type|name|)$/);
}

/** The server took the request: an answer that refuses what was typed asks for it again. @rule off: true */
export function wasAccepted({ response, noise }: Trace): boolean {
  return noise === null && response !== null && response.status < 400;
}
