import { CookieJar, formatCookies } from "../../http/cookie_jar.ts";
import { parseCookieHeader, parseSetCookie } from "../../http/cookies.ts";
import { type GuestFetch, type GuestNetwork, makeFetch } from "./network.ts";

/** A `fetch` with a cookie jar that works across redirects, as a browser's does. */
export interface CookieSession extends GuestFetch {
  readonly fetch: GuestFetch;
  readonly cookies: (url: string) => { name: string; value: string }[];
  readonly cookie: (url: string, name: string) => string | undefined;
  /** What the jar would send to `url`: `a=1; b=2`, or an empty string. */
  readonly cookie_header: (url: string) => string;
  /** Sets a cookie for the host of `url` and the path `/`. */
  readonly set_cookie: (url: string, name: string, value: string) => void;
}

/**
 * The injected `cookie_session()`. A `Cookie` header the script sets itself is kept and wins over
 * the jar for the names it holds; it does not follow a redirect to another origin.
 */
export function makeCookieSession(network: GuestNetwork): () => CookieSession {
  return function cookie_session() {
    const jar = new CookieJar();
    const held = (url: string) =>
      jar.cookiesFor(new URL(String(url)), Date.now()).map(({ name, value }) => ({ name, value }));
    const session: GuestFetch = makeFetch(network, {
      outgoing: (url, headers) => addCookies(jar, url, headers),
      incoming: (url, headers) => jar.keep([...headers], url, Date.now()),
    });
    return Object.assign(session, {
      fetch: session,
      cookies: held,
      cookie: (url: string, name: string) =>
        held(url).find((cookie) => cookie.name === name)?.value,
      cookie_header: (url: string) => jar.header(new URL(String(url)), Date.now()),
      set_cookie: (url: string, name: string, value: string) => {
        const cookie = parseSetCookie(`${name}=${value}; Path=/`);
        if (cookie !== null) jar.store(cookie, new URL(String(url)), Date.now());
      },
    });
  };
}

function addCookies(jar: CookieJar, url: URL, headers: Headers): void {
  const own = headers.get("cookie");
  const ownNames = new Set(parseCookieHeader(own ?? "").map(([name]) => name));
  const fromJar = jar.cookiesFor(url, Date.now()).filter(({ name }) => !ownNames.has(name))
    .map(({ name, value }) => [name, value] as const);
  const all = [...(own ? [own] : []), ...(fromJar.length > 0 ? [formatCookies(fromJar)] : [])];
  if (all.length > 0) headers.set("cookie", all.join("; "));
}
