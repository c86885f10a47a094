/** Arguments of transforms, checked. */
import type { Value } from "../bytes.ts";

export function argument(op: string, args: readonly Value[], index: number): Value {
  const value = args[index];
  if (value === undefined) throw new Error(`Transform "${op}" lacks argument ${index + 1}`);
  return value;
}

/** An argument that must be text. */
export function textArg(op: string, args: readonly Value[], index = 0): string {
  const value = argument(op, args, index);
  return inDomain(op, typeof value === "string" ? value : undefined);
}

/** @throws {Error} for `undefined` */
export function inDomain<T>(op: string, value: T | undefined): T {
  if (value === undefined) throw new Error(`Transform "${op}" cannot be applied to this value`);
  return value;
}

/** A whole number that is written as text; `most` bounds it on both sides of zero. */
export function wholeNumber(
  op: string,
  args: readonly Value[],
  index: number,
  most = 1_000_000,
): number {
  const text = textArg(op, args, index);
  const number = /^-?\d{1,7}$/.test(text) ? Number(text) : undefined;
  return inDomain(op, number === undefined || Math.abs(number) > most ? undefined : number);
}

/** As `wholeNumber()`, for an argument that may be left out. */
export function optionalCount(
  op: string,
  args: readonly Value[],
  index: number,
): number | undefined {
  return args.length <= index ? undefined : wholeNumber(op, args, index);
}
