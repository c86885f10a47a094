/**
 * Texts of a recording as they stand in an invented session. What the replay has another value for gets that;
 * what the script says anyway stays; of the rest, which nobody needs and which may be anybody's, letters and
 * digits become others. Equal texts stay equal.
 */
import { isTokenLike } from "../judge/token_like.ts";
import type { FreshValues } from "./fresh_values.ts";
import { mintLike } from "./mint.ts";
import type { RandomSource } from "./random_source.ts";
import type { TimeShift } from "./times.ts";

/** Words that protocols put into answers and that say nothing about anybody. */
const PROTOCOL_TEXT =
  /^(?:(?:bearer|basic|mac|jwt|ok|success|true|false|null|openid|profile|email|offline_access)(?: |$))*$/i;

/** A literal of the script that is longer explains a text that is part of it. In UTF-16 units. */
const MIN_PART = 8;

export interface InventedTextsOptions {
  readonly fresh: FreshValues;
  readonly random: RandomSource;
  /** Of the script: they are known to whoever has it. */
  readonly literals: ReadonlySet<string>;
}

export class InventedTexts {
  readonly #fresh: FreshValues;
  readonly #random: RandomSource;
  readonly #literals: ReadonlySet<string>;
  readonly #minted = new Map<string, string>();

  constructor({ fresh, random, literals }: InventedTextsOptions) {
    this.#fresh = fresh;
    this.#random = random;
    this.#literals = literals;
  }

  /** A whole recorded value: a member, a parameter, a cookie. */
  of(recorded: string, shift: TimeShift): string {
    const fresh = this.#fresh.of(recorded, shift);
    return fresh === recorded ? this.other(recorded) : fresh;
  }

  /** As `of()`, but that words, versions and page numbers stay: they say what is asked for. */
  ofAddress(recorded: string, shift: TimeShift): string {
    const fresh = this.#fresh.of(recorded, shift);
    if (fresh !== recorded) return fresh;
    const isSomebodys = isTokenLike(recorded) || /^\d{3,}$|\d{5}/.test(recorded);
    return isSomebodys ? this.other(recorded) : recorded;
  }

  /** Another text of the same shape, unless it is nobody's. */
  other(text: string): string {
    if (this.isPublic(text)) return text;
    const known = this.#minted.get(text);
    if (known !== undefined) return known;
    const minted = mintLike(text, this.#random);
    this.#minted.set(text, minted);
    return minted;
  }

  isPublic(text: string): boolean {
    const trimmed = text.trim();
    if (PROTOCOL_TEXT.test(trimmed) || /^-?\d{1,2}$/.test(trimmed)) return true;
    return this.#literals.has(trimmed) ||
      trimmed.length >= MIN_PART &&
        [...this.#literals].some((literal) => literal.includes(trimmed));
  }

  /** What became of a text that was replaced here, for whoever sent it back before it was. */
  replaced(text: string): string {
    return this.#minted.get(text) ?? text;
  }

  /** Text with what the replay knows replaced, wherever it stands. */
  within(text: string, context: "url" | "text", shift: TimeShift): string {
    return this.#fresh.substitute(text, context, shift);
  }
}
