/**
 * Parameters in the text of a URL (query, then fragment) or in form-encoded text. A fragment may hold a
 * route of its own before them: `#/route?token=…`.
 */
import { fragmentQuery } from "../http/url.ts";

export type UrlPart = "query" | "fragment";

/** A stretch of a text that holds parameters. */
interface Stretch {
  readonly part: UrlPart | "form";
  readonly start: number;
  readonly end: number;
}

/** The first parameter of each name with its value, in the order in which they are looked for. */
export function parametersOf(text: string, part?: UrlPart): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const stretch of stretches(text, part)) {
    for (const [name, value] of new URLSearchParams(text.slice(stretch.start, stretch.end))) {
      if (!parameters.has(name)) parameters.set(name, value);
    }
  }
  return parameters;
}

/** The text with the first parameter of that name changed; `undefined` when there is none. */
export function putParameter(
  text: string,
  name: string,
  fresh: string,
  part?: UrlPart,
): string | undefined {
  for (const { start, end } of stretches(text, part)) {
    const pairs = text.slice(start, end).split("&");
    const at = pairs.findIndex((pair) => new URLSearchParams(pair).get(name) !== null);
    if (at < 0) continue;
    const [key] = pairs[at]!.split("=", 1);
    pairs[at] = `${key}=${encodeURIComponent(fresh)}`;
    return text.slice(0, start) + pairs.join("&") + text.slice(end);
  }
  return undefined;
}

function stretches(text: string, part?: UrlPart): Stretch[] {
  if (!isUrl(text)) return part === undefined ? [{ part: "form", start: 0, end: text.length }] : [];
  const hash = text.indexOf("#");
  const end = hash < 0 ? text.length : hash;
  const question = text.slice(0, end).indexOf("?");
  const found: Stretch[] = [];
  if (question >= 0) found.push({ part: "query", start: question + 1, end });
  if (hash >= 0) {
    const query = fragmentQuery(text.slice(hash + 1));
    found.push({ part: "fragment", start: text.length - query.length, end: text.length });
  }
  return part === undefined ? found : found.filter((stretch) => stretch.part === part);
}

/** Absolute or relative, told from form-encoded text by what stands before the first `?` or `#`. */
function isUrl(text: string): boolean {
  return /^(?:[A-Za-z][\w+.-]*:|[/?#.])/.test(text) || /^[^=&?#]*[?#]/.test(text);
}

/** As `isUrl`, `stretches` and `parametersOf`. */
export const PARAMETER_SNIPPETS: readonly string[] = [
  `/** A parameter of a URL's query. */
function query_param(url: string, name: string): string | undefined {
  return new URL(url).searchParams.get(name) ?? undefined;
}`,
  `/** The parameters in a fragment: all of it, or what follows a route in it. */
function fragment_query(fragment: string): string {
  return fragment.replace(/^(?:[^=&?]*\\?)?[!/?]*/, "");
}`,
  `/** A parameter of a URL's fragment. */
function fragment_param(url: string, name: string): string | undefined {
  const fragment = fragment_query(new URL(url).hash.slice(1));
  return new URLSearchParams(fragment).get(name) ?? undefined;
}`,
  `/** A parameter of a URL (query, then fragment) or of form-encoded text. */
function param_in(text: string, name: string): string | undefined {
  const is_url = /^(?:[A-Za-z][\\w+.-]*:|[/?#.])/.test(text) || /^[^=&?#]*[?#]/.test(text);
  const [, query = "", fragment = ""] = /^[^?#]*(?:\\?([^#]*))?(?:#(.*))?$/s.exec(text) ?? [];
  for (const encoded of is_url ? [query, fragment_query(fragment)] : [text]) {
    const value = new URLSearchParams(encoded).get(name);
    if (value !== null) return value;
  }
  return undefined;
}`,
];
