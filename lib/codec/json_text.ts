/** The leaves of JSON, and changing them in the text: white space, key order and number formats stay. */
import type { Mask } from "./codec.ts";
import { isRecord, type JsonValue, MAX_JSON_DEPTH, parseJson } from "../base/json.ts";
import { parseGuardedJson, stripJsonGuard } from "../http/body.ts";

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

/** Nesting followed; what lies deeper is left alone. No application nests its data like that. */
const MAX_DEPTH = 100;

/** Every leaf as text with its path, in order. */
export function jsonLeaves(value: JsonValue): (readonly [JsonPath, string])[] {
  return jsonValues(value, { maxDepth: MAX_DEPTH }).map(([path, leaf]) => [path, String(leaf)]);
}

/** The same as the values that they are; `null` is none. The first `most` of them, `maxDepth` keys deep. */
export function jsonValues(
  root: JsonValue,
  { most = Infinity, maxDepth = MAX_JSON_DEPTH }: {
    readonly most?: number;
    readonly maxDepth?: number;
  } = {},
): (readonly [JsonPath, NonNullable<JsonPrimitive>])[] {
  const found: [JsonPath, NonNullable<JsonPrimitive>][] = [];
  const path: (string | number)[] = [];
  const visit = (value: JsonValue) => {
    if (found.length >= most || path.length > maxDepth) return;
    if (Array.isArray(value)) value.forEach(inside);
    else if (isRecord(value)) { for (const key in value) inside(value[key] as JsonValue, key); }
    else if (value !== null) found.push([[...path], value as NonNullable<JsonPrimitive>]);
  };
  const inside = (value: JsonValue, key: string | number) => {
    path.push(key);
    visit(value);
    path.pop();
  };
  visit(root);
  return found;
}

/**
 * The leaf at `path` as text: strings as they are, numbers and booleans as JSON writes them.
 * `undefined` for `null`, objects, arrays and paths that lead nowhere.
 */
export function jsonLeaf(root: JsonValue | undefined, path: JsonPath): string | undefined {
  let node: unknown = root;
  for (const step of path) {
    if (typeof node !== "object" || node === null) return undefined;
    const key = keyAt(node, step);
    if (key === undefined || !Object.hasOwn(node, key)) return undefined;
    node = (node as Record<string | number, unknown>)[key];
  }
  if (typeof node === "string") return node;
  return typeof node === "number" || typeof node === "boolean" ? String(node) : undefined;
}

/** Of an object a number takes a member by its order: one that is called otherwise for each user. */
function keyAt(node: object, step: string | number): string | number | undefined {
  return typeof step === "string" || Array.isArray(node) ? step : Object.keys(node)[step];
}

/** The path by the keys of this very text. */
function resolved(root: JsonValue | undefined, path: JsonPath): JsonPath {
  let node: unknown = root;
  return path.map((step) => {
    const key = typeof node === "object" && node !== null ? keyAt(node, step) ?? step : step;
    node = (node as Record<string | number, unknown> | undefined)?.[key];
    return key;
  });
}

/** JSON text with the leaf at `path` replaced; a number stays a number, a boolean a boolean. */
export function putJsonLeaf(text: string, path: JsonPath, fresh: string): string | undefined {
  const wanted = JSON.stringify(resolved(parseGuardedJson(text), path));
  return rewriteJsonLeaves(text, (candidate, value) => {
    if (JSON.stringify(candidate) !== wanted) return undefined;
    return typeof value === "string" ? fresh : { raw: fresh };
  });
}

/** The keys of a path as code. */
export function pathCode(path: JsonPath): string[] {
  return path.map((key) => JSON.stringify(key));
}

export function maskedPath(path: JsonPath, mask: Mask): JsonPath {
  return path.map((key) => typeof key === "string" ? mask.name(key) : key);
}

/** The text with its leaves rewritten, behind its guard; `undefined` when it is not JSON. */
export function rewriteJsonLeaves(text: string, rewrite: LeafRewrite): string | undefined {
  const json = stripJsonGuard(text.trimStart());
  if (parseJson(json) === undefined) return undefined;
  return text.slice(0, text.length - json.length) + new LeafRewriter(json, rewrite).run();
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
    if (this.#path.length > MAX_DEPTH) this.#at = this.#text.length;
    else if (char === "{") this.#members();
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
    if (this.#at >= this.#text.length) return true;
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
