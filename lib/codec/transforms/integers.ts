/**
 * Whole numbers of any size as decimal text: counters, and the arithmetic of SRP and Diffie-Hellman
 * (RFC 5054). Bytes and hex digits are read and written with the greatest first.
 */
import { bytesCode, bytesOf, hexBytes, hexOf } from "../bytes.ts";

import type { Uses, Written } from "../code.ts";
import type { TransformCodec } from "../codec.ts";
import { argument, inDomain, textArg, wholeNumber } from "./arguments.ts";

/** Digits at most: a number of 8192 bits has 2467. */
const MAX_DIGITS = 5000;
/** Of an exponent, in bits: a modulus of 8192 bits makes longer ones needless. */
const MAX_EXPONENT = 20_000;

export const add = binary("add", "+", (a, b) => a + b);
export const subtract = binary("subtract", "-", (a, b) => a - b);
export const multiply = binary("multiply", "*", (a, b) => a * b);
/** Towards zero. */
export const divide = binary("divide", "/", (a, b) => a / b);

/** The remainder that is never negative. */
export const modulo: TransformCodec = {
  describe: "remainder of whole numbers",
  yields: "text",
  apply: (args) => {
    const [a, m] = [integer("modulo", args, 0), positive("modulo", args, 1)];
    return String(((a % m) + m) % m);
  },
  write: (args, uses) => uses.call("modulo", ...args.map(({ code }) => code)),
  snippets: [`/** The remainder that is never negative, of whole numbers in decimal. */
function modulo(number: string, modulus: string): string {
  const [a, m] = [BigInt(number), BigInt(modulus)];
  return String(((a % m) + m) % m);
}`],
};

/** Base, exponent, modulus. */
export const modPow: TransformCodec = {
  describe: "power of whole numbers by a modulus",
  yields: "text",
  apply: (args) => {
    const exponent = integer("mod-pow", args, 1);
    const isFit = exponent >= 0n && exponent.toString(2).length <= MAX_EXPONENT;
    inDomain("mod-pow", isFit ? exponent : undefined);
    return String(power(integer("mod-pow", args, 0), exponent, positive("mod-pow", args, 2)));
  },
  write: (args, uses) => uses.call("mod_pow", ...args.map(({ code }) => code)),
  snippets: [`/** base ** exponent % modulus, of whole numbers in decimal. */
function mod_pow(base: string, exponent: string, modulus: string): string {
  const m = BigInt(modulus);
  let result = 1n % m;
  let square = ((BigInt(base) % m) + m) % m;
  for (let rest = BigInt(exponent); rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = result * square % m;
    square = square * square % m;
  }
  return String(result);
}`],
};

/** Of bytes, or of a text of hex digits. */
export const integerOf: TransformCodec = {
  describe: "the whole number in the bytes",
  yields: "text",
  apply: (args) => {
    const value = argument("integer", args, 0);
    const hex = typeof value === "string" ? value.replace(/^0x/i, "") : hexOf(value);
    return inDomain(
      "integer",
      /^[0-9a-f]*$/i.test(hex) && hex.length <= MAX_DIGITS
        ? String(BigInt(`0x0${hex}`))
        : undefined,
    );
  },
  write: ([arg], uses) =>
    arg!.yields === "bytes"
      ? uses.call("integer_of", uses.call("hex", arg!.code))
      : uses.call("integer_of", arg!.code),
  snippets: [`/** The whole number of hex digits, in decimal. */
function integer_of(hex: string): string {
  return String(BigInt("0x0" + hex.replace(/^0x/i, "")));
}`],
};

/** Hex digits of a number, with as few as it takes, or filled up to a length. */
export const integerHex: TransformCodec = {
  describe: "a whole number in hex",
  yields: "text",
  apply: (args) => {
    const number = natural("integer-hex", args).toString(16);
    return args.length < 2
      ? number
      : number.padStart(wholeNumber("integer-hex", args, 1, MAX_DIGITS), "0");
  },
  write: ([number, length]) => hexCode(number!, length),
  numbers: [1],
};

/** Bytes of a number, with as few as it takes, or filled up to a length in bytes. */
export const integerBytes: TransformCodec = {
  describe: "the bytes of a whole number",
  yields: "bytes",
  apply: (args) => {
    const hex = natural("integer-bytes", args).toString(16);
    const even = hex.padStart(hex.length + hex.length % 2, "0");
    const length = args.length < 2 ? 0 : wholeNumber("integer-bytes", args, 1, MAX_DIGITS);
    return hexBytes(even.padStart(2 * length, "0"))!;
  },
  write: (args, uses) => bytesOfNumber(args, uses),
  snippets: [`/** The bytes of a whole number in decimal, at least \`length\` of them. */
function integer_bytes(number: string, length = 1): Uint8Array<ArrayBuffer> {
  const hex = BigInt(number).toString(16);
  return hex_to_bytes(hex.padStart(Math.max(2 * length, hex.length + hex.length % 2), "0"));
}`],
  numbers: [1],
};

/** Bytes as digits of an alphabet, as base 58 is: one number, with a first digit for each zero in front. */
export const baseDigits: TransformCodec = {
  describe: "digits of an alphabet",
  yields: "text",
  apply: (args) => {
    const bytes = bytesOf(argument("base-digits", args, 0));
    const alphabet = [...textArg("base-digits", args, 1)];
    inDomain(
      "base-digits",
      alphabet.length < 2 || bytes.length > MAX_DIGITS ? undefined : alphabet,
    );
    const base = BigInt(alphabet.length);
    let digits = "";
    for (let rest = BigInt(`0x0${hexOf(bytes)}`); rest > 0n; rest /= base) {
      digits = alphabet[Number(rest % base)] + digits;
    }
    const zeros = bytes.findIndex((byte) => byte !== 0);
    return alphabet[0]!.repeat(zeros === -1 ? bytes.length : zeros) + digits;
  },
  write: ([bytes, alphabet], uses) =>
    uses.call("base_digits", bytesCode(bytes!, uses), alphabet!.code),
  snippets: [`/** Bytes as digits of an alphabet, with a first digit for each zero in front. */
function base_digits(bytes: Uint8Array, alphabet: string): string {
  const letters = [...alphabet];
  const base = BigInt(letters.length);
  let digits = "";
  for (let rest = BigInt("0x0" + hex(bytes)); rest > 0n; rest /= base) {
    digits = letters[Number(rest % base)] + digits;
  }
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return letters[0]!.repeat(zeros === -1 ? bytes.length : zeros) + digits;
}`],
};

function binary(
  op: string,
  sign: string,
  compute: (a: bigint, b: bigint) => bigint,
): TransformCodec {
  return {
    describe: `whole numbers (${sign})`,
    yields: "text",
    apply: (args) => {
      const [a, b] = [integer(op, args, 0), integer(op, args, 1)];
      inDomain(op, sign === "/" && b === 0n ? undefined : b);
      return String(compute(a, b));
    },
    write: (args) => `String(${args.map(({ code }) => `BigInt(${code})`).join(` ${sign} `)})`,
  };
}

function integer(op: string, args: Parameters<TransformCodec["apply"]>[0], at: number): bigint {
  const text = textArg(op, args, at).trim();
  const isNumber = text.length <= MAX_DIGITS && /^-?\d+$/.test(text);
  return inDomain(op, isNumber ? BigInt(text) : undefined);
}

function positive(op: string, args: Parameters<TransformCodec["apply"]>[0], at: number): bigint {
  const number = integer(op, args, at);
  return inDomain(op, number > 0n ? number : undefined);
}

function natural(op: string, args: Parameters<TransformCodec["apply"]>[0]): bigint {
  const number = integer(op, args, 0);
  return inDomain(op, number >= 0n ? number : undefined);
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n % modulus;
  let square = ((base % modulus) + modulus) % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = result * square % modulus;
    square = square * square % modulus;
  }
  return result;
}

function hexCode(number: Written, length: Written | undefined): string {
  const digits = `BigInt(${number.code}).toString(16)`;
  return length === undefined ? digits : `${digits}.padStart(${length.code}, "0")`;
}

function bytesOfNumber(args: readonly Written[], uses: Uses): string {
  return uses.call("integer_bytes", ...args.map(({ code }) => code));
}
