/**
 * Provenance: the earliest earlier response that holds a value, and how to take it from there.
 *
 * Looking every value up in every response would cost values × bytes. Instead the values that matter
 * are known beforehand; each leaves a fingerprint, its longest run of letters and digits, which survives
 * URL-, HTML- and JSON-escaping. One pass over all responses notes where each fingerprint occurs;
 * only those responses are then taken apart.
 */
import { isRecord, type JsonValue, parseJson } from "../base/json.ts";
import { base64Decode } from "../http/base64.ts";
import { decodeJwt } from "../http/jwt.ts";
import { stripJsonGuard } from "../http/body.ts";
import type { FormInput, HtmlPage } from "../http/html.ts";
import { formActionUrl } from "../http/html.ts";
import { fragmentPairs, parseUrl, queryPairs } from "../http/url.ts";
import { boundaryLocator } from "./boundary.ts";
import type { Locator, Opener } from "./flow.ts";
import { Fingerprints, MIN_FINGERPRINT } from "./fingerprints.ts";
import type { JsonPath } from "./leaves.ts";
import { isMadeUpPage } from "./lost_pages.ts";
import type { Message, Recording } from "./recording.ts";
import { isOpaque } from "../http/opaque.ts";
import { stepValues } from "./wanted.ts";

/** Where a value comes from. */
export interface Source {
  /** Index of the message whose response holds it. */
  readonly index: number;
  readonly locator: Locator;
  readonly openers: readonly Opener[];
}

const encoder = new TextEncoder();

/** Nested encodings opened at most: a cookie holding URL-encoded JSON holding a JWT is three. */
const MAX_DEPTH = 4;

/** One pass over the responses before `until`, and over all scripts, which hold constants. */
interface Pass {
  readonly prints: Fingerprints;
  readonly until: number;
}

export class Provenance {
  readonly #recording: Recording;
  readonly #passes: Pass[] = [];
  readonly #found = new Map<string, Source | null>();
  readonly #covered = new Set<number>();

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  /** Lets every value of these requests be found in what came before them. */
  cover(requests: readonly Message[]): void {
    const uncovered = requests.filter(({ index }) => !this.#covered.has(index));
    for (const { index } of uncovered) this.#covered.add(index);
    const last = uncovered.at(-1);
    if (last !== undefined) this.lookFor(stepValues(uncovered), last.index);
  }

  /** Lets the values be found in the responses before `until`, and in all scripts. */
  lookFor(values: Iterable<string>, until = Infinity): void {
    const prints = new Fingerprints();
    for (const value of values) {
      const print = fingerprint(value);
      if (print !== null && !this.#isKnown(print, until)) prints.want(print);
    }
    if (prints.size === 0) return;
    this.#passes.push({ prints, until });
    for (const message of this.#recording.messages) {
      if (message.index < until || message.isScriptOrStyle) scan(message, prints);
    }
  }

  #isKnown(print: string, until: number): boolean {
    return this.#passes.some((pass) =>
      pass.until >= until && pass.prints.places(print) !== undefined
    );
  }

  /** The earliest response before `before` that holds the value; `null` when none does. */
  find(
    value: string,
    before: number,
    accept: (index: number) => boolean = () => true,
  ): Source | null {
    for (const index of this.#candidates(value)) {
      if (index >= before) break;
      if (!accept(index)) continue;
      const source = this.in(value, index);
      if (source !== null) return source;
    }
    return null;
  }

  /** How to take the value from this one response; `null` when it is not there. */
  in(value: string, index: number): Source | null {
    const key = `${index}\0${value}`;
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    const source = locate(this.#recording.at(index), value);
    this.#found.set(key, source);
    return source;
  }

  /** Of the pass that read the most. */
  #candidates(value: string): readonly number[] {
    const print = fingerprint(value);
    if (print === null) return [];
    const passes = this.#passes.filter(({ prints }) => prints.places(print) !== undefined);
    const best = passes.reduce<Pass | null>(
      (held, pass) => held === null || pass.until > held.until ? pass : held,
      null,
    );
    return best?.prints.places(print) ?? [];
  }
}

function scan(message: Message, prints: Fingerprints): void {
  if (message.trace.response === null) return;
  const lines = message.trace.response.headers.filter(([name]) =>
    !/^(date|server|content-security-policy|vary|etag|report-to|nel)$/i.test(name)
  );
  prints.note(encoder.encode(lines.map(([, value]) => value).join("\n")), message.index);
  const bytes = message.responseBytes;
  if (bytes !== null) prints.note(bytes, message.index);
}

/** The longest run of letters and digits; `null` when all runs are too short. */
export function fingerprint(value: string): string | null {
  let longest = "";
  for (const run of value.match(/[A-Za-z0-9]+/g) ?? []) {
    if (run.length > longest.length) longest = run;
  }
  return longest.length >= MIN_FINGERPRINT ? longest : null;
}

/** Where in this response the value stands; structured places first, raw text last. */
function locate(message: Message, value: string): Source | null {
  for (const [locator, text] of locatedTexts(message)) {
    const openers = openTo(text, value, 0);
    if (openers !== null) return { index: message.index, locator, openers };
  }
  const raw = boundaryLocator(message.responseText, value);
  return raw === null ? null : { index: message.index, ...raw };
}

function* locatedTexts(message: Message): Generator<readonly [Locator, string]> {
  const response = message.trace.response;
  if (response === null) return;
  for (const cookie of message.setCookies) {
    if (cookie.value !== "") yield [{ kind: "cookie", name: cookie.name }, cookie.value];
  }
  yield* locatedRedirect(message);
  for (const [name, text] of response.headers) {
    if (!/^(set-cookie|location|date|etag|content-type|content-length)$/i.test(name)) {
      yield [{ kind: "header", name: name.toLowerCase() }, text];
    }
  }
  const body = message.responseBody;
  if (body.kind === "json") {
    for (const [path, text] of jsonTexts(body.value, [])) yield [{ kind: "json", path }, text];
  } else if (message.page !== null) {
    yield* locatedInPage(message.page, message.url.href, isMadeUpPage(message.responseText));
  } else if (body.kind === "text" && body.text.length <= 4096) {
    yield [{ kind: "body" }, body.text.trim()];
  }
}

function* locatedRedirect(message: Message): Generator<readonly [Locator, string]> {
  const target = message.location;
  if (target === null) return;
  for (const [name, text] of queryPairs(target)) {
    yield [{ kind: "location-param", part: "query", name }, text];
  }
  for (const [name, text] of fragmentPairs(target)) {
    yield [{ kind: "location-param", part: "fragment", name }, text];
  }
  yield [{ kind: "location" }, target.href];
}

/** `isMadeUp`: nothing shows how many forms the real page has. */
function* locatedInPage(
  page: HtmlPage,
  pageUrl: string,
  isMadeUp: boolean,
): Generator<readonly [Locator, string]> {
  for (const [index, form] of page.forms.entries()) {
    for (const input of firstOfName(form.inputs)) {
      yield [{ kind: "form-field", form: isMadeUp ? null : index, name: input.name }, input.value];
    }
    yield [{ kind: "form-action", form: index }, formActionUrl(page, form, pageUrl)];
  }
  const metas = new Set<string>();
  for (const [name, content] of page.metas) {
    if (!metas.has(name)) yield [{ kind: "meta", name }, content];
    metas.add(name);
  }
  const tags = new Set<string>();
  for (const { tag, attributes } of page.elements) {
    const isFirst = !tags.has(tag);
    tags.add(tag);
    const selector = attributes["id"] !== undefined ? `#${attributes["id"]}` : tag;
    if (attributes["id"] === undefined && !isFirst) continue;
    for (const [attribute, text] of Object.entries(attributes)) {
      if (attribute !== "id" && attribute !== "class" && attribute !== "style") {
        yield [{ kind: "attribute", selector, attribute }, text];
      }
    }
  }
}

/** A locator names the first field of a name, so only that one may be offered. */
function firstOfName(inputs: readonly FormInput[]): FormInput[] {
  const seen = new Set<string>();
  return inputs.filter((input) => !seen.has(input.name) && seen.add(input.name));
}

function* jsonTexts(value: JsonValue, path: JsonPath): Generator<readonly [JsonPath, string]> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* jsonTexts(item, [...path, index]);
  } else if (isRecord(value)) {
    for (const [key, item] of Object.entries(value)) {
      yield* jsonTexts(item as JsonValue, [...path, key]);
    }
  } else if (value !== null) {
    yield [path, String(value)];
  }
}

/** The openers that lead from a text to the value inside it; `null` when there are none. */
export function openTo(text: string, value: string, depth: number): Opener[] | null {
  if (text === value) return [];
  if (depth >= MAX_DEPTH || text.length < 4) return null;
  return openParameter(text, value) ?? openEncoded(text, value, depth) ??
    openJson(text, value, depth) ?? openAffixed(text, value);
}

function openEncoded(text: string, value: string, depth: number): Opener[] | null {
  if (/%[0-9A-Fa-f]{2}/.test(text)) {
    const inner = decoded(text);
    const rest = inner === undefined ? null : openTo(inner, value, depth + 1);
    if (rest !== null) return [{ kind: "url-decode" }, ...rest];
  }
  if (decodeJwt(text) !== null) {
    const payload = base64Decode(text.split(".")[1]!)!;
    const rest = openJson(payload, value, depth + 1);
    return rest === null ? null : [{ kind: "jwt-payload" }, ...rest];
  }
  if (/^(eyJ|W3s|WyJ|[A-Za-z0-9+/]{8,}={0,2}$)/.test(text)) {
    const inner = base64Decode(text);
    const rest = inner === undefined || inner === "" ? null : openTo(inner, value, depth + 1);
    if (rest !== null) return [{ kind: "base64-decode" }, ...rest];
  }
  return null;
}

function openJson(text: string, value: string, depth: number): Opener[] | null {
  const trimmed = stripJsonGuard(text.trim());
  if (!/^[[{"]/.test(trimmed)) return null;
  const json = parseJson(trimmed);
  if (json === undefined || json === null) return null;
  for (const [path, leaf] of jsonTexts(json, [])) {
    const rest = openTo(leaf, value, depth + 1);
    if (rest !== null) return [{ kind: "json", path }, ...rest];
  }
  return null;
}

/** A parameter of a URL, or of form-encoded text. */
function openParameter(text: string, value: string): Opener[] | null {
  if (!text.includes("=")) return null;
  const url = parseUrl(text);
  const relative = text.startsWith("/") ? parseUrl(text, "http://base.invalid") : null;
  const pairs = url ?? relative
    ? [...queryPairs((url ?? relative)!), ...fragmentPairs((url ?? relative)!)]
    : /^[^\s<>"{}]+$/.test(text)
    ? [...new URLSearchParams(text)]
    : [];
  const named = pairs.find(([name, candidate]) => candidate === value && name !== "");
  if (named === undefined) return null;
  const first = pairs.find(([name]) => name === named[0]);
  return first?.[1] === value ? [{ kind: "param", name: named[0] }] : null;
}

/**
 * The value between a fixed beginning and a fixed end: `Bearer …`, `/reset/…/confirm`. The
 * surroundings must hold nothing that changes by session, so they are kept to plain words.
 */
function openAffixed(text: string, value: string): Opener[] | null {
  if (text.length > value.length + 160 || value.length < 4) return null;
  const at = text.indexOf(value);
  if (at < 0 || text.indexOf(value, at + 1) >= 0) return null;
  const prefix = text.slice(0, at);
  const suffix = text.slice(at + value.length);
  const changing = /[A-Za-z0-9]$/.test(prefix) && /^[A-Za-z0-9]/.test(value) ||
    /^[A-Za-z0-9]/.test(suffix) && /[A-Za-z0-9]$/.test(value) || /\d{3}/.test(prefix + suffix) ||
    `${prefix} ${suffix}`.split(/[^A-Za-z0-9_-]+/).some(isOpaque);
  return changing && !isUrlText(text) ? null : [{ kind: "strip", prefix, suffix }];
}

function isUrlText(text: string): boolean {
  return /^(https?:\/\/|\/)/.test(text);
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
