/** A value of a configuration file that knows where it stands, so that every complaint can say so. */
import { AppError } from "./error.ts";
import { isRecord, type JsonValue } from "./json.ts";
import { escapePointer, type TextPosition } from "./yaml_positions.ts";

export class ConfigNode {
  readonly value: JsonValue;
  /** `services.helpdesk.openapi`; empty for the whole file. */
  readonly path: string;
  readonly #pointer: string;
  readonly #file: string;
  readonly #positions: ReadonlyMap<string, TextPosition>;

  constructor(
    value: JsonValue,
    file: string,
    positions: ReadonlyMap<string, TextPosition>,
    path = "",
    pointer = "",
  ) {
    this.value = value;
    this.path = path;
    this.#pointer = pointer;
    this.#file = file;
    this.#positions = positions;
  }

  /** @throws {AppError} `BAD_CONFIG` with `{ file, line, column, key, problem }`. */
  fail(problem: string, hint?: string): never {
    const at = this.#positions.get(this.#pointer);
    const place = at === undefined ? "" : `:${at.line}:${at.column}`;
    const subject = this.path === "" ? "" : ` "${this.path}"`;
    throw new AppError("BAD_CONFIG", `${this.#file}${place}:${subject} ${problem}`, {
      ...(hint === undefined ? {} : { hint }),
      details: {
        file: this.#file,
        line: at?.line ?? null,
        column: at?.column ?? null,
        key: this.path,
        problem,
      },
    });
  }

  /** The entries of a mapping, whatever their keys. */
  entries(): [string, ConfigNode][] {
    if (!isRecord(this.value)) this.fail("must be a mapping");
    return Object.keys(this.value).map((key) => [key, this.#child(key)]);
  }

  /**
   * The entries of a mapping that knows its keys.
   *
   * @throws {AppError} `BAD_CONFIG` at the first key that is none of them.
   */
  fields<K extends string>(keys: readonly K[]): Partial<Record<K, ConfigNode>> {
    const fields: Partial<Record<K, ConfigNode>> = {};
    for (const [key, node] of this.entries()) {
      const known = keys.find((candidate) => candidate === key);
      if (known === undefined) {
        return node.fail("is not a known key", `Known keys: ${keys.join(", ")}`);
      }
      fields[known] = node;
    }
    return fields;
  }

  items(): ConfigNode[] {
    if (!Array.isArray(this.value)) this.fail("must be a list");
    return this.value.map((_, index) => this.#child(String(index)));
  }

  string(): string {
    if (typeof this.value !== "string" || this.value === "") this.fail("must be a text");
    return this.value;
  }

  strings(): string[] {
    return this.items().map((item) => item.string());
  }

  boolean(): boolean {
    if (typeof this.value !== "boolean") this.fail("must be true or false");
    return this.value;
  }

  integer(min: number, max: number): number {
    const value = this.value;
    if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > max) {
      this.fail(`must be a whole number from ${min} to ${max}`);
    }
    return value;
  }

  number(min: number, max: number): number {
    const value = this.value;
    if (typeof value !== "number" || !(value >= min && value <= max)) {
      this.fail(`must be a number from ${min} to ${max}`);
    }
    return value;
  }

  oneOf<const T extends string>(choices: readonly T[]): T {
    const chosen = choices.find((choice) => choice === this.value);
    if (chosen === undefined) this.fail(`must be one of: ${choices.join(", ")}`);
    return chosen;
  }

  #child(key: string): ConfigNode {
    const value = (this.value as Readonly<Record<string, JsonValue>>)[key] ?? null;
    const path = this.path === "" ? key : `${this.path}.${key}`;
    const pointer = `${this.#pointer}/${escapePointer(key)}`;
    return new ConfigNode(value, this.#file, this.#positions, path, pointer);
  }
}
