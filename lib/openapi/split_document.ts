/**
 * A document in parts, of which a reader loads those it looks at: one for each path and each component, and one
 * for each other member of the root. Put together again it reads like the whole, and a call loads some kilobytes
 * of a document of many megabytes. Pure.
 */
import { isRecord, type JsonObject, type JsonValue } from "../base/json.ts";

/** Where a part stands: its number, or the members below. */
export type PartTree = number | { readonly [key: string]: PartTree };

/** Members of the root whose own members are parts; `components` is divided once more. */
const DIVIDED = new Set(["paths", "webhooks", "definitions", "parameters", "responses"]);

/** Numbers the parts, and hands each to `take` in the order of their numbers. */
export function splitDocument(root: JsonValue, take: (part: JsonValue) => number): PartTree {
  if (!isRecord(root)) return take(root);
  return membersOf(root as JsonObject, (key, value) => {
    if (DIVIDED.has(key)) return divided(value, take);
    if (key !== "components" || !isRecord(value)) return take(value);
    return membersOf(value as JsonObject, (_, kind) => divided(kind, take));
  });
}

function divided(value: JsonValue, take: (part: JsonValue) => number): PartTree {
  return isRecord(value)
    ? membersOf(value as JsonObject, (_, member) => take(member))
    : take(value);
}

function membersOf(
  value: JsonObject,
  treeOf: (key: string, member: JsonValue) => PartTree,
): PartTree {
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, treeOf(key, one)]));
}

/** The document of a tree. Parts are read when they are looked at; `read` answers the same object while it is in use. */
export function joinDocument(tree: PartTree, read: (part: number) => JsonValue): JsonValue {
  if (typeof tree === "number") return read(tree);
  const joined = new Map<string, JsonValue>();
  const memberOf = (key: string): JsonValue | undefined => {
    if (!Object.hasOwn(tree, key)) return undefined;
    const child = tree[key]!;
    if (typeof child === "number") return read(child);
    const known = joined.get(key) ?? joinDocument(child, read);
    joined.set(key, known);
    return known;
  };
  return new Proxy({}, {
    get: (_, key) => typeof key === "string" ? memberOf(key) : undefined,
    has: (_, key) => Object.hasOwn(tree, key),
    ownKeys: () => Reflect.ownKeys(tree),
    set: () => false,
    getOwnPropertyDescriptor: (_, key) =>
      typeof key === "string" && Object.hasOwn(tree, key)
        ? { configurable: true, enumerable: true, get: () => memberOf(key) }
        : undefined,
  }) as JsonObject;
}
