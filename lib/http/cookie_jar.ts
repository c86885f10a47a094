/**
 * The one cookie jar: what a user agent stores of the `Set-Cookie` lines of answers, and what it sends
 * where (RFC 6265 sections 5.1.3, 5.1.4, 5.3 and 5.4).
 *
 * The public suffix list is left out: a jar lives for one login or one chain of redirects and sends cookies
 * to hosts that the user approved, so that a cookie for all of `co.uk` reaches no other.
 *
 * Secure cookies are set and sent with TLS alone (RFC 6265bis section 5.7), and by loopback hosts without
 * it, as in browsers (Secure Contexts section 3.1).
 */
import { parseSetCookie, type SetCookie } from "./cookies.ts";
import type { HeaderList } from "./exchange.ts";
import { headerValues } from "./headers.ts";
import { isLoopbackHost, parseUrl } from "./url.ts";

export interface StoredCookie {
  readonly name: string;
  /** As on the wire, quotes included. */
  readonly value: string;
  readonly scope: CookieScope;
  readonly isSecure: boolean;
  /** Milliseconds since the Unix epoch; `Infinity` for a cookie of the session. */
  readonly endMs: number;
}

/** Where a cookie is sent. */
export interface CookieScope {
  /** Lower case, without a leading dot. */
  readonly host: string;
  /** False: to the hosts below it as well. */
  readonly isHostOnly: boolean;
  readonly path: string;
}

/** Of a cookie's name and value together, in bytes (RFC 6265bis section 5.6, step 5: longer ones are ignored). */
const MAX_COOKIE_BYTES = 4096;

/** Per host, and in all (RFC 6265 section 6.1); the oldest go first (section 5.3). */
const MAX_PER_HOST = 50;
const MAX_COOKIES = 3000;

export class CookieJar {
  /** In the order of their creation. */
  #cookies: StoredCookie[] = [];

  /** Takes in the `Set-Cookie` lines of an answer from `url`. */
  keep(headers: HeaderList, url: URL, nowMs: number): void {
    for (const line of headerValues(headers, "set-cookie")) {
      const cookie = parseSetCookie(line);
      if (cookie !== null) this.store(cookie, url, nowMs);
    }
  }

  /** Stores, replaces or, when its lifetime is over, removes; nothing when `url` may not set the cookie. */
  store(cookie: SetCookie, url: URL, nowMs: number): void {
    const scope = cookieScope(cookie, url);
    if (scope === null || cookie.secure && !isTrusted(url) || isTooLarge(cookie)) return;
    const { name, value } = cookie;
    const stored = {
      name,
      value,
      scope,
      isSecure: cookie.secure,
      endMs: lifetimeEndMs(cookie, nowMs),
    };
    const at = this.#cookies.findIndex((other) => isSame(other, stored));
    if (stored.endMs <= nowMs) {
      if (at >= 0) this.#cookies.splice(at, 1);
    } else if (at >= 0) this.#cookies[at] = stored; // The creation time stays (section 5.3, step 11.3).
    else {
      this.#cookies.push(stored);
      this.#evict(stored, nowMs);
    }
  }

  /** Makes room for the newest: what is over goes first, then the oldest of its host, then the oldest of all. */
  #evict({ scope }: StoredCookie, nowMs: number): void {
    const isOfHost = (cookie: StoredCookie) => cookie.scope.host === scope.host;
    if (this.#cookies.filter(isOfHost).length > MAX_PER_HOST) {
      const over = this.#cookies.findIndex((one) => isOfHost(one) && one.endMs <= nowMs);
      this.#cookies.splice(over >= 0 ? over : this.#cookies.findIndex(isOfHost), 1);
    }
    if (this.#cookies.length > MAX_COOKIES) this.#cookies.shift();
  }

  /** What is sent to `url`: the longer paths first, then the older cookies (section 5.4, step 2). */
  cookiesFor(url: URL, nowMs: number): StoredCookie[] {
    return this.#cookies
      .filter((cookie) => cookie.endMs > nowMs && isSentTo(cookie, url))
      .sort((a, b) => b.scope.path.length - a.scope.path.length);
  }

  /** The values of one name that are sent to `url`, however old they are; usually one. */
  values(name: string, url: URL): string[] {
    return this.cookiesFor(url, -Infinity).filter((cookie) => cookie.name === name)
      .map(({ value }) => value);
  }

  /** The `Cookie` header for `url`; `""` for none. */
  header(url: URL, nowMs: number): string {
    return formatCookies(this.cookiesFor(url, nowMs).map(({ name, value }) => [name, value]));
  }
}

export function isTooLarge({ name, value }: Pick<SetCookie, "name" | "value">): boolean {
  return new TextEncoder().encode(name + value).length > MAX_COOKIE_BYTES;
}

/** A `Cookie` header (RFC 6265 section 4.2.1); a cookie without a name is its value, as in browsers. */
export function formatCookies(pairs: readonly (readonly [name: string, value: string])[]): string {
  return pairs.map(([name, value]) => (name === "" ? value : `${name}=${value}`)).join("; ");
}

function isSame(a: StoredCookie, b: StoredCookie): boolean {
  return a.name === b.name && a.scope.host === b.scope.host && a.scope.path === b.scope.path;
}

/** Where a cookie that `url` sets is sent; `null` when `url` may not set it (section 5.3, steps 4 to 7). */
export function cookieScope({ domain, path = "" }: SetCookie, url: URL): CookieScope | null {
  const cookiePath = path.startsWith("/") ? path : defaultPath(url.pathname);
  const wanted = domain === undefined ? url.hostname : canonicalHost(domain);
  if (!domainMatches(url.hostname, wanted)) return null;
  return { host: wanted, isHostOnly: domain === undefined, path: cookiePath };
}

/** Lower case and in ASCII, as the hosts of URLs are (section 5.1.2). */
function canonicalHost(domain: string): string {
  return parseUrl(`http://${domain}/`)?.hostname ?? domain;
}

/** True when `host` is the domain or stands below it; addresses have nothing below (section 5.1.3). */
function domainMatches(host: string, domain: string): boolean {
  return host === domain ||
    host.endsWith(`.${domain}`) && !/^[\d.]+$|^\[/.test(host);
}

/** The folder of the path that set the cookie (section 5.1.4). */
function defaultPath(pathname: string): string {
  const slash = pathname.lastIndexOf("/");
  return slash <= 0 ? "/" : pathname.slice(0, slash);
}

/** Section 5.1.4: `/app` covers `/app` and `/app/x`, not `/apple`. */
function pathMatches(path: string, cookiePath: string): boolean {
  return path === cookiePath ||
    path.startsWith(cookiePath.endsWith("/") ? cookiePath : `${cookiePath}/`);
}

/** By the host alone. Cookies do not know ports (section 8.5). */
export function reachesHost({ host, isHostOnly }: CookieScope, hostname: string): boolean {
  return isHostOnly ? hostname === host : domainMatches(hostname, host);
}

function isSentTo({ scope, isSecure }: StoredCookie, url: URL): boolean {
  return reachesHost(scope, url.hostname) && pathMatches(url.pathname, scope.path) &&
    (!isSecure || isTrusted(url));
}

function isTrusted({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || protocol === "wss:" || isLoopbackHost(hostname);
}

/** When the cookie ends; `Infinity` with the session. `Max-Age` goes before `Expires` (section 5.3, step 3). */
export function lifetimeEndMs({ maxAgeSec, expiresMs }: SetCookie, nowMs: number): number {
  if (maxAgeSec === undefined) return expiresMs ?? Infinity;
  return maxAgeSec <= 0 ? -Infinity : nowMs + maxAgeSec * 1000;
}

/** True when the line takes the credential away: a lifetime that is over, or nothing as the value. */
export function endsCookie(cookie: SetCookie, nowMs: number): boolean {
  return lifetimeEndMs(cookie, nowMs) <= nowMs || cookie.value === "" || cookie.value === '""';
}
