/**
 * What stands in a replay for each recorded value: the substitution map.
 *
 * A value the server minted gets a new one of the same shape, made when it is first needed; a
 * credential gets the invented one; what the client itself makes up or computes is learnt from the
 * script's requests. A value that holds others (a JWT with the user's id, base64 of JSON, a URL)
 * is rebuilt around the new ones. The same recorded value always has the same new one.
 */
import { isRecord, parseJson } from "../base/json.ts";
import { percentDecode } from "../http/url.ts";
import { AnchoredValues } from "./anchored_values.ts";
import type { RandomSource } from "./random_source.ts";
import { EncodedText, spliced, type TextContext } from "../codec/encoded_text.ts";
import { type JsonPath, type JsonPrimitive, rewriteJsonLeaves } from "../codec/json_text.ts";
import { mintDotted, mintLike } from "./mint.ts";
import { isPlace } from "./place_text.ts";
import { asModulus, mintExponent, mintPublicKey } from "./mint_key.ts";
import { shiftLeaf, shiftText, type TimeShift } from "./times.ts";

/** Shorter values are replaced only where their place is known: `42` is part of too much else. */
const MIN_TEXTUAL_LENGTH = 6;

/** Claims and members that name a person or a session. */
const IDENTITY_KEY =
  /^(sub|sid|jti|oid|uid|uuid|email|name|username|user_?name|login|nickname|preferred_username|given_name|family_name|upn|session|.*(_id|Id)|id)$/;

export interface FreshValue {
  /** What it is called in a mismatch: `password`, `csrf_token`. */
  readonly name: string;
  readonly kind: "input" | "extracted" | "generated" | "minted";
  /** When somebody first typed it, in milliseconds: an answer from before holds it by chance. */
  readonly sinceMs?: number;
  /** Stands for others as part of a text, and is another one only as a whole member of JSON. */
  readonly isMember?: true;
}

interface Entry extends FreshValue {
  readonly text: EncodedText;
  /** Replaced wherever it appears in text, not only where its place is known. */
  readonly isTextual: boolean;
  fresh: string | undefined;
}

export class FreshValues {
  /** Everything the flow calls constant, one per line. */
  readonly #constants: string;
  readonly #entries = new Map<string, Entry>();
  /** Members of JSON objects under which a short value is known to be minted. */
  readonly #shortKeys = new Set<string>();
  /** Also those that were taken back since. */
  readonly #anchored = new AnchoredValues<Entry>();

  /**
   * @param shift for values that belong to no answer
   * @param isIssued true for a value that some answer made, by the recording's own evidence: it is
   *   another one in a replay, whatever the flow calls it
   */
  constructor(
    private readonly random: RandomSource,
    constants: Iterable<string>,
    private readonly shift: TimeShift,
    private readonly isIssued: (value: string) => boolean = () => false,
  ) {
    this.#constants = [...constants].join("\n");
  }

  /**
   * Declares a recorded value; its new one is made when it is needed, unless it is given. The first
   * declaration counts. URLs and paths are not taken: they name places, and only what they hold is
   * minted.
   */
  add(recorded: string, value: FreshValue, fresh?: string): void {
    if (recorded === "" || isPlace(recorded) || this.#entries.has(recorded)) return;
    const text = new EncodedText(recorded);
    const isTextual = !value.isMember && recorded.length >= MIN_TEXTUAL_LENGTH &&
      !this.#isConstant(text);
    if (value.kind === "minted" && !value.isMember && !isTextual) return;
    const entry = { ...value, text, isTextual, fresh };
    this.#entries.set(recorded, entry);
    if (isTextual) this.#anchored.add(entry);
  }

  /** Says that `recorded`, however short, is minted when it stands under this member name. */
  addUnderKey(recorded: string, key: string): void {
    this.#shortKeys.add(JSON.stringify([key, recorded]));
  }

  /** Fixes the new value of a declared or undeclared recorded one, replacing one that was made. */
  set(recorded: string, value: FreshValue, fresh: string): void {
    this.#entries.delete(recorded);
    this.add(recorded, value, fresh);
  }

  /** What another part of the same session has made is the same here. */
  goOnFrom(earlier: FreshValues): void {
    for (const [recorded, { text: _, isTextual: __, fresh, ...value }] of earlier.#entries) {
      if (fresh !== undefined) this.set(recorded, value, fresh);
    }
  }

  /** The new value; `recorded` itself, with what it holds replaced, when it is not declared. */
  of(recorded: string, shift: TimeShift = this.shift): string {
    const entry = this.#entries.get(recorded);
    if (entry === undefined || this.#isTooEarly(entry, shift)) {
      return this.substitute(recorded, isPlace(recorded) ? "url" : "text", shift);
    }
    entry.fresh ??= this.#mint(entry, shift);
    return entry.fresh;
  }

  /** Takes what a request holds in place of a recorded value for the client's own: answers repeat it. */
  learn(recorded: string, sent: string, where: string): void {
    const known = this.#entries.get(recorded);
    if (recorded.length < MIN_TEXTUAL_LENGTH || known !== undefined && known.kind !== "generated") {
      return;
    }
    const isExplained = sent === recorded || this.substitute(recorded, "text") === sent;
    if (!isExplained) this.set(recorded, { name: known?.name ?? where, kind: "generated" }, sent);
  }

  substitute(text: string, context: TextContext, shift: TimeShift = this.shift): string {
    return this.#substituteBelow(text, context, shift, Infinity);
  }

  /** JSON text with every recorded value replaced and every time near the recording moved. */
  substituteJson(text: string, shift: TimeShift): string | undefined {
    const substituted = rewriteJsonLeaves(text, (path, value) => this.#leaf(path, value, shift));
    return substituted === undefined ? undefined : this.substitute(substituted, "json", shift);
  }

  /** A recorded value that stands in the text though its new one differs; `undefined` when none does. */
  staleIn(text: string): FreshValue | undefined {
    const isStale = ({ kind, fresh, isTextual, text: { value } }: Entry) =>
      fresh !== value && kind !== "generated" && (isTextual || kind === "input");
    const equal = this.#entries.get(text);
    if (equal !== undefined && isStale(equal) && !this.#isConstant(equal.text)) return equal;
    return this.#within(text).keys().find((entry) => entry.text.isIn(text) && isStale(entry));
  }

  /** The text with recorded and new values named instead of shown. */
  mask(text: string): string {
    let masked = text;
    for (const entry of longestFirst(this.#entries.values())) {
      if (!entry.isTextual) continue;
      const mark = `‹${entry.name}›`;
      masked = entry.text.maskIn(masked, mark);
      if (entry.fresh) masked = new EncodedText(entry.fresh).maskIn(masked, mark);
    }
    return masked;
  }

  /** A short or plain text in an answer, whose moment its shift tells. */
  #isTooEarly({ isTextual, sinceMs = -Infinity }: Entry, shift: TimeShift): boolean {
    return !isTextual && shift !== this.shift && shift.recordedAtMs < sinceMs;
  }

  #isConstant(text: EncodedText): boolean {
    return text.isIn(this.#constants) && !this.isIssued(text.value);
  }

  /**
   * The longest first: what stands in another is of that one. `limit`: only values shorter than this, so that a
   * value is not looked for in itself.
   */
  #substituteBelow(text: string, context: TextContext, shift: TimeShift, limit: number): string {
    const taken = new Uint8Array(text.length);
    const spans: { readonly start: number; readonly end: number; readonly text: string }[] = [];
    for (const [{ text: encoded }, anchors] of this.#within(text)) {
      if (encoded.value.length >= limit) continue;
      const free = [...encoded.around(text, anchors)].filter(({ start, end }) =>
        !taken.subarray(start, end).includes(1)
      );
      if (free.length === 0) continue;
      const fresh = this.of(encoded.value, shift);
      for (const found of free) {
        taken.fill(1, found.start, found.end);
        spans.push({ ...found, text: encoded.writtenAs(found, fresh, context) });
      }
    }
    return spliced(text, spans.sort((a, b) => a.start - b.start));
  }

  /** The values whose anchors stand in the text, the longest first. */
  #within(text: string): Map<Entry, readonly number[]> {
    const found = this.#anchored.in(text);
    const declared = longestFirst(
      found.keys().filter((entry) => this.#entries.get(entry.text.value) === entry),
    );
    return new Map(declared.map((entry) => [entry, found.get(entry)!]));
  }

  /** Declared values that are whole leaves, however short, and times; `true` and `null` are nobody's name. */
  #leaf(path: JsonPath, value: JsonPrimitive, shift: TimeShift) {
    if (typeof value === "boolean" || value === null) return undefined;
    const text = String(value);
    const entry = this.#entries.get(text);
    const key = String(path.findLast((part) => typeof part === "string") ?? "");
    const isKnown = entry?.kind === "input" || this.#shortKeys.has(JSON.stringify([key, text]));
    if (entry === undefined || !isKnown || this.#isTooEarly(entry, shift)) {
      return shiftLeaf(value, shift);
    }
    const fresh = this.of(text, shift);
    return typeof value === "string" ? fresh : { raw: fresh };
  }

  #mint(entry: Entry, shift: TimeShift): string {
    const recorded = entry.text.value;
    // A generated value the script has not sent yet stays as it is: no server could know another.
    if (entry.kind === "generated") return recorded;
    const holder = mintPublicKey(recorded) ??
      mintExponent(recorded, this.random) ??
      this.#mintDecoded(recorded, shift) ??
      mintDotted(recorded, this.random, (text, part) => this.#rebuilt(text, shift, part.length));
    if (holder !== undefined) return holder;
    const around = this.#substituteBelow(recorded, "text", shift, recorded.length);
    if (around !== recorded) return around;
    return shiftText(recorded, shift) ?? asModulus(recorded, mintLike(recorded, this.random));
  }

  /** Percent-encoded text: what it decodes to is minted, and encoded as it was. */
  #mintDecoded(recorded: string, shift: TimeShift): string | undefined {
    const decoded = percentDecode(recorded);
    if (decoded === recorded) return undefined;
    this.add(decoded, { name: "a recorded value", kind: "extracted" });
    return new EncodedText(decoded).replaceIn(recorded, this.of(decoded, shift), "url");
  }

  #rebuilt(text: string, shift: TimeShift, limit: number): string {
    return isRecord(parseJson(text))
      ? this.#mintClaims(text, shift, limit)
      : this.#substituteBelow(text, "text", shift, limit);
  }

  #mintClaims(text: string, shift: TimeShift, limit: number): string {
    const named = rewriteJsonLeaves(text, (path, value) => {
      const known = this.#leaf(path, value, shift);
      if (known !== undefined) return known;
      const key = String(path.at(-1) ?? "");
      if (!IDENTITY_KEY.test(key) || typeof value === "boolean" || value === null) return undefined;
      const fresh = this.#mintClaim(String(value), shift);
      return typeof value === "string" ? fresh : { raw: fresh };
    });
    return this.#substituteBelow(named ?? text, "json", shift, limit);
  }

  #mintClaim(recorded: string, shift: TimeShift): string {
    if (this.#entries.has(recorded)) return this.of(recorded, shift);
    if (isPlace(recorded) || this.#isConstant(new EncodedText(recorded))) return recorded;
    const fresh = mintLike(recorded, this.random);
    this.add(recorded, { name: "a claim of a recorded token", kind: "extracted" }, fresh);
    return fresh;
  }
}

function longestFirst(entries: Iterable<Entry>): Entry[] {
  return [...entries].sort((a, b) => b.text.value.length - a.text.value.length);
}
