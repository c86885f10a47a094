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
