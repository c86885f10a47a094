/** A transform by what it takes, what it makes of that, and how both are written. */
import { bytesCode, bytesOf, type Value } from "../bytes.ts";
import type { Uses, Written } from "../code.ts";
import type { TransformCodec } from "../codec.ts";

/** Digits of a whole number at most: a number of 8192 bits has 2467. */
export const MAX_DIGITS = 5000;
/** Positions and lengths lie below this on both sides of zero. */
const MAX_COUNT = 1_000_000;

/** What an argument is read as. Numbers are texts in decimal, because an answer may say them. */
interface Kinds {
  value: Value;
  text: string;
  /** A text stands for its UTF-8. */
  bytes: Uint8Array;
  count: number;
  integer: bigint;
}

const READERS: { readonly [K in keyof Kinds]: (value: Value) => Kinds[K] | undefined } = {
  value: (value) => value,
  text: (value) => typeof value === "string" ? value : undefined,
  bytes: bytesOf,
  count(value) {
    const number = typeof value === "string" && /^-?\d{1,7}$/.test(value) ? Number(value) : NaN;
    return Math.abs(number) <= MAX_COUNT ? number : undefined;
  },
  integer(value) {
    const text = typeof value === "string" ? value.trim() : "";
    return text.length <= MAX_DIGITS && /^-?\d+$/.test(text) ? BigInt(text) : undefined;
  },
};

/** A question mark stands behind what may be left out. */
export type Argument = keyof Kinds | `${keyof Kinds}?`;

type Read<T extends readonly Argument[]> = {
  [I in keyof T]: T[I] extends keyof Kinds ? Kinds[T[I]]
    : T[I] extends `${infer K extends keyof Kinds}?` ? Kinds[K] | undefined
    : never;
};

export interface Making<T extends readonly Argument[], V extends Value> {
  /** `undefined` for what is not in the domain of the transform. */
  readonly apply: (...args: Read<T>) => V | undefined;
  /** With the code of each argument, of bytes where bytes are taken; or the function that is called. */
  readonly write:
    | string
    | ((codes: readonly string[], uses: Uses, args: readonly Written[]) => string);
  readonly draws?: boolean;
  readonly snippets?: readonly string[];
}

/** A transform that makes text. */
export function text<const T extends readonly Argument[]>(
  describe: string,
  takes: T,
  making: Making<T, string>,
): TransformCodec {
  return codecOf(describe, "text", takes, making);
}

/** A transform that makes bytes. */
export function bytes<const T extends readonly Argument[]>(
  describe: string,
  takes: T,
  making: Making<T, Uint8Array>,
): TransformCodec {
  return codecOf(describe, "bytes", takes, making);
}

function codecOf<T extends readonly Argument[]>(
  describe: string,
  yields: TransformCodec["yields"],
  takes: T,
  { apply, write, ...rest }: Making<T, Value>,
): TransformCodec {
  return {
    describe,
    yields,
    ...rest,
    numbers: takes.flatMap((kind, at) => kind.startsWith("count") ? [at] : []),
    apply: (args) => inDomain(apply(...readArguments(takes, args))),
    write(args, uses) {
      const codes = args.map((arg, at) => takes[at] === "bytes" ? bytesCode(arg, uses) : arg.code);
      return typeof write === "string" ? uses.call(write, ...codes) : write(codes, uses, args);
    },
  };
}

/** @throws {Error} for an argument that lacks or cannot be read. */
function readArguments<T extends readonly Argument[]>(takes: T, args: readonly Value[]): Read<T> {
  return takes.map((kind, at) => {
    const value = args[at];
    if (value !== undefined) return inDomain(READERS[kind.replace("?", "") as keyof Kinds](value));
    if (!kind.endsWith("?")) throw new Error(`lacks argument ${at + 1}`);
  }) as unknown as Read<T>;
}

/** @throws {Error} for `undefined` */
function inDomain<V>(value: V | undefined): V {
  if (value === undefined) throw new Error("cannot be applied to this value");
  return value;
}
