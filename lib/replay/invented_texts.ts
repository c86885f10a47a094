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

export class InventedTexts {
  readonly #minted = new Map<string, string>();

  /** @param literals of the script: they are known to whoever has it */
  constructor(
    private readonly fresh: FreshValues,
    private readonly random: RandomSource,
    private readonly literals: readonly string[],
  ) {}

  /** A whole recorded value: a member, a parameter, a cookie. */
  of(recorded: string, shift: TimeShift): string {
    const fresh = this.fresh.of(recorded, shift);
    return fresh === recorded ? this.other(recorded) : fresh;
  }

  /** As `of()`, but that words, versions and page numbers stay: they say what is asked for. */
  ofAddress(recorded: string, shift: TimeShift): string {
    const isSomebodys = isTokenLike(recorded) || /^\d{3,}$|\d{5}/.test(recorded);
    return isSomebodys ? this.of(recorded, shift) : this.fresh.of(recorded, shift);
  }

  /** Another text of the same shape, unless it is nobody's. */
  other(text: string): string {
    if (this.#isPublic(text.trim())) return text;
    const minted = this.#minted.get(text) ?? mintLike(text, this.random);
    this.#minted.set(text, minted);
    return minted;
  }

  #isPublic(text: string): boolean {
    return PROTOCOL_TEXT.test(text) || /^-?\d{1,2}$/.test(text) ||
      this.literals.some((literal) =>
        literal === text || text.length >= MIN_PART && literal.includes(text)
      );
  }

  /** What became of a text that was replaced here, for whoever sent it back before it was. */
  replaced(text: string): string {
    return this.#minted.get(text) ?? text;
  }

  /** Text with what the replay knows replaced, wherever it stands. */
  within(text: string, shift: TimeShift): string {
    return this.fresh.substitute(text, "text", shift);
  }
}
