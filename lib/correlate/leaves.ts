/** What is asked of the leaves of a request. */
import type { Leaf, Place } from "../codec/request_leaves.ts";
import { memberName } from "../http/member_name.ts";
import { isBystanderCookie } from "../http/ordinary_traffic.ts";
import { isCredentialName } from "../http/vocabulary.ts";

export type { JsonPath } from "../codec/json_text.ts";
export type { Leaf, Place } from "../codec/request_leaves.ts";

/** In the query or the body. */
export function isField(leaf: Leaf): boolean {
  return leaf.place.kind === "query" || isBodyField(leaf);
}

const BODY_KINDS: ReadonlySet<Place["kind"]> = new Set(["json", "xml", "form", "multipart"]);

export function isBodyField(leaf: Leaf): boolean {
  return BODY_KINDS.has(leaf.place.kind);
}

export function isFormLeaf({ place }: Leaf): boolean {
  return place.kind === "form" || place.kind === "multipart";
}

/** Where credentials stand: `Authorization`, headers of the app, cookies, fields that are called so. */
export function isCredentialPlace({ place, name }: Leaf): boolean {
  if (place.kind === "header") return true;
  if (place.kind === "cookie") return !isBystanderCookie(name);
  return place.kind !== "path" && place.kind !== "text" && isCredentialName(name);
}

/** The same for a value carried under the same name by several requests. */
export function fieldKey(leaf: Leaf): string {
  return `${fieldPath(leaf)}\0${leaf.value}`;
}

/** The key under which a token state keeps the value: a name, a dotted path into JSON, a path into XML. */
export function fieldPath(leaf: Leaf): string {
  switch (leaf.place.kind) {
    case "json":
      return leaf.place.path.join(".") || memberName(leaf.place.path);
    case "xml":
      return leaf.place.path;
    case "path":
    case "text":
      return leaf.name;
    default:
      return leaf.place.name;
  }
}

/** Where a leaf stands, for people: `query state`, `body password`, `cookie sid`, `header X-Token`. */
export function describePlace(place: Place): string {
  switch (place.kind) {
    case "path":
      return `path segment ${place.index + 1}`;
    case "json":
      return `body ${place.path.join(".")}`;
    case "xml":
      return `body ${place.path}`;
    case "form":
    case "multipart":
      return `body ${place.name}`;
    case "text":
      return "body";
    default:
      return `${place.kind} ${place.name}`;
  }
}
