/** The options of one invocation, read with their type. Parsing and validation of numbers happen here. */
import { AppError } from "../base/error.ts";

export interface NumberRange {
  readonly min: number;
  readonly max: number;
}

export class Flags {
  readonly #values: Readonly<Record<string, unknown>>;

  /** `values` as commander collects them, by the long name in camel case. */
  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  on(name: string): boolean {
    return this.#values[name] === true;
  }

  /** True for `--no-name`, where there is a `--name` too. */
  off(name: string): boolean {
    return this.#values[name] === false;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === "string" ? value : undefined;
  }

  /** The same with another value for one option. */
  with(name: string, value: unknown): Flags {
    return new Flags({ ...this.#values, [name]: value });
  }

  /** The values of a repeatable option, in order. */
  list(name: string): string[] {
    const value = this.#values[name];
    return Array.isArray(value) ? value.map(String) : [];
  }

  /** @throws {AppError} `USAGE` for another word. */
  choice<const T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const found = choices.find((choice) => choice === value);
    if (found !== undefined) return found;
    throw new AppError("USAGE", `Unknown value "${value}" for ${optionName(name)}`, {
      hint: `Use one of: ${choices.join(", ")}`,
    });
  }

  /** A decimal number within `range`, ends included. @throws {AppError} `USAGE`. */
  number(name: string, range: NumberRange): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const number = /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : NaN;
    if (number >= range.min && number <= range.max) return number;
    throw new AppError("USAGE", `Unusable value "${value}" for ${optionName(name)}`, {
      hint: `Give a number from ${range.min} to ${range.max}`,
    });
  }
}

function optionName(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
