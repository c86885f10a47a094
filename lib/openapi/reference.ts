/**
 * Lazy `$ref`s: a reference is followed when somebody asks for what it stands for, and only into the
 * document itself or into documents the configuration lists. Nothing is fetched here, and an object
 * with a `$ref` key inside example data is never looked at.
 */
import { resolveAgainst } from "../base/config_values.ts";
import { isRecord } from "../base/json.ts";
import type { OpenApiDocument } from "./document.ts";
import { withoutFragment } from "../http/url.ts";

/** A flaw of a document that costs one operation, not the whole document. The message is its reason. */
export class DocumentProblem extends Error {
  override readonly name = "DocumentProblem";
}

/** A value of a document, and which document: references in it are relative to that one. */
export interface Node {
  readonly value: unknown;
  readonly location: string;
}

/** References that lead to references; deeper chains are a mistake or an attack. */
const MAX_CHAIN = 64;

export class References {
  readonly #document: OpenApiDocument;
  readonly #self: string | null;

  constructor(document: OpenApiDocument) {
    this.#document = document;
    const self = document.root.$self;
    this.#self = typeof self === "string"
      ? withoutFragment(resolveAgainst(self, document.location))
      : null;
  }

  /** The document itself. */
  get root(): Node {
    return { value: this.#document.root, location: this.#document.location };
  }

  /** What a node stands for once its references are followed. */
  follow(node: Node): Node {
    let current = node;
    for (let steps = 0; steps < MAX_CHAIN; steps++) {
      const ref = referenceOf(current.value);
      if (ref === null) return current;
      current = this.#target(ref, current.location);
    }
    throw new DocumentProblem(`Reference "${referenceOf(node.value)}" leads back to itself`);
  }

  /** The node under a key, references followed; `null` when there is none. */
  child(node: Node, key: string): Node | null {
    const raw = rawChild(node, key);
    return raw === null ? null : this.follow(raw);
  }

  /** The members of an object node, references not yet followed. */
  members(node: Node | null): [string, Node][] {
    if (node === null || !isRecord(node.value)) return [];
    return Object.entries(node.value).map((
      [key, value],
    ) => [key, { value, location: node.location }]);
  }

  #target(ref: string, from: string): Node {
    const hash = ref.indexOf("#");
    const path = hash < 0 ? ref : ref.slice(0, hash);
    const fragment = hash < 0 ? "" : ref.slice(hash + 1);
    const location = path === "" ? from : this.#locationOf(path, from, ref);
    const root = this.#rootOf(location, ref);
    return { value: valueAt(root, fragment, ref), location };
  }

  #locationOf(path: string, from: string, ref: string): string {
    const base = from === this.#document.location ? this.#self ?? from : from;
    const location = resolveAgainst(path, base);
    if (location === this.#self || location === this.#document.location) {
      return this.#document.location;
    }
    if (this.#document.externals.has(location)) return location;
    throw new DocumentProblem(
      `Reference "${ref}" points to another document; list "${location}" under "refs" to allow it`,
    );
  }

  #rootOf(location: string, ref: string): unknown {
    if (location === this.#document.location) return this.#document.root;
    const root = this.#document.externals.get(location);
    if (root === undefined) throw new DocumentProblem(`Reference "${ref}" cannot be resolved`);
    return root;
  }
}

/** The `$ref` of an object that is nothing but a reference. */
export function referenceOf(value: unknown): string | null {
  if (!isRecord(value) || !Object.hasOwn(value, "$ref")) return null;
  return typeof value.$ref === "string" ? value.$ref : null;
}

/** The node under a key, as it stands. Keys such as `constructor` are only found where they are written. */
export function rawChild(node: Node | null, key: string): Node | null {
  if (node === null || !isRecord(node.value) || !Object.hasOwn(node.value, key)) return null;
  return { value: node.value[key], location: node.location };
}

/** A text under a key; `null` when there is none or it is something else. */
export function textAt(node: Node | null, key: string): string | null {
  const value = rawChild(node, key)?.value;
  return typeof value === "string" ? value : null;
}

export function booleanAt(node: Node | null, key: string): boolean | null {
  const value = rawChild(node, key)?.value;
  return typeof value === "boolean" ? value : null;
}

/** The texts of an array under a key. Documents hold numbers among them; what is neither says nothing. */
export function textsAt(node: Node | null, key: string): string[] {
  return itemsAt(node, key).flatMap(({ value }) =>
    typeof value === "string" || typeof value === "number" ? [String(value)] : []
  );
}

/** The items of an array under a key, references not yet followed. */
export function itemsAt(node: Node | null, key: string): Node[] {
  const list = rawChild(node, key);
  if (list === null || !Array.isArray(list.value)) return [];
  return list.value.map((value) => ({ value, location: list.location }));
}

/** JSON pointer in a URI fragment (RFC 6901 section 6). */
function valueAt(root: unknown, fragment: string, ref: string): unknown {
  if (fragment === "") return root;
  if (!fragment.startsWith("/")) {
    throw new DocumentProblem(`Reference "${ref}" uses an anchor, which is not supported`);
  }
  let value: unknown = root;
  for (const segment of fragment.slice(1).split("/")) {
    const key = decodeSegment(segment);
    const isThere = typeof value === "object" && value !== null && Object.hasOwn(value, key);
    if (!isThere) throw new DocumentProblem(`Reference "${ref}" points to nothing`);
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

function decodeSegment(segment: string): string {
  let text = segment;
  try {
    text = decodeURIComponent(segment);
  } catch {
    // A stray "%" in a key stands for itself.
  }
  return text.replaceAll("~1", "/").replaceAll("~0", "~");
}
