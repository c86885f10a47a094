/**
 * Digests a client computes before it sends: found by trying the usual compositions of values that
 * are known at that moment and comparing with what was recorded. Nothing is assumed: a composition
 * counts only when it yields exactly the recorded value.
 */
import { joinValues } from "../codec/bytes.ts";
import { transformed } from "../codec/transforms.ts";
import type { Hash } from "../codec/transforms/digests.ts";
import {
  bytePiece,
  DigestTarget,
  type Ingredient,
  innerDigests,
  type Piece,
} from "./digest_target.ts";
import type { Expr } from "./flow.ts";
import { explainStretched } from "./stretch_trials.ts";

/** Text between joined ingredients, in the order of how often it is seen. */
const SEPARATORS = ["", ":", "|", ".", "\n", "&", "-", ","];

/** Ingredients tried beyond this would cost cubic time. */
const MAX_INGREDIENTS = 24;
/** Joined in threes only when there are few. */
const MAX_JOINED_IN_THREES = 12;
/** Readings as bytes: nonces, salts and keys. */
const MAX_BYTES = 8;

/** Computed at most for one value: some tenths of a second. */
const MAX_DIGESTS = 20_000;
const MAX_HMACS = 5_000;

/** True for the length of a digest, in hex or base64. */
export function isDigestLike(value: string): boolean {
  return DigestTarget.of(value)?.hash !== undefined;
}

/** Values of one recording that no composition yielded; after so many, seconds of trials, no other is tried. */
const MAX_FAILED = 64;

/** The trials of one recording: a flood of values that look like digests must not cost minutes. */
export class DigestTrials {
  #failed = 0;

  /** The composition that yields `value`; `null` when none of the tried ones does, or too many values failed. */
  explain(value: string, known: readonly Ingredient[]): Expr | null {
    if (this.#failed >= MAX_FAILED) return null;
    const expr = explainDigest(value, known);
    if (expr === null) this.#failed++;
    return expr;
  }
}

/** One value alone. */
export function explainDigest(value: string, known: readonly Ingredient[]): Expr | null {
  const target = DigestTarget.of(value);
  if (target === null) return null;
  const ingredients = known.slice(0, MAX_INGREDIENTS);
  return (target.hash === undefined ? null : explainHash(target, target.hash, ingredients)) ??
    explainStretched(target, ingredients);
}

function explainHash(
  target: DigestTarget,
  hash: Hash,
  ingredients: readonly Ingredient[],
): Expr | null {
  let trials = 0;
  for (const message of messages(ingredients, hash)) {
    if (++trials > MAX_DIGESTS) break;
    if (target.equals(transformed(`${hash}-bytes`, [message.value]))) {
      return target.written(hash, [message]);
    }
  }
  if (hash === "md5") return null;
  trials = 0;
  for (const [key, message] of keyed(ingredients, hash)) {
    if (++trials > MAX_HMACS) break;
    if (target.equals(transformed(`hmac-${hash}-bytes`, [key.value, message.value]))) {
      return target.written(`hmac-${hash}`, [key, message]);
    }
  }
  return null;
}

/** What may be digested, the usual first: a value, joined values, bytes among them, digests of values. */
function* messages(ingredients: readonly Ingredient[], hash: Hash): Generator<Piece> {
  const bytes = byteReadings(ingredients);
  yield* ingredients;
  yield* bytes;
  yield* tuples([ingredients, ingredients], SEPARATORS);
  yield* withBytes(bytes, ingredients);
  const few = ingredients.slice(0, MAX_JOINED_IN_THREES);
  for (const inner of inners(ingredients, hash)) {
    yield inner;
    const separators = typeof inner.value === "string" ? SEPARATORS.slice(0, 3) : [""];
    yield* tuples([[inner], ingredients], separators);
    yield* tuples([ingredients, [inner]], separators);
    yield* tuples([[inner], bytes], [""]);
    yield* tuples([bytes, [inner]], [""]);
    // WS-Security with a stored digest for the password: nonce, time, SHA-1 of the password.
    for (const other of tuples([bytes, few], [""])) yield join([other, inner], "");
  }
  if (ingredients.length <= MAX_JOINED_IN_THREES) yield* triples(ingredients);
}

/** Bytes joined with one and with two texts, in any order (WS-Security UsernameToken Profile section 3.1). */
function* withBytes(bytes: readonly Piece[], texts: readonly Piece[]): Generator<Piece> {
  const few = texts.slice(0, MAX_JOINED_IN_THREES);
  const orders = [[bytes, [...texts, ...bytes]], [texts, bytes]];
  for (const pools of [...orders, [bytes, few, few], [few, bytes, few], [few, few, bytes]]) {
    yield* tuples(pools, [""]);
  }
}

/** Keys and messages, the usual first. A key stands as it is, in base64 or hex, or is a digest or an HMAC. */
function* keyed(
  ingredients: readonly Ingredient[],
  hash: Exclude<Hash, "md5">,
): Generator<readonly [key: Piece, message: Piece]> {
  const bytes = byteReadings(ingredients);
  const plain = [...ingredients, ...bytes];
  const digests = [...inners(ingredients.filter(({ expr }) => expr.kind === "input"), hash)];
  yield* crossed([...plain, ...digests], plain);
  const few = plain.slice(0, MAX_JOINED_IN_THREES);
  yield* crossed(macs(few, hash), few);
  for (const key of plain) yield* crossed([key], joined(ingredients, bytes, key));
  for (const key of digests) yield* crossed([key], joined(ingredients, bytes, key));
  if (ingredients.length > MAX_JOINED_IN_THREES) return;
  for (const key of plain) {
    yield* crossed([key], triples(ingredients.filter((other) => other !== key)));
  }
}

function* crossed(
  keys: Iterable<Piece>,
  messages: Iterable<Piece>,
): Generator<readonly [key: Piece, message: Piece]> {
  for (const key of keys) {
    for (const message of messages) if (message !== key) yield [key, message];
  }
}

/** Two values joined, of which none is the key. */
function* joined(
  ingredients: readonly Piece[],
  bytes: readonly Piece[],
  key: Piece,
): Generator<Piece> {
  const others = ingredients.filter((other) => other !== key);
  yield* tuples([others, others], SEPARATORS);
  yield* tuples([bytes, others], [""]);
  yield* tuples([others, bytes], [""]);
}

function* macs(plain: readonly Piece[], hash: Exclude<Hash, "md5">): Generator<Piece> {
  const op = `hmac-${hash}-bytes` as const;
  for (const [key, message] of crossed(plain, plain)) {
    const expr: Expr = { kind: "transform", op, args: [key.expr, message.expr] };
    yield { expr, value: transformed(op, [key.value, message.value]) };
  }
}

function byteReadings(ingredients: readonly Ingredient[]): Piece[] {
  return ingredients.map(bytePiece).filter((piece) => piece !== null).slice(0, MAX_BYTES);
}

/**
 * Digests of what was typed, alone and joined with a salt, by the hash of the whole and by those that older
 * logins use.
 */
function* inners(ingredients: readonly Ingredient[], hash: Hash): Generator<Piece> {
  const typed = ingredients.filter(({ expr }) => expr.kind === "input");
  const others = ingredients.slice(0, MAX_JOINED_IN_THREES);
  const salted = [...tuples([typed, others], ["", ":"]), ...tuples([others, typed], ["", ":"])];
  for (const inner of new Set<Hash>([hash, "md5", "sha1", "sha256"])) {
    for (const piece of typed) yield* innerDigests(inner, piece);
    for (const piece of salted) yield innerDigests(inner, piece)[0];
  }
}

/** One piece of each pool joined, none twice. */
function* tuples(
  pools: readonly (readonly Piece[])[],
  separators: readonly string[],
  chosen: readonly Piece[] = [],
): Generator<Piece> {
  const pool = pools[chosen.length];
  if (pool === undefined) {
    for (const separator of separators) yield join(chosen, separator);
  }
  for (const piece of pool ?? []) {
    if (!chosen.includes(piece)) yield* tuples(pools, separators, [...chosen, piece]);
  }
}

function triples(pieces: readonly Piece[]): Generator<Piece> {
  return tuples([pieces, pieces, pieces], SEPARATORS);
}

function join(pieces: readonly Piece[], separator: string): Piece {
  const parts = pieces.flatMap((piece, index): Piece[] =>
    index === 0 || separator === ""
      ? [piece]
      : [{ expr: { kind: "constant", value: separator }, value: separator }, piece]
  );
  const exprs = parts.flatMap(({ expr }) => expr.kind === "concat" ? expr.parts : [expr]);
  return {
    expr: { kind: "concat", parts: exprs },
    value: joinValues(parts.map(({ value }) => value)),
  };
}
