/** Changing leaves of JSON text in place: white space, key order and number formats stay. */
import { parseJson } from "../base/json.ts";

export type JsonPrimitive = string | number | boolean | null;
export type JsonPath = readonly (string | number)[];

/** Answers the new value of a leaf, or `undefined` to leave it as it is. */
export type LeafRewrite = (
  path: JsonPath,
  value: JsonPrimitive,
) => JsonPrimitive | RawNumber | undefined;

/** A number literal kept as text, for numbers beyond 2^53. */
export interface RawNumber {
  readonly raw: string;
}

/** The text with its leaves rewritten; `undefined` when it is no JSON. */
export function rewriteJsonLeaves(text: string, rewrite: LeafRewrite): string | undefined {
  if (parseJson(text) === undefined) return undefined;
  return new LeafRewriter(text, rewrite).run();
}

/** Walks text that is known to be valid JSON, so it never has to report a syntax error. */
class LeafRewriter {
  readonly #text: string;
  readonly #rewrite: LeafRewrite;
  readonly #path: (string | number)[] = [];
  #at = 0;
  #output = "";
  #copiedTo = 0;

  constructor(text: string, rewrite: LeafRewrite) {
    this.#text = text;
    this.#rewrite = rewrite;
  }

  run(): string {
    this.#value();
    return this.#output + this.#text.slice(this.#copiedTo);
  }

  #value(): void {
    this.#skip(/[\s,:]*/y);
    const char = this.#text.charAt(this.#at);
    if (char === "{") this.#members();
    else if (char === "[") this.#items();
    else this.#leaf();
  }

  #members(): void {
    this.#at++;
    while (!this.#closes("}")) {
      this.#path.push(JSON.parse(this.#literal()) as string);
      this.#value();
      this.#path.pop();
    }
  }

  #items(): void {
    this.#at++;
    for (let index = 0; !this.#closes("]"); index++) {
      this.#path.push(index);
      this.#value();
      this.#path.pop();
    }
  }

  #leaf(): void {
    const start = this.#at;
    const literal = this.#literal();
    const changed = this.#rewrite([...this.#path], JSON.parse(literal) as JsonPrimitive);
    if (changed === undefined) return;
    this.#output += this.#text.slice(this.#copiedTo, start) + literalOf(changed);
    this.#copiedTo = this.#at;
  }

  #closes(bracket: string): boolean {
    this.#skip(/[\s,]*/y);
    if (this.#text.charAt(this.#at) !== bracket) return false;
    this.#at++;
    return true;
  }

  #literal(): string {
    return this.#skip(/"[^"\\]*(?:\\.[^"\\]*)*"|[^\s,:{}[\]"]+/y);
  }

  #skip(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += found.length;
    return found;
  }
}

function literalOf(value: JsonPrimitive | RawNumber): string {
  return typeof value === "object" && value !== null ? value.raw : JSON.stringify(value);
}
