/**
 * Reading the fields of one HAR entry (HAR 1.2, http://www.softwareishard.com/blog/har-12-spec/). Recorders
 * leave fields out, write `null`, quote numbers and keep lists as dictionaries: what can be used is taken,
 * what cannot is passed over and noted, and no field refuses the recording.
 */
import { isRecord } from "../base/json.ts";

/** A view of one object inside an entry that knows where it stands. */
export class HarObject {
  readonly #value: Record<string, unknown>;
  readonly #path: string;
  readonly #malformed: Set<string>;

  private constructor(value: Record<string, unknown>, path: string, malformed: Set<string>) {
    this.#value = value;
    this.#path = path;
    this.#malformed = malformed;
  }

  /** `null` when the entry is not an object. */
  static entry(value: unknown): HarObject | null {
    return isRecord(value) ? new HarObject(value, "", new Set()) : null;
  }

  /** What was passed over in the whole entry: `malformed "request.headers"`. */
  get malformed(): readonly string[] {
    return [...this.#malformed];
  }

  /** `null` when the field is absent or not an object. */
  object(name: string): HarObject | null {
    const value = this.#value[name];
    if (isRecord(value)) return this.#inner(value, name);
    if (!isAbsent(value)) this.note(name);
    return null;
  }

  /**
   * The objects of a list, and of a dictionary `{ name: value }` its pairs. None when the field is absent;
   * what is neither is passed over.
   */
  objects(name: string): HarObject[] {
    const value = this.#value[name];
    if (isAbsent(value)) return [];
    if (Array.isArray(value)) return value.flatMap((item: unknown) => this.#item(item, name));
    if (!isRecord(value)) return this.#passOver(name);
    return Object.entries(value).map(([key, text]) =>
      this.#inner({ name: key, value: text }, name)
    );
  }

  /** A string, or a number or boolean written without quotes; `null` otherwise. */
  text(name: string): string | null {
    const value = this.#value[name];
    if (typeof value === "string") return value;
    if (typeof value === "number" || typeof value === "boolean") return String(value);
    if (!isAbsent(value)) this.note(name);
    return null;
  }

  /** A number, or a string that is one; `null` otherwise. */
  number(name: string): number | null {
    const value = this.#value[name];
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    return typeof number === "number" && Number.isFinite(number) ? number : null;
  }

  flag(name: string): boolean {
    return this.#value[name] === true;
  }

  /** Notes that a field of this object holds what it should not. */
  note(name: string): void {
    this.#malformed.add(`malformed "${this.#pathOf(name)}"`);
  }

  #item(item: unknown, name: string): HarObject[] {
    return isRecord(item) ? [this.#inner(item, name)] : this.#passOver(name);
  }

  #passOver(name: string): [] {
    this.note(name);
    return [];
  }

  #inner(value: Record<string, unknown>, name: string): HarObject {
    return new HarObject(value, this.#pathOf(name), this.#malformed);
  }

  #pathOf(name: string): string {
    return this.#path === "" ? name : `${this.#path}.${name}`;
  }
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}
