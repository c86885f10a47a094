/**
 * What a reading request can do without: pages, order and filters, which servers have defaults for, as far as their
 * names say it; what another request of the same address did without; what a page's form leaves empty.
 */
import { isRecord } from "../../base/json.ts";
import { type HtmlForm, parseHtml } from "../../http/html.ts";
import { parseUrl } from "../../http/url.ts";
import { words } from "../../http/vocabulary.ts";
import { callKey } from "./rpc_call.ts";
import type { Sample } from "./sample.ts";

/** Pages, order, and how much of each item is answered. */
const DEFAULTED =
  /\b(page|per ?page|page ?size|page ?(number|token|index)|cursor|limit|offset|start|count|size|take|skip|top|sort|sort ?(by|order|dir|direction|field)|order|order ?by|direction|dir|include|includes|expand|embed|fields)\b/;

/** What narrows a list: by kind, state, time, bounds, and what is to come along. */
const FILTER =
  /^(filters?|where|status|state|type|kind|categor(y|ies)|tags?|labels?|topics?|from|to|since|until|before|after|archived|active|enabled|deleted|read|unread|starred|favou?rites?|mine|lang|language|locale)$|^(filter|min|max|created|updated|modified|with|show|only|hide|exclude|without) |(^| )(start|end|from|to) date$| (date|min|max|from|to|gte?|lte?|after|before|since|until)$/;

/** What is looked for. Of a list it is a filter, of a search it is the point. */
const LOOKED_FOR = /^(q|query|search|keywords?|search ?(text|term|query))$/;
const SEARCHING = /\b(search|find|lookup|query|autocomplete|suggest(ions?)?|typeahead)\b/;

/** What a call reads, by the first or last word of its name: `ticket.search`, `listTickets`, `/search`. */
const READING = /^(get|list|find|search|query|filter|fetch|read|lookup|browse)$/;

/** As many requests say that all of the app send a parameter with one value. */
const MIN_STEADY_REQUESTS = 3;

export class OptionalFields {
  /** Query parameters that requests to different addresses sent with one value: `format=json`, `locale=user`. */
  readonly steady: ReadonlySet<string>;
  /** What all requests of one address and operation were sent with. */
  readonly #always = new Map<string, ReadonlySet<string>>();
  readonly #pages: readonly Sample[];
  #forms: readonly ReadingForm[] | null = null;

  /** `samples`: all of the app, pages among them. */
  constructor(samples: readonly Sample[]) {
    for (const sample of samples) {
      if (sample.status >= 300 && sample.status !== 304) continue;
      const address = addressOf(sample);
      const names = new Set(namesIn(sample));
      this.#always.set(address, this.#always.get(address)?.intersection(names) ?? names);
    }
    this.#pages = samples.filter(({ answer }) => answer.kind === "html");
    this.steady = steadyNames(samples);
  }

  /** Names of query parameters and of members of the body; empty for a tool that changes something. */
  forTool(samples: readonly Sample[]): ReadonlySet<string> {
    if (!isReading(samples[0]!)) return new Set();
    const names = new Set(samples.flatMap(namesIn));
    const isList = samples.some(answersList);
    const isSearch = SEARCHING.test(words(subjectOf(samples[0]!)));
    const places = [...new Map(samples.map((one) => [addressOf(one), one])).values()];
    return new Set([...names].filter((name) => {
      const said = words(name);
      return DEFAULTED.test(said) || isList && FILTER.test(said) ||
        isList && !isSearch && LOOKED_FOR.test(said) ||
        places.some((sample) => this.#wasLeftOut(sample, name) || this.#isLeftEmpty(sample, name));
    }));
  }

  #wasLeftOut(sample: Sample, name: string): boolean {
    return this.#always.get(addressOf(sample))?.has(name) === false;
  }

  /** By a form that asks with a query: an empty text, the first option for all, a box that is not checked. */
  #isLeftEmpty({ url, method }: Sample, name: string): boolean {
    if (method !== "GET") return false;
    this.#forms ??= this.#pages.flatMap(readingForms);
    return this.#forms.some(({ target, form }) =>
      target.origin === url.origin && target.pathname === url.pathname &&
      form.inputs.some((input) =>
        input.name === name && input.required !== true && (!input.sent || input.value === "")
      )
    );
  }
}

function steadyNames(samples: readonly Sample[]): Set<string> {
  const sent = Map.groupBy(
    samples.flatMap((sample) => sample.query.map(([name, value]) => ({ name, value, sample }))),
    ({ name }) => name,
  );
  const found = [...sent].filter(([, uses]) =>
    uses.length >= MIN_STEADY_REQUESTS && new Set(uses.map(({ value }) => value)).size === 1 &&
    new Set(uses.map(({ sample }) => addressOf(sample))).size > 1
  );
  return new Set(found.map(([name]) => name));
}

interface ReadingForm {
  readonly target: URL;
  readonly form: HtmlForm;
}

function readingForms({ answer, url }: Sample): ReadingForm[] {
  const forms = answer.kind === "html" ? parseHtml(answer.text).forms : [];
  return forms.filter(({ method }) => method === "GET").flatMap((form) => {
    const target = parseUrl(form.action, url.href);
    return target === null ? [] : [{ target, form }];
  });
}

/** Answers of another kind come from another program: a page and its data may have one path. */
function addressOf({ method, url, call, answer }: Sample): string {
  return [method, url.origin + url.pathname, callKey(call), answer.kind].join("\n");
}

/** Whether the request asks for something, as far as its method or its name says. */
function isReading(sample: Sample): boolean {
  const { method, call } = sample;
  if (method === "GET" || method === "QUERY") return true;
  if (call?.kind === "graphql") return call.type === "query";
  const said = words(subjectOf(sample)).split(" ");
  return [said[0], said.at(-1)].some((word) => word !== undefined && READING.test(word));
}

/** What the request names: its operation, else the last word of its path. */
function subjectOf({ call, segments }: Sample): string {
  return call?.name ?? segments.findLast((segment) => segment !== "") ?? "";
}

function answersList({ answer }: Sample): boolean {
  if (answer.kind === "html") return true;
  if (answer.kind !== "json") return false;
  const { value } = answer;
  const inner = isRecord(value) ? [...Object.values(value), ...resultsIn(value)] : [];
  return Array.isArray(value) || inner.some(Array.isArray);
}

/** One level more, of an envelope: `{ result: { items: [] } }`. */
function resultsIn(value: Readonly<Record<string, unknown>>): unknown[] {
  return [value["result"], value["data"]].flatMap((one) => isRecord(one) ? Object.values(one) : []);
}

function namesIn({ query, body, call }: Sample): string[] {
  const ofQuery = query.map(([name]) => name);
  if (call?.kind === "graphql") return Object.keys(call.variables);
  if (call?.kind === "json-rpc") return isRecord(call.params) ? Object.keys(call.params) : [];
  if (body.kind === "form") return [...ofQuery, ...body.fields.map(([name]) => name)];
  return body.kind === "json" && isRecord(body.value)
    ? [...ofQuery, ...Object.keys(body.value)]
    : ofQuery;
}
