/**
 * Redaction by value: whatever is registered here is masked in every text that leaves the tool, in
 * its plain, URL-encoded, form-encoded, JSON-escaped, HTML-escaped, hexadecimal and base64 forms, in UTF-8 and UTF-16,
 * written backwards, inside whatever is base64 (`user:password`, the payload of a JWT), with any of its characters escaped,
 * once or again, as mail breaks and quotes it, and as `escapeForeignText()` shows it.
 */
import { encodedRuns, type TextRange } from "./encoded_runs.ts";
import { escapeForeignText } from "./foreign_text.ts";
import { unescapedLayers } from "./unescaped.ts";

/** Values shorter than this are not masked inside of texts: masking `a` would destroy every message. In UTF-16 units. */
const MIN_SECRET_LENGTH = 4;

export const MASK = "‹secret›";

/** The forms in which a secret is likely to appear inside other text. Longest first. */
export function encodedForms(secret: string): string[] {
  const bytes = new TextEncoder().encode(secret);
  const base64 = [bytes.toBase64(), ...innerBase64(bytes)];
  const uri = encodeURIComponent(secret.toWellFormed());
  const json = JSON.stringify(secret).slice(1, -1);
  const forms = new Set([
    secret,
    escapeForeignText(secret),
    uri,
    uri.replace(/%../g, (octet) => octet.toLowerCase()),
    uri.replaceAll("%20", "+"),
    new URLSearchParams([["", secret]]).toString().slice(1),
    json,
    json.replaceAll("/", "\\/"),
    json.replace(MARKS, jsonEscape),
    json.replace(MARKS, (mark) => jsonEscape(mark).toUpperCase().replace("U", "u")),
    secret.replace(/[&<>"']/g, (mark) => HTML_NAMES[mark]!),
    secret.replace(MARKS, (mark) => `&#${mark.charCodeAt(0)};`),
    secret.replace(MARKS, (mark) => `&#x${mark.charCodeAt(0).toString(16)};`),
    bytes.toHex(),
    bytes.toHex().toUpperCase(),
    ...secret.length <= MAX_SPELLED_LENGTH ? spelledForms(secret, bytes) : [],
    ...base64,
    ...base64.map((text) => text.replaceAll("=", "")),
    ...base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")),
  ]);
  return [...forms].sort((a, b) => b.length - a.length);
}

/** Of longer values, tokens, a day's many would take more room than they are worth. In UTF-16 units. */
const MAX_SPELLED_LENGTH = 256;

/** Backwards, as other systems compose its letters or misread its bytes, in UTF-16, and octet by octet. */
function spelledForms(secret: string, bytes: Uint8Array): string[] {
  return [
    [...secret].reverse().join(""),
    secret.normalize("NFC"),
    secret.normalize("NFD"),
    asLatin1(bytes),
    ...hostNames(secret),
    ...octetForms(bytes),
    ...utf16Orders(secret).flatMap((units) => [
      asLatin1(units),
      ...octetForms(units),
      ...innerBase64(units),
    ]),
  ];
}

/** As a reader sees it that takes each octet for a character of ISO 8859-1. */
function asLatin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** In hexadecimal, written together and apart, and as the numbers of an array. */
function octetForms(bytes: Uint8Array): string[] {
  const octets = [...bytes].map((octet) => octet.toString(16).padStart(2, "0"));
  const written = ["", " ", ":"].map((between) => octets.join(between));
  return [...written, ...written.map((text) => text.toUpperCase()), bytes.join(",")];
}

/** Its bytes in UTF-16, the lower one of each unit first and the higher one first. */
function utf16Orders(secret: string): Uint8Array[] {
  const orders = [true, false].map((isLittle) => {
    const view = new DataView(new ArrayBuffer(secret.length * 2));
    for (let at = 0; at < secret.length; at++) {
      view.setUint16(at * 2, secret.charCodeAt(at), isLittle);
    }
    return view;
  });
  return orders.map(({ buffer }) => new Uint8Array(buffer));
}

/** As a host is called in ASCII (RFC 3492), where the secret could be one. */
function hostNames(secret: string): string[] {
  const name = /[^\0-\x7f]/.test(secret) ? URL.parse(`http://${secret}/`)?.hostname ?? "" : "";
  return name.includes("xn--") ? [name] : [];
}

/** What encoders write as `\u0026`, `&#38;` and the like although they need not. */
const MARKS = /[&<>'+/=]/g;

const HTML_NAMES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function jsonEscape(mark: string): string {
  return `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Shorter pieces of base64 occur in other base64 by chance. */
const MIN_INNER_LENGTH = 8;

/** How the bytes look inside the base64 of a longer text (`user:password`), without what its neighbours share. */
function innerBase64(bytes: Uint8Array): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const start = (3 - offset) % 3;
    const whole = bytes.subarray(start, bytes.length - (bytes.length - start) % 3);
    const text = whole.toBase64();
    return text.length >= MIN_INNER_LENGTH ? [text] : [];
  });
}

/** Without one of these a text has no escapes that are worth reading within base64. */
const ESCAPES = /[\\%&]/;

/** Forms that are looked for one after the other; of more, only those that begin as the text does. */
const FEW_FORMS = 128;

function longForms(secret: string): string[] {
  return encodedForms(secret).filter((form) => form.length >= MIN_SECRET_LENGTH);
}

export class Redactor {
  readonly #forms = new Set<string>();
  /** By their first characters: a server sees thousands of tokens in a day, and its last call is to be as fast as its first. */
  readonly #byStart = new Map<number, string[]>();
  #shortestForm = Infinity;
  /** Too short to be masked inside of anything. */
  readonly #short = new Set<string>();
  readonly #lasting = new Set<string>();
  /** Values that others take the place of, with their forms; what was used last is last. */
  readonly #passing = new Map<string, readonly string[]>();
  /** Of the forms that are masked for such a value alone: for the latest that has them. */
  readonly #passingOf = new Map<string, string>();
  #lastUsed: string | null = null;
  readonly #maxPassing: number;

  /** `maxPassing`: of the values of `addPassing` that are masked. Nobody uses so many at the same time. */
  constructor(maxPassing = 1_000) {
    this.#maxPassing = maxPassing;
  }

  /** Registers a value to be masked from now on. Values under four characters are masked as a whole text alone. */
  add(secret: string | null | undefined): void {
    if (typeof secret !== "string" || secret === "" || this.#lasting.has(secret)) return;
    if (secret.length < MIN_SECRET_LENGTH) return void this.#short.add(secret);
    this.#lasting.add(secret);
    this.#passing.delete(secret);
    for (const form of longForms(secret)) {
      this.#passingOf.delete(form);
      if (!this.#forms.has(form)) this.#addForm(form);
    }
  }

  /**
   * As `add`, for tokens that live for minutes: a server renews them as long as it runs, and masks the last
   * thousand that were used. To be called with each use.
   */
  addPassing(secret: string | null | undefined): void {
    if (typeof secret !== "string" || secret.length < MIN_SECRET_LENGTH) return this.add(secret);
    if (this.#lasting.has(secret) || secret === this.#lastUsed) return;
    const forms = (this.#passing.get(secret) ?? longForms(secret))
      .filter((form) => !this.#forms.has(form) || this.#passingOf.has(form));
    this.#passing.delete(secret);
    this.#passing.set(secret, forms);
    this.#lastUsed = secret;
    for (const form of forms) {
      this.#passingOf.set(form, secret);
      if (!this.#forms.has(form)) this.#addForm(form);
    }
    if (this.#passing.size > this.#maxPassing) this.#dropOldest();
  }

  #dropOldest(): void {
    const [secret, forms] = this.#passing.entries().next().value!;
    this.#passing.delete(secret);
    for (const form of forms.filter((one) => this.#passingOf.get(one) === secret)) {
      this.#passingOf.delete(form);
      this.#forms.delete(form);
      const start = startKey(form, 0);
      const others = this.#byStart.get(start)!.filter((other) => other !== form);
      if (others.length > 0) this.#byStart.set(start, others);
      else this.#byStart.delete(start);
    }
  }

  #addForm(form: string): void {
    this.#forms.add(form);
    this.#shortestForm = Math.min(this.#shortestForm, form.length);
    const start = startKey(form, 0);
    const alike = this.#byStart.get(start);
    if (alike === undefined) this.#byStart.set(start, [form]);
    else alike.push(form);
  }

  /**
   * The text with every registered value masked. Where values overlap, or one stands inside an encoding, all of
   * it is masked: what is left of an edge would tell a part of it.
   */
  redact(text: string): string {
    if (this.#short.has(text)) return MASK;
    if (this.#forms.size === 0) return text;
    const ranges = [...this.#placesIn(text)];
    for (const layer of unescapedLayers(text)) {
      for (const range of this.#placesIn(layer.text)) ranges.push(layer.original(range));
    }
    return ranges.length === 0 ? text : masked(text, ranges);
  }

  *#placesIn(text: string): Generator<TextRange> {
    yield* this.#places(text);
    yield* encodedRuns(text, (inner) => this.#isHeldBy(inner), this.#shortestForm);
  }

  /** What is base64 may be escaped within, once: encoders of JSON write `&` as `\u0026`, or every letter beyond ASCII so. */
  #isHeldBy(text: string): boolean {
    const holds = (inner: string) => this.#places(inner).next().done !== true;
    return holds(text) ||
      ESCAPES.test(text) && unescapedLayers(text).take(1).some((one) => holds(one.text));
  }

  *#places(text: string): Generator<TextRange> {
    if (this.#forms.size > FEW_FORMS) return yield* this.#placesByStart(text);
    for (const form of this.#forms) {
      for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) {
        yield { start: at, end: at + form.length };
      }
    }
  }

  *#placesByStart(text: string): Generator<TextRange> {
    for (let at = 0; at + MIN_SECRET_LENGTH <= text.length; at++) {
      for (const form of this.#byStart.get(startKey(text, at)) ?? []) {
        if (text.startsWith(form, at)) yield { start: at, end: at + form.length };
      }
    }
  }
}

/** Of the four characters at a place: equal for equal ones, and seldom for others. */
function startKey(text: string, at: number): number {
  return text.charCodeAt(at) ^ text.charCodeAt(at + 1) << 8 ^ text.charCodeAt(at + 2) << 16 ^
    text.charCodeAt(at + 3) << 24;
}

/** Ranges that overlap are one; those that only touch are as many values. */
function masked(text: string, ranges: readonly TextRange[]): string {
  const ordered = ranges.toSorted((a, b) => a.start - b.start || b.end - a.end);
  let result = "";
  let end = 0;
  for (const range of ordered) {
    if (range.start >= end) result += text.slice(end, range.start) + MASK;
    end = Math.max(end, range.end);
  }
  return result + text.slice(end);
}
