/** What an unexplained value would be, were it a digest: the hash by its length, and how it is written. */
import { hexBytes, hexOf, type Value } from "../codec/bytes.ts";
import { transformed, type TransformOp } from "../codec/transforms.ts";
import type { Hash } from "../codec/transforms/digests.ts";
import { base64DecodeBytes } from "../http/base64.ts";
import { applied } from "./expr.ts";
import type { Expr } from "./flow.ts";

/** A value a digest may be made of. */
export interface Ingredient extends Piece {
  readonly value: string;
  /** What the message calls it: a number called `iterations` says how often a password is stretched. */
  readonly name?: string;
}

/** A value while it is computed with. */
export interface Piece {
  readonly expr: Expr;
  readonly value: Value;
}

/** In bytes. */
export const DIGEST_LENGTHS: Readonly<Record<Hash, number>> = {
  md5: 16,
  sha1: 20,
  sha256: 32,
  sha512: 64,
};
const HASHES = Object.keys(DIGEST_LENGTHS) as Hash[];

export class DigestTarget {
  readonly #value: string;
  readonly bytes: Uint8Array;
  /** `undefined` for a length that no hash has; keys are derived in any. */
  readonly hash: Hash | undefined;
  readonly #encoding: "hex" | "base64" | "base64url";
  readonly #isUpper: boolean;

  private constructor(value: string, bytes: Uint8Array, isHex: boolean) {
    this.#value = value;
    this.bytes = bytes;
    this.hash = HASHES.find((hash) => DIGEST_LENGTHS[hash] === bytes.length);
    this.#isUpper = isHex && /[A-F]/.test(value);
    const isPadded = bytes.length % 3 === 0 || value.endsWith("=");
    this.#encoding = isHex ? "hex" : isPadded && !/[-_]/.test(value) ? "base64" : "base64url";
  }

  /** `null` for a value that cannot be a digest or a derived key. */
  static of(value: string): DigestTarget | null {
    if (value.length < 20 || value.length > 200) return null;
    const asHex = value.length >= 32 ? hexBytes(value) : undefined;
    const bytes = asHex ?? base64DecodeBytes(value);
    if (bytes === undefined || bytes.length < 16 || bytes.length > 64) return null;
    return new DigestTarget(value, bytes, asHex !== undefined);
  }

  /** The expression whose bytes are the target's, written as the target is; `null` when that differs. */
  written(prefix: string, args: readonly Piece[]): Expr | null {
    const op = `${prefix}-${this.#encoding}` as TransformOp;
    const made = transformed(op, args.map(({ value }) => value));
    const expr: Expr = { kind: "transform", op, args: args.map((arg) => arg.expr) };
    if (made === this.#value) return expr;
    const isUpper = this.#isUpper && String(made).toUpperCase() === this.#value;
    return isUpper ? applied("upper", expr) : null;
  }

  equals(value: Value): boolean {
    if (typeof value === "string" || value.length !== this.bytes.length) return false;
    return value.every((byte, index) => byte === this.bytes[index]);
  }
}

/** The bytes a text stands for, where it is hex or base64 of bytes that are no text. */
export function bytePiece({ expr, value }: Piece): Piece | null {
  if (typeof value !== "string" || value.length < 8) return null;
  const hex = value.length % 2 === 0 ? hexBytes(value) : undefined;
  const bytes = hex ?? (/\d|[A-Z]|[+/=]/.test(value) ? base64DecodeBytes(value) : undefined);
  if (bytes === undefined || bytes.length < 6) return null;
  const op = hex === undefined ? "base64-bytes" : "hex-bytes";
  return { expr: applied(op, expr), value: bytes };
}

/** The digest of a piece, as hex digits and as bytes. */
export function innerDigests(hash: Hash, piece: Piece): [hex: Piece, bytes: Piece] {
  const bytes = transformed(`${hash}-bytes`, [piece.value]) as Uint8Array;
  const made = (op: TransformOp) => applied(op, piece.expr);
  return [
    { expr: made(`${hash}-hex`), value: hexOf(bytes) },
    { expr: made(`${hash}-bytes`), value: bytes },
  ];
}
