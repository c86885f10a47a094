/**
 * Whose the texts of a recording are. The application's: what its files say that everybody is served, what it said before it
 * knew its reader, what it said to two accounts alike. Somebody's: what was typed, what answers hold, whom a page names.
 * A text that is neither has to be judged by where it stands.
 */
import { requestLeaves } from "../codec/request_leaves.ts";
import { isRecord, type JsonValue } from "../base/json.ts";
import { bodyText, parseBody, type ParsedBody } from "../http/body.ts";
import type { HttpResponse, Trace } from "../http/exchange.ts";
import { parseHtml } from "../http/html.ts";
import { isOpaque } from "../http/opaque.ts";
import { pagePeople } from "../http/page_people.ts";
import { pageTexts } from "../http/page_texts.ts";
import { codeTokens } from "../script/code_tokens.ts";
import { dataIslands } from "./data_islands.ts";
import { isSharedCode, tellsCredentials } from "./shared_code.ts";
import { accounts, unknownReaders } from "./unknown_readers.ts";
import { isHarmless } from "./vocabulary.ts";

/** Longer values are prose, and stand in no label. In UTF-16 units. */
const MAX_VALUE = 80;
const MIN_VALUE = 3;
const MAX_DEPTH = 12;
/** Reading larger code takes more time than a text in it is worth. */
const MAX_CODE_BYTES = 4 * 1024 * 1024;
/** Words of a value that is looked for inside a text. */
const MAX_WORDS = 6;

interface Sources {
  readonly traces: readonly Trace[];
  /** What was typed, whatever it is. */
  readonly typed: readonly string[];
  /** Of it, what says who somebody is. */
  readonly identifiers: readonly string[];
  /** What was typed, and texts of these traces that are about a person by the name of their member. */
  readonly personal: (traces: readonly Trace[]) => readonly string[];
}

export class RecordedTexts {
  readonly #sources: Sources;
  readonly #unknown: ReadonlySet<string>;
  readonly #accounts: ReadonlyMap<string, string>;
  #data: ReadonlySet<string> | undefined;
  /** Values of one word in small letters, which say something where a text is nothing else. */
  readonly #choices = new Set<string>();
  #sent: ReadonlySet<string> | undefined;
  #people: ReadonlySet<string> | undefined;
  #public: ReadonlySet<string> | undefined;
  #tellsCredentials: boolean | undefined;

  constructor(sources: Sources) {
    this.#sources = sources;
    this.#accounts = accounts(sources.traces, sources.identifiers);
    const typed = [...sources.typed, ...this.#accounts.values()];
    this.#unknown = unknownReaders(sources.traces, typed);
  }

  /** True for an answer that was sent to somebody whom the site did not know. */
  isForAnybody(traceId: string): boolean {
    return this.#unknown.has(traceId);
  }

  /** True for a script that everybody is served. */
  isSharedCode(trace: Trace): boolean {
    this.#tellsCredentials ??= tellsCredentials(this.#sources.traces);
    return isSharedCode(trace, this.#unknown.has(trace.id), this.#tellsCredentials);
  }

  /** True for a text that the application says to anybody, as a whole. */
  isPublic(text: string): boolean {
    this.#public ??= new Set([
      ...this.#publicTexts(),
      ...this.#sources.traces.filter((trace) => this.isSharedCode(trace)).flatMap(publishedIn),
    ]);
    return this.#public.has(text);
  }

  /** True where a text is, or holds, what was typed, what an answer holds, or the name of somebody. */
  isAbout(text: string): boolean {
    return isOpaque(text) || isOpaque(text.trim()) || this.holdsData(text) ||
      this.#choices.has(text.trim().toLowerCase()) ||
      (text.match(/[\p{L}\p{N}]+/gu) ?? []).some((word) => this.isPerson(word));
  }

  /** True where a value of an answer, of data in a page or of what was typed stands inside the text as words. */
  holdsData(text: string): boolean {
    this.#data ??= this.#dataTexts();
    const words = wordsIn(text);
    return words.some((_, from) =>
      Array.from({ length: MAX_WORDS }, (_, count) => words.slice(from, from + count + 1).join(" "))
        .some((run) => this.#data!.has(run))
    );
  }

  /** True for a value that a request carries: where it comes from is seen by its placeholder. */
  isSent(text: string): boolean {
    this.#sent ??= new Set(
      this.#sources.traces.filter(({ noise }) => noise === null)
        .flatMap(({ request }) => requestLeaves(request).map(({ value }) => value)),
    );
    return this.#sent.has(text);
  }

  /** True for a word of somebody's name. */
  isPerson(word: string): boolean {
    this.#people ??= this.#peopleWords();
    return this.#people.has(word.toLowerCase());
  }

  *#publicTexts(): Generator<string> {
    const readers = new Map<string, Set<string>>();
    for (const trace of this.#sources.traces) {
      if (trace.noise !== null || trace.response === null) continue;
      const account = this.#accounts.get(trace.id);
      if (this.#unknown.has(trace.id)) yield* saidIn(trace.response);
      else if (account !== undefined) {
        for (const text of saidIn(trace.response)) {
          readers.set(text, (readers.get(text) ?? new Set()).add(account));
        }
      }
    }
    for (const [text, { size }] of readers) if (size > 1) yield text;
  }

  #dataTexts(): ReadonlySet<string> {
    const found = new Set<string>();
    const note = (value: string, isTelling = tells(value)) => {
      const words = wordsIn(value);
      const isLabel = value.length <= MAX_VALUE && words.length <= MAX_WORDS;
      if (!isTelling) this.#choices.add(value);
      else if (isLabel && words.join("").length >= MIN_VALUE) found.add(words.join(" "));
    };
    for (const value of this.#sources.typed) note(value, true);
    for (const { id, noise, response } of this.#sources.traces) {
      if (noise !== null || response === null) continue;
      for (
        const value of valuesIn(parseBody(response.headers, response.body), this.#unknown.has(id))
      ) {
        note(value);
      }
    }
    return found;
  }

  #peopleWords(): ReadonlySet<string> {
    const own = this.#sources.traces.filter(({ id }) => !this.#unknown.has(id));
    const pages = own.flatMap(({ noise, response }) =>
      noise === null && response !== null ? pageOf(response) : []
    );
    const names = [
      ...this.#sources.personal(own),
      ...this.#accounts.values(),
      ...pages.flatMap((page) => pagePeople(page)),
    ];
    return new Set(
      names.map((name) => name.replace(/@[\w.-]+$/, "")).flatMap(wordsIn)
        .filter((word) => word.length >= 2 && !isHarmless(word) && !/^\d+$/.test(word)),
    );
  }
}

/** Literals of a file that everybody is served, and what its templates say. */
function publishedIn({ response }: Trace): string[] {
  const { headers, body } = response ?? { headers: [], body: null };
  if (body === null || body.length > MAX_CODE_BYTES) return [];
  return (codeTokens(bodyText(headers, body)) ?? []).flatMap(({ kind, text }) => {
    if (kind !== "string" && kind !== "template") return [];
    return text.includes("<") ? pageTexts(text) : [text];
  });
}

function pageOf({ headers, body }: HttpResponse): string[] {
  const parsed = parseBody(headers, body);
  return parsed.kind === "html" ? [parsed.text] : [];
}

/** What an answer says to its reader: texts of a page and literals of its code, strings of JSON. */
function saidIn(response: HttpResponse): string[] {
  const body = parseBody(response.headers, response.body);
  if (body.kind === "json") return textsOf(body.value);
  return body.kind === "html" ? [...pageTexts(body.text), ...literalsIn(body.text)] : [];
}

function literalsIn(page: string): string[] {
  return parseHtml(page).scripts.flatMap(({ text }) => {
    const tokens = codeTokens(text) ?? [];
    const data = dataIslands(tokens);
    return tokens.flatMap((token, index) =>
      token.kind === "string" && !data.has(index) ? [token.text] : []
    );
  });
}

/** What an answer, and what data in a page, hold; JSON that anybody is answered says nothing of a person. */
function valuesIn(body: ParsedBody, isForAnybody: boolean): string[] {
  if (body.kind === "json") return isForAnybody ? [] : textsOf(body.value);
  if (body.kind !== "html") return [];
  return parseHtml(body.text).scripts.flatMap(({ text }) => {
    const data = parseBody([["content-type", "application/json"]], new TextEncoder().encode(text));
    if (data.kind === "json") return textsOf(data.value);
    const tokens = codeTokens(text) ?? [];
    return [...dataIslands(tokens)].map((index) => tokens[index]!)
      .flatMap(({ kind, text }) => kind === "string" ? [text] : []);
  });
}

function textsOf(value: JsonValue, depth = MAX_DEPTH): string[] {
  if (typeof value === "string") return [value.replace(/\s+/g, " ").trim()];
  if (depth === 0) return [];
  const items = Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : [];
  return items.flatMap((item) => textsOf(item as JsonValue, depth - 1));
}

/** A single word in small letters is one of a choice (`open`, `monthly`), which says nothing of anybody. */
function tells(value: string): boolean {
  return !/^[a-z_-]+$/.test(value) && !isHarmless(value);
}

function wordsIn(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
