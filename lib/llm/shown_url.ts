/** Addresses as a model may see them. */
import { fragmentPairs, parseUrl, pathSegments, queryPairs } from "../http/url.ts";
import type { Placeholders } from "./placeholders.ts";

/** How the parts of an address are shown. */
export interface ShownParts {
  readonly placeholders: Placeholders;
  show(value: string, name: string, depth: number): string;
  segment(text: string, depth: number): string;
  name(text: string): string;
  origin(url: URL): string;
  constant(value: string): string;
}

const BASE = "http://relative.invalid";

/** Scheme, host and names of parameters, the rest as values; `undefined` for what is not an address. */
export function shownUrl(parts: ShownParts, text: string, depth: number): string | undefined {
  const url = parseUrl(text, BASE);
  if (url === null) return undefined;
  const show = (value: string, name = "") => parts.show(value, name, depth + 1);
  const pairs = (list: readonly (readonly [string, string])[]) =>
    list.map(([name, value]) => `${parts.name(name)}=${show(value, name)}`).join("&");
  const origin = url.origin === BASE && !text.startsWith(BASE) ? "" : parts.origin(url);
  const path = pathSegments(url).map((segment) => parts.segment(segment, depth + 1)).join("/");
  const query = queryPairs(url);
  const fragment = fragmentPairs(url);
  const plain = fragment.length === 0 && url.hash.length > 1 ? `#${show(url.hash.slice(1))}` : "";
  return `${origin}/${path}${query.length === 0 ? "" : `?${pairs(query)}`}${
    fragment.length === 0 ? plain : `#${pairs(fragment)}`
  }`;
}

/** As it may stand in a script: what is not shown is a constant. */
export function constantUrl(parts: ShownParts, text: string): string {
  const url = parseUrl(text);
  if (url === null || url.username !== "" || text.includes("%")) return parts.constant(text);
  if (text === url.origin) return parts.origin(url);
  const part = (value: string) => value === "" ? "" : parts.constant(value);
  const path = pathSegments(url).map(part).join("/");
  const query = queryPairs(url).map(([name, value]) => `${parts.name(name)}=${part(value)}`)
    .join("&");
  const tail = query === "" ? text.endsWith("?") ? "?" : "" : `?${query}`;
  const shown = `${parts.origin(url)}/${path}${tail}`;
  return parts.placeholders.fill(shown).source === text ? shown : parts.constant(text);
}
