/** What a client could put into a digest at some moment: what was typed, told, made or taken before. */
import { isDigestLike } from "./digest_trials.ts";
import type { Ingredient } from "./digest_target.ts";
import { isOpaque } from "../http/opaque.ts";
import { constant, ofInput } from "./expr.ts";
import type { Message } from "./recording.ts";
import type { ValueExplainer } from "./explanation.ts";

/** Salts, challenges and keys of answers that are tried. */
const MAX_ISSUED = 12;

/** Longer texts are documents and no salt. In characters. */
const MAX_SALT = 200;

const ISSUED_NAME =
  /salt|challenge|nonce|key|secret|seed|realm|random|server|token|iter|rounds|cost/i;

/** Numbers in code are everywhere, and each costs a stretching. */
const MAX_COUNTS = 4;
const COUNT_IN_CODE = /((?:iter|rounds|cost)\w{0,20})\s{0,3}[:=]\s{0,3}(\d{3,7})\b/gi;

export class DigestIngredients {
  #found: readonly Ingredient[] | undefined;

  constructor(private readonly search: ValueExplainer) {}

  of(message: Message): Ingredient[] {
    const typed = this.search.known.inputs.map((input): Ingredient => ({
      expr: ofInput(input),
      value: input.recorded,
      name: input.name,
    }));
    const others = [...this.#beside(message), ...this.#issued(message), ...this.#counts()];
    return unique([...typed, ...others]);
  }

  /** Other values of the same request. @rule off: [] */
  #beside(message: Message): Ingredient[] {
    const own: Ingredient[] = [];
    for (const leaf of message.leaves) {
      if (leaf.place.kind === "header" && !/^x-|nonce|time|date|key|id$/i.test(leaf.name)) continue;
      if (leaf.place.kind === "path" || leaf.place.kind === "cookie" || leaf.value === "") continue;
      if (isDigestLike(leaf.value) && !/nonce|challenge|salt/i.test(leaf.name)) continue;
      const found = this.search.asKnown(leaf.value, message, leaf) ??
        this.search.generated(leaf.value, message, leaf);
      if (found !== null) own.push({ expr: found.expr, value: leaf.value, name: leaf.name });
    }
    return own;
  }

  /** Salts, challenges and keys that the answers just before handed out. @rule off: [] */
  #issued(message: Message): Ingredient[] {
    const { recording, provenance } = this.search;
    const ingredients: Ingredient[] = [];
    for (let index = message.index - 1; index >= 0 && ingredients.length < MAX_ISSUED; index--) {
      const earlier = recording.at(index);
      if (earlier.isClientCode || earlier.trace.response === null) continue;
      for (const [value, name] of saltsIn(earlier)) {
        const source = provenance.in(value, index);
        if (source === null) continue;
        const { expr } = this.search.fromSource(source, value, name);
        ingredients.push({ expr, value, name });
      }
    }
    return ingredients;
  }

  /** How often a password is stretched, as the client's code says it: `const ROUNDS = 20000`. */
  #counts(): readonly Ingredient[] {
    return this.#found ??= this.search.recording.messages
      .filter(({ isScriptOrStyle, page }) => isScriptOrStyle || page !== null)
      .flatMap(({ responseText }) => [...responseText.matchAll(COUNT_IN_CODE)])
      .slice(0, MAX_COUNTS)
      .map(([, name = "", value = ""]) => ({ expr: constant(value), value, name }));
  }
}

/** A value beside its name in an element, a script or JSON that no parser reads. */
const NAMED_IN_TEXT =
  /["']?([\w-]{2,40})["']?\s{0,8}[:=]\s{0,8}(?:["']([^"'\s]{4,200})["']|(\d{4,40}))/g;

/** An answer of JSON with no more values holds hardly anything but a challenge, whatever that is called. */
const MAX_VALUES = 4;

/**
 * Values of an answer that are called like a salt, a challenge, a key or a number of rounds, and what looks random in
 * an answer that says little else.
 */
function* saltsIn(message: Message): Generator<readonly [value: string, name: string]> {
  const values = [...message.named("json").take(MAX_VALUES + 1)];
  for (const { text, name } of values.length > MAX_VALUES ? [] : values) {
    if (isOpaque(text) && text.length <= MAX_SALT) yield [text, name];
  }
  const named = message.named().map(({ text, name }) => [text, name] as const);
  const inText = message.responseText.matchAll(NAMED_IN_TEXT)
    .map(([, name = "", text, number = ""]) => [text ?? number, name] as const);
  for (const [value, name] of [...named, ...inText]) {
    const isSalt = value.length >= 4 && value.length <= MAX_SALT && ISSUED_NAME.test(name);
    if (isSalt) yield [value, name];
  }
}

function unique(ingredients: readonly Ingredient[]): Ingredient[] {
  const seen = new Set<string>();
  return ingredients.filter(({ value }) => !seen.has(value) && seen.add(value));
}
