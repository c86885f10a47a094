/**
 * What a model may see of a recording's values. A value is shown as it is only when all of its words are
 * harmless; every other one is opened as far as correlation opens values (percent-encoding, schemes,
 * URLs, form text, JSON, base64, JWT, joined parts) and what is found inside is named by placeholders.
 */
import { isRecord, type JsonValue, parseJson } from "../base/json.ts";
import { splitKnownScheme } from "../http/auth_scheme.ts";
import { base64Text, isOpaque, isUuid } from "../http/opaque.ts";
import { decodeJwt } from "../http/jwt.ts";
import { EncodedText } from "../codec/encoded_text.ts";
import { ContainedValues, MIN_CONTAINED } from "./contained_values.ts";
import { decodedText, marked } from "./decoded_text.ts";
import { EMAIL, lookOf } from "./look.ts";
import { momentNote } from "./moment_note.ts";
import { type Placeholder, Placeholders, written } from "./placeholders.ts";
import type { RecordedFacts, Typed } from "./recorded_facts.ts";
import type { RecordedTexts } from "./recorded_texts.ts";
import { shownUrl } from "./shown_url.ts";
import { describeValue, type KnownOfValues } from "./value_description.ts";
import { isHarmless } from "./vocabulary.ts";

const NUMBER = /^-?\d+(?:\.\d+)?$/;
/** Members and attributes that say how long something lasts; their numbers are no secrets. */
const LIFETIME = /^(expires?|expires?_?in|max-?age|ttl|lifetime|valid_?for|interval|timeout)$/i;
const MAX_LIFETIME_SEC = 1e9;
const NAME = /^[@$:_.-]{0,3}\p{L}[\p{L}\p{M}\w.$:[\]-]{0,63}$/u;
/** No name that a person gave to a field is longer, or has more digits. */
const MAX_NAME_WORD = 24;
const MAX_NAME_DIGITS = 3;
/** Encodings inside one another that are opened. */
const MAX_DEPTH = 6;
/** A user's name of one letter stands before many an @. */
const MIN_ADDRESSED = 2;
/** A joined value of more parts is prose. */
const MAX_PARTS = 8;

export class Redaction {
  readonly placeholders = new Placeholders();
  readonly texts: RecordedTexts;
  readonly #facts: RecordedFacts;
  readonly #typed = new Map<string, Typed>();
  /** String literals of static scripts: constants of the client, unless an answer handed them out. */
  readonly #published = new Set<string>();
  readonly #names = new Map<string, string>();
  readonly #contained = new ContainedValues(this.placeholders, (value) => this.#typed.has(value));
  readonly #knownOf: KnownOfValues;

  constructor(facts: RecordedFacts) {
    this.#facts = facts;
    this.texts = facts.texts;
    this.#knownOf = {
      facts,
      typed: this.#typed,
      published: this.#published,
      named: (value) => this.#named(value),
      shown: (value) => this.show(value, "", MAX_DEPTH - 3),
    };
    for (const typed of facts.typed) this.addTyped(typed);
  }

  /** From now on the value is known as typed: what a person answers to the prompts of a login. */
  addTyped(typed: Typed): void {
    if (typed.value === "" || this.#typed.has(typed.value)) return;
    this.#typed.set(typed.value, typed);
    this.#names.clear();
    this.#place(typed.value);
  }

  /** Says that a text stands in a script that everybody is served. */
  publish(value: string): void {
    this.#published.add(value);
  }

  /** A value in full or as placeholders; `name` is that of its field. */
  show(text: string, name = "", depth = 0): string {
    const trimmed = text.trim();
    if (trimmed === "") return "";
    const known = this.#known(text) ?? this.#known(trimmed);
    if (known !== undefined) return known;
    if (isHarmless(trimmed)) return trimmed;
    if (NUMBER.test(trimmed)) return this.#number(trimmed, name);
    if (depth >= MAX_DEPTH) return this.#named(trimmed);
    return this.#opened(trimmed, name, depth) ?? this.#composed(trimmed, depth) ??
      this.#named(trimmed);
  }

  /** As `show`, for JSON data; member names are names. */
  json(value: JsonValue, name = ""): JsonValue {
    if (typeof value === "string") return this.show(value, name);
    if (typeof value === "number") return this.#jsonNumber(value, name);
    if (Array.isArray(value)) return value.map((item: JsonValue) => this.json(item, name));
    if (!isRecord(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map((
        [key, item],
      ) => [this.name(key), this.json(item as JsonValue, key)]),
    );
  }

  /** The name of a field, header, cookie or member: shown unless it holds a value. */
  name(text: string): string {
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    const shown = this.showsName(text) ? text : this.show(text);
    this.#names.set(text, shown);
    return shown;
  }

  /** True for a name that holds no value. */
  showsName(text: string): boolean {
    if (text === "" || isHarmless(text)) return true;
    return NAME.test(text) && !isOpaque(text) && base64Text(text) === undefined &&
      !this.#isPersonal(text) &&
      (text.match(/\d/g)?.length ?? 0) <= MAX_NAME_DIGITS &&
      (text.match(/[A-Z]?[a-z]+|[A-Z]+/g) ?? []).every(({ length }) => length <= MAX_NAME_WORD);
  }

  /** True for what a header, a parameter, a cookie or a member of the recording is called. */
  isNamedInRequests(text: string): boolean {
    return this.#facts.names.has(text.toLowerCase());
  }

  /** A segment of a path: a value, unless the application's own files spell it. */
  segment(text: string, depth: number): string {
    return this.#facts.published.has(text) && this.showsName(text)
      ? text
      : this.show(text, "", depth);
  }

  /** Scheme, host and names of parameters are shown, segments and values as values. */
  url(text: string, depth = 0): string {
    return shownUrl(this, text, depth) ?? this.#named(text);
  }

  /** Hosts are what a login is about; a label that holds a value is hidden. */
  origin(url: URL): string {
    const labels = url.hostname.split(".").map((label) =>
      isOpaque(label) || this.#isPersonal(label) ? this.show(label) : label
    );
    const user = url.username === ""
      ? ""
      : `${this.show(url.username)}:${this.show(url.password)}@`;
    return `${url.protocol}//${user}${labels.join(".")}${url.port === "" ? "" : `:${url.port}`}`;
  }

  /** A constant of the client as it may stand in a script. */
  constant(value: string): string {
    if (value === "" || this.#typed.has(value)) return this.show(value);
    return isHarmless(value) ? value : written(this.placeholders.of(value, () => ({
      kind: "constant",
      note: lookOf(value),
    })));
  }

  /** The text with typed values named, however they are written in it, but for those that may stand. */
  maskTyped(text: string, mayStand: (value: string) => boolean = () => false): string {
    let masked = text;
    for (const value of [...this.#typed.keys()].sort((a, b) => b.length - a.length)) {
      if (value.length < MIN_CONTAINED || mayStand(value)) continue;
      masked = new EncodedText(value).maskIn(masked, this.#named(value));
    }
    return masked;
  }

  /** The placeholder that a value has already; none is made. */
  knownAs(value: string): string | undefined {
    const placeholder = this.placeholders.known(value);
    return placeholder === undefined ? undefined : written(placeholder);
  }

  /** The value a model means by a text: that of the placeholder, or the text itself. */
  meant(text: string): string {
    return this.placeholders.named(text)?.value ?? text;
  }

  #known(text: string): string | undefined {
    const typed = this.#typed.has(text) || this.#facts.derived.has(text);
    const placeholder = typed ? this.#place(text) : this.placeholders.known(text);
    return placeholder === undefined ? undefined : written(placeholder);
  }

  #named(text: string): string {
    return written(this.#place(text));
  }

  #place(text: string): Placeholder {
    return this.placeholders.of(text, () => describeValue(text, this.#knownOf));
  }

  #number(text: string, name: string): string {
    if (/^\d$/.test(text)) return text;
    if (LIFETIME.test(name) && Math.abs(Number(text)) < MAX_LIFETIME_SEC) return text;
    return written(this.placeholders.of(text, () => {
      const described = describeValue(text, this.#knownOf);
      if (described.kind === "constant") return described;
      const note = momentNote(text, this.#facts.startedAtMs);
      return note === null ? { kind: "number", note: lookOf(text) } : { kind: "time", note };
    }));
  }

  #jsonNumber(value: number, name: string): JsonValue {
    const shown = this.show(String(value), name);
    return shown === String(value) ? value : shown;
  }

  /** What an encoded or structured value holds; `undefined` when it is neither. */
  #opened(text: string, name: string, depth: number): string | undefined {
    return this.#structured(text, depth) ?? this.#decoded(text, name, depth) ??
      this.#withScheme(text, depth) ?? this.#moment(text);
  }

  #decoded(text: string, name: string, depth: number): string | undefined {
    const found = decodedText(text);
    return found && marked(this.show(found.decoded, name, depth + 1), found.encoding);
  }

  #structured(text: string, depth: number): string | undefined {
    if (/^https?:\/\/|^\/(?!.*[+=]$)\S*$/i.test(text)) {
      return this.url(text, depth);
    }
    if (/^[[{]/.test(text)) {
      const value = parseJson(text);
      if (value !== undefined && value !== null) return JSON.stringify(this.json(value));
    }
    const isForm = /^[\w.[\]-]+=\S*$/.test(text) &&
      !/^[^=]+={1,2}$/.test(text);
    if (!isForm) return undefined;
    return [...new URLSearchParams(text)].map(([key, value]) =>
      `${this.name(key)}=${this.show(value, key, depth + 1)}`
    ).join("&");
  }

  #withScheme(text: string, depth: number): string | undefined {
    const split = splitKnownScheme(text);
    if (split !== null) return split.prefix + this.show(split.credentials, "", depth + 1);
    const quoted = /^"(.*)"$/s.exec(text)?.[1];
    return quoted === undefined ? undefined : `"${this.show(quoted, "", depth + 1)}"`;
  }

  #moment(text: string): string | undefined {
    const note = momentNote(text, this.#facts.startedAtMs);
    if (note?.startsWith("iso") !== true) return undefined;
    return written(this.placeholders.of(text, () => ({ kind: "time", note })));
  }

  /** Values that are known stand inside, or several values are joined by separators. */
  #composed(text: string, depth: number): string | undefined {
    if (decodeJwt(text) !== null || isUuid(text)) return undefined;
    if (EMAIL.test(text)) return this.#address(text, depth);
    const inside = this.#around(text, depth);
    if (inside !== undefined) return inside;
    const parts = text.split(/([\s,;:|]+)/);
    if (parts.length < 3 || parts.length > MAX_PARTS * 2 || base64Text(text) !== undefined) {
      return undefined;
    }
    return parts.map((part, index) => index % 2 === 1 ? part : this.show(part, "", depth + 1)).join(
      "",
    );
  }

  /** An address that is made of what somebody typed: `‹user#1 typed by the user›@‹text#2 12 characters›`. */
  #address(text: string, depth: number): string | undefined {
    const at = text.lastIndexOf("@");
    const [local, domain] = [text.slice(0, at), text.slice(at + 1)];
    const known = [...this.#typed.keys()].find((value) =>
      value.length >= MIN_ADDRESSED && this.#typed.get(value)?.kind === "identifier" &&
      local.toLowerCase() === value.toLowerCase()
    );
    const shown = known === local
      ? this.#named(local)
      : known !== undefined
      ? marked(this.#named(known), "in another case")
      : this.#around(local, depth);
    return shown === undefined ? undefined : `${shown}@${this.show(domain, "", depth + 1)}`;
  }

  #around(text: string, depth: number): string | undefined {
    const found = this.#contained.within(text);
    return found === undefined ? undefined : [
      this.show(text.slice(0, found.at), "", depth + 1),
      this.#named(found.value),
      this.show(text.slice(found.at + found.value.length), "", depth + 1),
    ].join("");
  }

  #isPersonal(text: string): boolean {
    const spellings = [text.toLowerCase(), text];
    return this.#facts.personal.some((one) => spellings.some((spelling) => one.isIn(spelling)));
  }
}
