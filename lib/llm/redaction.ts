/**
 * What a model may see of a recording's values. A value is shown as it is only when all of its words are
 * harmless; every other one is opened as far as correlation opens values (percent-encoding, schemes,
 * URLs, form text, JSON, base64, JWT, joined parts) and what is found inside is named by placeholders.
 */
import { isRecord, type JsonValue, parseJson } from "../base/json.ts";
import { splitKnownScheme } from "../http/auth_scheme.ts";
import { utf8Text } from "../http/base64.ts";
import { base64Text, isOpaque, isUuid, timestampUnit } from "../http/opaque.ts";
import { decodeHtmlEntities } from "../http/html_entities.ts";
import { decodeJwt, jwtExpiresAtSec } from "../http/jwt.ts";
import { fragmentPairs, parseUrl, pathSegments, percentDecode, queryPairs } from "../http/url.ts";
import { EncodedText } from "../codec/encoded_text.ts";
import { EMAIL, lookOf, PHONE } from "./look.ts";
import { type Placeholder, type PlaceholderKind, Placeholders, written } from "./placeholders.ts";
import type { RecordedFacts, Typed } from "./recorded_facts.ts";
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
/** Shorter values are looked for as wholes only: they stand in much else by chance. */
const MIN_CONTAINED = 4;
const MIN_TELLING = 10;
/** A user's name of one letter stands before many an @. */
const MIN_ADDRESSED = 2;
/** Of what an encoded value holds, in UTF-16 units. */
const MAX_NOTE = 160;
/** A joined value of more parts is prose. */
const MAX_PARTS = 8;
const DAY_MS = 86_400_000;

export class Redaction {
  readonly placeholders = new Placeholders();
  readonly #facts: RecordedFacts;
  readonly #typed = new Map<string, Typed>();
  /** String literals of static scripts: constants of the client, unless an answer handed them out. */
  readonly #published = new Set<string>();
  readonly #names = new Map<string, string>();
  #sorted: { readonly seen: number; readonly values: readonly string[] } = { seen: 0, values: [] };

  constructor(facts: RecordedFacts) {
    this.#facts = facts;
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
    return NAME.test(text) && !isOpaque(text) && !this.#isPersonal(text) &&
      (text.match(/\d/g)?.length ?? 0) <= MAX_NAME_DIGITS &&
      (text.match(/[A-Z]?[a-z]+|[A-Z]+/g) ?? []).every(({ length }) => length <= MAX_NAME_WORD);
  }

  /** Scheme, host and names of parameters are shown, segments and values as values. */
  url(text: string, depth = 0): string {
    const base = "http://relative.invalid";
    const url = parseUrl(text, base);
    if (url === null) return this.#named(text);
    const origin = url.origin === base && !text.startsWith(base) ? "" : this.origin(url);
    const path = pathSegments(url).map((part) => this.show(part, "", depth + 1)).join("/");
    const pairs = (list: readonly (readonly [string, string])[]) =>
      list.map(([name, value]) => `${this.name(name)}=${this.show(value, name, depth + 1)}`).join(
        "&",
      );
    const query = queryPairs(url);
    const fragment = fragmentPairs(url);
    const plainFragment = fragment.length === 0 && url.hash.length > 1
      ? `#${this.show(url.hash.slice(1), "", depth + 1)}`
      : "";
    return `${origin}/${path}${query.length === 0 ? "" : `?${pairs(query)}`}${
      fragment.length === 0 ? plainFragment : `#${pairs(fragment)}`
    }`;
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

  /** As `url`, for one that stands in a script: what is not shown is a constant. */
  constantUrl(text: string): string {
    const url = parseUrl(text);
    if (url === null || url.username !== "" || text.includes("%")) return this.constant(text);
    if (text === url.origin) return this.origin(url);
    const part = (value: string) => value === "" ? "" : this.constant(value);
    const path = pathSegments(url).map(part).join("/");
    const query = queryPairs(url).map(([name, value]) => `${this.name(name)}=${part(value)}`).join(
      "&",
    );
    const tail = query === "" ? text.endsWith("?") ? "?" : "" : `?${query}`;
    const shown = `${this.origin(url)}/${path}${tail}`;
    return this.placeholders.fill(shown).source === text ? shown : this.constant(text);
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
    return this.placeholders.of(text, () => this.#describe(text));
  }

  #describe(text: string): { kind: PlaceholderKind; note: string } {
    const typed = this.#typed.get(text);
    if (typed?.kind === "other") return { kind: "secret", note: `unexplained, ${lookOf(text)}` };
    if (typed !== undefined) return { kind: typedKind(typed), note: "typed by the user" };
    const derived = this.#facts.derived.get(text);
    if (derived !== undefined) {
      return { kind: "secret", note: `${derived.op} of ${bare(this.#named(derived.from))}` };
    }
    if (this.#facts.constants.has(text)) return { kind: "constant", note: lookOf(text) };
    const jwt = decodeJwt(text);
    if (jwt !== null) return { kind: "jwt", note: this.#jwtNote(text) };
    if (EMAIL.test(text)) return { kind: "email", note: "" };
    if (PHONE.test(text)) return { kind: "phone", note: "" };
    if (isUuid(text)) return { kind: "uuid", note: "" };
    const owner = this.#addressBegunBy(text);
    if (owner !== undefined) return { kind: "user", note: `what stands before @ in ${owner}` };
    const inner = base64Text(text);
    if (inner !== undefined) return { kind: "base64", note: this.#innerNote(inner) };
    const ofHex = hexText(text);
    if (ofHex !== undefined) return { kind: "hex", note: this.#innerNote(ofHex) };
    if (this.#published.has(text)) return { kind: "constant", note: lookOf(text) };
    return { kind: isOpaque(text) ? "secret" : "text", note: lookOf(text) };
  }

  #jwtNote(token: string): string {
    const { payload } = decodeJwt(token)!;
    const issuedAt = payload["iat"];
    const fromSec = typeof issuedAt === "number" ? issuedAt : this.#facts.startedAtMs / 1000;
    const expires = jwtExpiresAtSec(token);
    const issuer = payload["iss"];
    return [
      ...(expires === undefined ? [] : [`exp=+${Math.round(expires - fromSec)}`]),
      ...(typeof issuer === "string" ? [`iss=${bare(this.show(issuer))}`] : []),
    ].join(" ");
  }

  /** What an encoded text holds, opened in its turn: `of: text#1 5 letters:number#1 4 digits:secret#3 32 hex`. */
  #innerNote(inner: string): string {
    const shown = bare(this.show(inner, "", MAX_DEPTH - 3));
    return shown.length > MAX_NOTE ? `of ${inner.length} characters` : `of: ${shown}`;
  }

  #addressBegunBy(text: string): string | undefined {
    const address = [...this.#typed.keys()].find((value) =>
      EMAIL.test(value) && value.slice(0, value.lastIndexOf("@")) === text
    );
    return address === undefined ? undefined : bare(this.#named(address));
  }

  #number(text: string, name: string): string {
    if (/^\d$/.test(text)) return text;
    if (LIFETIME.test(name) && Math.abs(Number(text)) < MAX_LIFETIME_SEC) return text;
    const unit = timestampUnit(text, this.#facts.startedAtMs, DAY_MS);
    return written(this.placeholders.of(text, () => {
      const described = this.#describe(text);
      if (described.kind === "constant") return described;
      if (unit === null) return { kind: "number", note: lookOf(text) };
      return { kind: "time", note: `${unit} ${this.#offset(text, unit)}` };
    }));
  }

  /** A moment as seconds after the start of the recording. */
  #offset(text: string, unit: "s" | "ms" | "iso"): string {
    const ms = unit === "s" ? Number(text) * 1000 : unit === "ms" ? Number(text) : Date.parse(text);
    const seconds = Math.round((ms - this.#facts.startedAtMs) / 1000);
    return `${seconds < 0 ? "" : "+"}${seconds}s`;
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
    const decodings = [
      ["url-encoded", percentDecode(text)],
      ["html-escaped", decodeHtmlEntities(text)],
      ["json-escaped", unescapeJson(text)],
    ] as const;
    for (const [encoding, decoded] of decodings) {
      if (decoded !== text) return marked(this.show(decoded, name, depth + 1), encoding);
    }
    return undefined;
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
    const unit = timestampUnit(text, this.#facts.startedAtMs, DAY_MS);
    if (unit !== "iso") return undefined;
    const note = `iso ${this.#offset(text, unit)}`;
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
      value.length >= MIN_ADDRESSED && this.#isUser(value) &&
      local.toLowerCase() === value.toLowerCase()
    );
    const shown = known === local
      ? this.#named(local)
      : known !== undefined
      ? marked(this.#named(known), "in another case")
      : this.#around(local, depth);
    return shown === undefined ? undefined : `${shown}@${this.show(domain, "", depth + 1)}`;
  }

  #isUser(value: string): boolean {
    return this.#typed.get(value)?.kind === "identifier";
  }

  #around(text: string, depth: number): string | undefined {
    for (const value of this.#containable()) {
      if (value.length >= text.length) continue;
      const at = text.indexOf(value);
      if (at < 0 || !isOpaque(value) && !isWordAt(text, at, value)) continue;
      return [
        this.show(text.slice(0, at), "", depth + 1),
        this.#named(value),
        this.show(text.slice(at + value.length), "", depth + 1),
      ].join("");
    }
    return undefined;
  }

  /** Values that are recognised inside others, the longest first. */
  #containable(): readonly string[] {
    const known = [...this.placeholders.all()].slice(this.#sorted.seen);
    if (known.length === 0) return this.#sorted.values;
    const added = known.filter(({ kind, value }) =>
      this.#typed.has(value)
        ? value.length >= MIN_CONTAINED
        : !["constant", "base64", "hex", "text"].includes(kind) && value.length >= MIN_TELLING &&
          isOpaque(value)
    );
    this.#sorted = {
      seen: this.#sorted.seen + known.length,
      values: [...this.#sorted.values, ...added.map(({ value }) => value)]
        .sort((a, b) => b.length - a.length),
    };
    return this.#sorted.values;
  }

  #isPersonal(text: string): boolean {
    return this.#facts.personal.some((personal) =>
      personal.isIn(text.toLowerCase()) ||
      personal.isIn(text)
    );
  }
}

function typedKind({ kind, value }: Typed): PlaceholderKind {
  if (kind === "one-time-code") return "code";
  if (kind !== "identifier") return "secret";
  return EMAIL.test(value) ? "email" : PHONE.test(value) ? "phone" : "user";
}

/** The text of placeholders without the marks around them, for use inside a note. */
function bare(text: string): string {
  return text.replace(/[‹›]/g, "");
}

/** One placeholder says how it is encoded; anything else is wrapped. */
function marked(shown: string, encoding: string): string {
  return /^‹[^‹›]*›$/.test(shown) ? `${shown.slice(0, -1)}, ${encoding}›` : `${encoding}(${shown})`;
}

function isWordAt(text: string, at: number, value: string): boolean {
  return !/[\p{L}\p{N}]/u.test(text[at - 1] ?? "") &&
    !/[\p{L}\p{N}]/u.test(text[at + value.length] ?? "");
}

/** The text whose UTF-8 the hex digits spell; `undefined` where they spell none that is legible. */
function hexText(text: string): string | undefined {
  if (text.length < 8 || text.length % 2 === 1 || !/^[0-9a-f]+$/i.test(text)) return undefined;
  const inner = utf8Text(Uint8Array.fromHex(text));
  return inner !== undefined && /^[\x20-\x7e]+$/.test(inner) ? inner : undefined;
}

function unescapeJson(text: string): string {
  if (!text.includes("\\")) return text;
  const value = parseJson(`"${text}"`);
  return typeof value === "string" ? value : text;
}
