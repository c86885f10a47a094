/** Cookie and Set-Cookie lines as user agents read them (RFC 6265 sections 4.2 and 5.2). */
import { parseCookieDate } from "./cookie_date.ts";
import type { HeaderList } from "./exchange.ts";
import { headerValues } from "./headers.ts";

export interface SetCookie {
  readonly name: string;
  /** As on the wire: not URL-decoded. */
  readonly value: string;
  /** Lower case, without a leading dot. */
  readonly domain: string | undefined;
  readonly path: string | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly expiresMs: number | undefined;
  /** Seconds; zero or less deletes the cookie. */
  readonly maxAgeSec: number | undefined;
  readonly secure: boolean;
  readonly httpOnly: boolean;
}

export type CookiePair = readonly [name: string, value: string];

/** The pairs of a `Cookie` header, in order. A pair without `=` has an empty name, as browsers do. */
export function parseCookieHeader(header: string): CookiePair[] {
  const pairs: CookiePair[] = [];
  for (const part of header.split(";")) {
    const text = part.trim();
    if (text === "") continue;
    const equals = text.indexOf("=");
    pairs.push(
      equals < 0 ? ["", text] : [text.slice(0, equals).trim(), text.slice(equals + 1).trim()],
    );
  }
  return pairs;
}

/** All cookies a request carries, over every `Cookie` header (HTTP/2 may split them, RFC 9113 8.2.3). */
export function requestCookies(headers: HeaderList): CookiePair[] {
  return headerValues(headers, "cookie").flatMap(parseCookieHeader);
}

/** RFC 6265bis section 5.6, step 1: a line with one of these is ignored whole. */
// deno-lint-ignore no-control-regex
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f]/;

/** One `Set-Cookie` line; `null` when it has neither a name nor a value, or holds a control character. */
export function parseSetCookie(line: string): SetCookie | null {
  if (CONTROL.test(line)) return null;
  const [pair = "", ...attributes] = line.split(";");
  const equals = pair.indexOf("=");
  const name = equals < 0 ? "" : pair.slice(0, equals).trim();
  const value = (equals < 0 ? pair : pair.slice(equals + 1)).trim();
  if (name === "" && value === "") return null;
  return { name, value, ...attributesOf(attributes) };
}

/** The last readable one of each name counts; a path that does not begin with `/` says "the default". */
function attributesOf(attributes: readonly string[]): Omit<SetCookie, "name" | "value"> {
  const found = new Map<string, string>();
  for (const attribute of attributes) {
    const at = attribute.indexOf("=");
    const key = (at < 0 ? attribute : attribute.slice(0, at)).trim().toLowerCase();
    const value = at < 0 ? "" : attribute.slice(at + 1).trim();
    if (isReadable(key, value)) found.set(key, value);
  }
  const maxAge = found.get("max-age");
  return {
    domain: found.get("domain")?.replace(/^\./, "").toLowerCase() || undefined,
    path: found.get("path")?.startsWith("/") ? found.get("path") : undefined,
    expiresMs: parseCookieDate(found.get("expires") ?? ""),
    maxAgeSec: maxAge === undefined ? undefined : Number(maxAge),
    secure: found.has("secure"),
    httpOnly: found.has("httponly"),
  };
}

/** RFC 6265 sections 5.2.1 to 5.2.3: what cannot be read is as good as not there. */
function isReadable(key: string, value: string): boolean {
  switch (key) {
    case "expires":
      return parseCookieDate(value) !== undefined;
    case "max-age":
      return /^-?\d+$/.test(value);
    case "domain":
      return value !== "";
    default:
      return true;
  }
}

/** Every cookie a response sets, in order. */
export function responseCookies(headers: HeaderList): SetCookie[] {
  return headerValues(headers, "set-cookie").map(parseSetCookie).filter((cookie) =>
    cookie !== null
  );
}
