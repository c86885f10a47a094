/**
 * Keys stretched from a password with PBKDF2 (RFC 8018 section 5.2), with a salt that an answer gave or the
 * user's name, and as many iterations as an answer says, else as are usual.
 */
import { transformed } from "../codec/transforms.ts";
import type { Hash } from "../codec/transforms/digests.ts";
import {
  bytePiece,
  DIGEST_LENGTHS,
  type DigestTarget,
  type Ingredient,
  type Piece,
} from "./digest_target.ts";
import { constant } from "./expr.ts";
import type { Expr } from "./flow.ts";

const HASHES: readonly Exclude<Hash, "md5">[] = ["sha256", "sha512", "sha1"];

/** Names under which an answer says how often: `iterations`, `kdfIterations`, `rounds`, `cost`. */
const COUNT_NAME = /iter|round|cost|work/i;
const MAX_SALTS = 8;

/** What examples, RFC 8018 (1,000), RFC 7677 (4,096) and libraries' defaults have made usual. */
const USUAL_COUNTS = [1_000, 4_096, 10_000, 2_048, 5_000, 20_000, 50_000, 100_000];

/** Iterations done at most for one value: about a second where an answer says how many, else a fraction. */
const MAX_TOLD = 2_000_000;
const MAX_GUESSED = 400_000;

/** The stretching that yields the value; `null` when none of the tried ones does. */
export function explainStretched(
  target: DigestTarget,
  ingredients: readonly Ingredient[],
): Expr | null {
  const passwords = ingredients.filter(({ expr }) => expr.kind === "input");
  const told = ingredients.filter(({ value, name }) =>
    COUNT_NAME.test(name ?? "") && /^[1-9]\d{1,7}$/.test(value)
  );
  const salts = readings(
    told.length > 0 ? saltsFirst(ingredients) : ingredients.filter(isSalt),
  );
  if (passwords.length === 0) return null;
  const counts: readonly Piece[] = told.length > 0 ? told : USUAL_COUNTS.map(numberPiece);
  let left = told.length > 0 ? MAX_TOLD : MAX_GUESSED;
  for (const count of counts) {
    for (const hash of HASHES) {
      for (const password of passwords) {
        for (const salt of salts) {
          if (salt.expr === password.expr) continue;
          left -= Number(count.value) * Math.ceil(target.bytes.length / DIGEST_LENGTHS[hash]);
          if (left < 0) return null;
          const found = tried(target, hash, [password, salt, count]);
          if (found !== null) return found;
        }
      }
    }
  }
  return null;
}

/** The derived key itself, or stretched once more over the password, as password managers send it. */
function tried(
  target: DigestTarget,
  hash: Exclude<Hash, "md5">,
  args: readonly [password: Piece, salt: Piece, count: Piece],
): Expr | null {
  const length = numberPiece(target.bytes.length);
  const op = `pbkdf2-${hash}-bytes` as const;
  const all = [...args, length];
  const key: Piece = {
    expr: { kind: "transform", op, args: all.map(({ expr }) => expr) },
    value: transformed(op, all.map(({ value }) => value)),
  };
  if (target.equals(key.value)) return target.written(`pbkdf2-${hash}`, all);
  const again = [key, args[0], numberPiece(1), length];
  return target.equals(transformed(op, again.map(({ value }) => value)))
    ? target.written(`pbkdf2-${hash}`, again)
    : null;
}

function isSalt({ name }: Ingredient): boolean {
  return /salt/i.test(name ?? "");
}

/** What is called a salt, then the rest, a user's name among it. */
function saltsFirst(ingredients: readonly Ingredient[]): Ingredient[] {
  return [...ingredients.filter(isSalt), ...ingredients.filter((other) => !isSalt(other))]
    .slice(0, MAX_SALTS);
}

/** Each as text and as bytes. */
function readings(salts: readonly Ingredient[]): Piece[] {
  return salts.flatMap((salt) => {
    const bytes = bytePiece(salt);
    return bytes === null ? [salt] : [salt, bytes];
  });
}

function numberPiece(number: number): Piece {
  const value = String(number);
  return { expr: constant(value), value };
}
