/** What a client makes of values before it sends them. Values are texts or bytes. */
import type { Value } from "./bytes.ts";
import type { TransformCodec } from "./codec.ts";
import { CIPHERS } from "./transforms/ciphers.ts";
import { DIGESTS } from "./transforms/digests.ts";
import { ENCODINGS } from "./transforms/encodings.ts";
import { ESCAPES } from "./transforms/escapes.ts";
import { INTEGERS } from "./transforms/integers.ts";
import { TEXT_PARTS } from "./transforms/text_parts.ts";

/** `…-hex`, `…-base64` and `…-base64url` yield text, `…-bytes` yields bytes to compute with. */
export const TRANSFORMS = {
  ...ESCAPES,
  ...ENCODINGS,
  ...DIGESTS,
  ...TEXT_PARTS,
  ...CIPHERS,
  ...INTEGERS,
};

/** The name of a transform: `sha256-hex`, `url-encode`. */
export type TransformOp = keyof typeof TRANSFORMS;

export function transformCodec(op: TransformOp): TransformCodec {
  return TRANSFORMS[op];
}

/**
 * The value a transform makes.
 *
 * @throws {Error} when the arguments are not in the domain of the transform.
 */
export function transformed(op: TransformOp, args: readonly Value[]): Value {
  try {
    return transformCodec(op).apply(args);
  } catch (error) {
    throw new Error(`Transform "${op}" ${error instanceof Error ? error.message : error}`);
  }
}

/** As `transformed`, for what must be text. */
export function applyTransform(op: TransformOp, args: readonly Value[]): string {
  const value = transformed(op, args);
  if (typeof value !== "string") throw new Error(`Transform "${op}" yields bytes`);
  return value;
}
