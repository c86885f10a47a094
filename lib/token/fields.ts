/** Members of a parsed JSON file, checked by type. Errors name the member and never hold its value. */
import { isRecord } from "../base/json.ts";
import { parseUrl } from "../http/url.ts";

type Guard<T> = (value: unknown) => value is T;
type Fields = Readonly<Record<string, unknown>>;

/** @throws {TypeError} unless `value` is an object that has no other members than `names`. */
export function objectOf(value: unknown, names: readonly string[], what = "the file"): Fields {
  if (!isRecord(value)) throw new TypeError(`${what} is not a JSON object`);
  const unknown = Object.keys(value).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new TypeError(`${what} has the unknown member "${unknown}"`);
  return value;
}

/** @throws {TypeError} unless the member passes `guard`; `expected` says what it should be. */
export function field<T>(fields: Fields, name: string, guard: Guard<T>, expected: string): T {
  const value = fields[name];
  if (guard(value)) return value;
  throw new TypeError(`"${name}" is not ${expected}`);
}

/** Members that are all texts. */
export function textFields<const Name extends string>(
  fields: Fields,
  names: readonly Name[],
): Record<Name, string> {
  const texts = names.map((name) => [name, field(fields, name, isString, "a text")]);
  return Object.fromEntries(texts) as Record<Name, string>;
}

/** A member that is one of a few words. */
export function choiceField<const Choice extends string>(
  fields: Fields,
  name: string,
  choices: readonly Choice[],
): Choice {
  const isChoice = (value: unknown): value is Choice => choices.some((choice) => choice === value);
  return field(fields, name, isChoice, `one of ${choices.join(", ")}`);
}

export function isString(value: unknown): value is string {
  return typeof value === "string";
}

export function isBoolean(value: unknown): value is boolean {
  return typeof value === "boolean";
}

/** JSON has no other numbers than finite ones, but `1e999` is read as infinite. */
export function isTime(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return isRecord(value);
}

export function isList(value: unknown): value is unknown[] {
  return Array.isArray(value);
}

/** `https://api.example.com`, of http or https. */
export function isOrigin(value: unknown): value is string {
  return isString(value) && /^https?:/.test(value) && parseUrl(value)?.origin === value;
}

export function isNullOr<T>(guard: Guard<T>): Guard<T | null> {
  return (value): value is T | null => value === null || guard(value);
}

export function isListOf<T>(guard: Guard<T>): Guard<T[]> {
  return (value): value is T[] => Array.isArray(value) && value.every(guard);
}

export function isTextPair(value: unknown): value is [string, string] {
  return isListOf(isString)(value) && value.length === 2;
}

export function isRecordOf<T>(guard: Guard<T>): Guard<Record<string, T>> {
  return (value): value is Record<string, T> =>
    isRecord(value) && Object.values(value).every(guard);
}
