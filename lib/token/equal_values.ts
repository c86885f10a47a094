/**
 * Values that a client writes in several places: a token in its header and, alone or with words around it, in a
 * cookie that the page's script sets, an anti-forgery cookie and the header that repeats it. Where one place is
 * renewed, the others follow. Pure.
 */
import type { JsonValue } from "../base/json.ts";
import { splitScheme } from "../http/auth_scheme.ts";
import { formatCookies } from "../http/cookie_jar.ts";
import { parseCookieHeader } from "../http/cookies.ts";
import { percentDecode } from "../http/url.ts";
import type { TokenState } from "./token_state.ts";

/** Shorter values are equal by chance. In UTF-16 units. */
const MIN_LENGTH = 8;
/** As much, of values within longer ones: `Bearer …` or JSON in a cookie. */
const MIN_INNER_LENGTH = 16;

type Carried = Pick<TokenState, "headers" | "body_params" | "query_params">;

/** `after` with every place that still holds a value which `before` held elsewhere, and `after` replaced there. */
export function withEqualValues<T extends Carried>(before: Carried, after: T): T {
  const replaced = replacements(places(before), places(after));
  if (replaced.size === 0) return after;
  const follow = (value: string) => following(value, replaced);
  const entries = <V>(record: Readonly<Record<string, V>>, change: (value: V) => V) =>
    Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
  return {
    ...after,
    headers: Object.fromEntries(
      Object.entries(after.headers).map(([name, value]) => [name, inHeader(name, value, follow)]),
    ),
    query_params: entries(after.query_params, follow),
    body_params: entries<JsonValue>(
      after.body_params,
      (value) => typeof value === "string" ? follow(value) : value,
    ),
  };
}

function inHeader(name: string, value: string, follow: (value: string) => string): string {
  if (name.toLowerCase() !== "cookie") {
    const { prefix, credentials } = splitScheme(value);
    return prefix + follow(credentials);
  }
  const pairs = parseCookieHeader(value);
  const followed = pairs.map(([cookie, held]) => [cookie, follow(held)] as const);
  return followed.some(([, held], at) => held !== pairs[at]![1]) ? formatCookies(followed) : value;
}

/** By place, each value as it is. */
function places({ headers, body_params, query_params }: Carried): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    if (lower !== "cookie") found.set(`header ${lower}`, splitScheme(value).credentials);
    else parseCookieHeader(value).forEach(([cookie, held]) => found.set(`cookie ${cookie}`, held));
  }
  for (const [name, value] of Object.entries(query_params)) found.set(`query ${name}`, value);
  for (const [name, value] of Object.entries(body_params)) {
    if (typeof value === "string") found.set(`body ${name}`, value);
  }
  return found;
}

/** Old values with the new ones; a value that became two different ones is left alone. */
function replacements(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Map<string, string> {
  const replaced = new Map<string, string>();
  const ambiguous = new Set<string>();
  for (const [place, raw] of before) {
    const fresh = after.get(place);
    if (fresh === undefined || fresh === raw || raw.length < MIN_LENGTH) continue;
    const [old, now] = [percentDecode(raw), percentDecode(fresh)];
    if (replaced.has(old) && replaced.get(old) !== now) ambiguous.add(old);
    replaced.set(old, now);
  }
  for (const value of ambiguous) replaced.delete(value);
  return replaced;
}

/** In the spelling that the place has. */
function following(value: string, replaced: ReadonlyMap<string, string>): string {
  const fresh = replaced.get(percentDecode(value));
  if (fresh === undefined) return withinText(value, replaced);
  return value === percentDecode(value) ? fresh : encodeURIComponent(fresh);
}

/** A text that a client wrote around the value. One that holds the new value has followed already. */
function withinText(text: string, replaced: ReadonlyMap<string, string>): string {
  const inner = [...replaced].filter(([old]) => old.length >= MIN_INNER_LENGTH)
    .flatMap(([old, now]) =>
      [[old, now], [encodeURIComponent(old), encodeURIComponent(now)]] as const
    )
    .find(([old, now]) => text.includes(old) && !text.includes(now));
  return inner === undefined ? text : text.replaceAll(inner[0], () => inner[1]);
}
