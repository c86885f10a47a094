/** What a request sends by name, and whether a site names it. */
import { type Leaf, requestLeaves } from "../../codec/request_leaves.ts";
import type { JsonPath } from "../../codec/json_text.ts";
import { describePlace } from "../../correlate/leaves.ts";
import type { JsonValue } from "../../base/json.ts";
import { parseBody } from "../../http/body.ts";
import type { HttpRequest, HttpResponse } from "../../http/exchange.ts";
import { headerValue } from "../../http/headers.ts";
import { isOpaque } from "../../http/opaque.ts";
import { words } from "../../http/vocabulary.ts";

const MAX_DEPTH = 12;

/** By where it stands, as `describePlace` says it. */
export function fieldsOf(request: HttpRequest): ReadonlyMap<string, Leaf> {
  return new Map(ownLeaves(request).map((leaf) => [describePlace(leaf.place), leaf]));
}

/** Without paths, which are the same. */
export function ownLeaves(request: HttpRequest): Leaf[] {
  return requestLeaves(request).filter(({ place }) => place.kind !== "path");
}

/** Fields of the body and the address that `recorded` has and `request` has not, cookies and headers left out. */
export function missingFields(request: HttpRequest, recorded: HttpRequest): string[] {
  const sent = fieldsOf(request);
  return [...fieldsOf(recorded)].flatMap(([where, { place }]) =>
    place.kind === "cookie" || place.kind === "header" || sent.has(where) ? [] : [where]
  );
}

/** What `request` sends, members without a value included, and none of `others` does. */
export function addedFields(request: HttpRequest, others: readonly HttpRequest[]): Leaf[] {
  const known = new Set(others.flatMap((other) => allFields(other).map(keyOf)));
  const added = allFields(request).filter((leaf) => !known.has(keyOf(leaf)));
  return [...new Map(added.map((leaf) => [keyOf(leaf), leaf])).values()];
}

function allFields(request: HttpRequest): Leaf[] {
  const body = parseBody(request.headers, request.body);
  return [...ownLeaves(request), ...body.kind === "json" ? emptyMembers(body.value, []) : []];
}

/** Header names are the same in any case (RFC 9110 section 5.1). */
function keyOf({ place }: Leaf): string {
  const where = describePlace(place);
  return place.kind === "header" ? where.toLowerCase() : where;
}

/** Members that are `null`, `{}` or `[]`: no leaf stands in them. */
function emptyMembers(value: JsonValue, path: JsonPath): Leaf[] {
  if (typeof value !== "object" || path.length > MAX_DEPTH) return [];
  const members = Object.entries(value ?? {});
  if (members.length > 0) {
    return members.flatMap(([name, item]) => emptyMembers(item as JsonValue, [...path, name]));
  }
  return path.length === 0
    ? []
    : [{ place: { kind: "json", path }, name: String(path.at(-1)), value: "" }];
}

/** True where an answer says the name of the field, asks for such a header, or handed its value out. */
export function isSaid(
  { place, name, value }: Leaf,
  answers: readonly (HttpResponse | null)[],
): boolean {
  const said = answers.map(saidIn);
  // A challenge asks for `Authorization` without saying that name (RFC 9110 section 11.6.1).
  const isAsked = place.kind === "header" && name.toLowerCase() === "authorization" &&
    answers.some((answer) => headerValue(answer?.headers ?? [], "www-authenticate") !== undefined);
  const parts = value.split(/\s+/).filter(isOpaque);
  return isAsked || isNamedIn(name, said) ||
    said.some((text) => parts.some((part) => text.includes(part)));
}

/** True where one of the texts says the name of a field, in whatever way it is written. */
export function isNamedIn(name: string, texts: readonly string[]): boolean {
  if (name.length < 2) return false;
  const told = words(name);
  return texts.some((text) =>
    told === "" ? text.includes(name) : ` ${words(text)} `.includes(` ${told} `)
  );
}

/** Values of headers, and the body. */
export function saidIn(response: HttpResponse | null): string {
  return [...(response?.headers ?? []).map(([, value]) => value), bodyOf(response)].join("\n");
}

export function bodyOf(response: HttpResponse | null): string {
  return new TextDecoder().decode(response?.body ?? new Uint8Array());
}
