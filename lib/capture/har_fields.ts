/**
 * Reading the fields of one HAR entry (HAR 1.2, http://www.softwareishard.com/blog/har-12-spec/). What
 * the specification requires and Keysmith needs must be there; the rest is taken if it is usable.
 */
import { isRecord } from "../base/json.ts";
import { entryPlace, InputProblem } from "./input_error.ts";

/** A view of one object inside an entry that knows where it stands. */
export class HarObject {
  readonly #value: Record<string, unknown>;
  readonly #index: number;
  readonly #path: string;

  private constructor(value: Record<string, unknown>, index: number, path: string) {
    this.#value = value;
    this.#index = index;
    this.#path = path;
  }

  /** The entry at `index`, counted from 0. */
  static entry(value: unknown, index: number): HarObject {
    if (isRecord(value)) return new HarObject(value, index, "");
    throw new InputProblem(entryPlace(index), `entry ${index + 1} is no object`);
  }

  /** @throws {InputProblem} when the field is absent or no object. */
  object(name: string): HarObject {
    const value = this.#value[name];
    if (isRecord(value)) return new HarObject(value, this.#index, this.#pathOf(name));
    throw this.problem(name, value === undefined ? "is missing" : "is no object");
  }

  /** `null` when the field is absent, null or no object. */
  optionalObject(name: string): HarObject | null {
    const value = this.#value[name];
    return isRecord(value) ? new HarObject(value, this.#index, this.#pathOf(name)) : null;
  }

  /** The objects of a list; none when the field is absent or null. */
  objects(name: string): HarObject[] {
    const value = this.#value[name];
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) throw this.problem(name, "is no list");
    return value.map((item, position) => {
      const path = `${this.#pathOf(name)}[${position}]`;
      if (isRecord(item)) return new HarObject(item, this.#index, path);
      throw this.problem(`${name}[${position}]`, "is no object");
    });
  }

  /** @throws {InputProblem} when the field is absent, empty or no string. */
  text(name: string): string {
    const value = this.#value[name];
    if (typeof value === "string" && value !== "") return value;
    throw this.problem(name, value === undefined ? "is missing" : "is no text");
  }

  /** A string, or a number or boolean written without quotes; `null` otherwise. */
  optionalText(name: string): string | null {
    const value = this.#value[name];
    if (typeof value === "string") return value;
    return typeof value === "number" || typeof value === "boolean" ? String(value) : null;
  }

  /** A number, or a string that is one; `null` otherwise. */
  optionalNumber(name: string): number | null {
    const value = this.#value[name];
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    return typeof number === "number" && Number.isFinite(number) ? number : null;
  }

  flag(name: string): boolean {
    return this.#value[name] === true;
  }

  /** A problem with a field of this object: `entry 12: "request.url" is missing`. */
  problem(field: string, what: string): InputProblem {
    const path = this.#pathOf(field);
    return new InputProblem(
      entryPlace(this.#index, path),
      `entry ${this.#index + 1}: "${path}" ${what}`,
    );
  }

  #pathOf(name: string): string {
    return this.#path === "" ? name : `${this.#path}.${name}`;
  }
}
