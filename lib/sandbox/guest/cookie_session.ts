import { CookieJar } from "tough-cookie";
import { parseCookieHeader } from "../../http/cookies.ts";
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
    const jar = new CookieJar(undefined, { looseMode: true, allowSpecialUseDomain: true });
    const session: GuestFetch = makeFetch(network, {
      outgoing: (url, headers) => addCookies(jar, url, headers),
      incoming: (url, headers) => keepCookies(jar, url, headers),
    });
    return Object.assign(session, {
      fetch: session,
      cookies: (url: string) =>
        jar.getCookiesSync(String(url)).map(({ key, value }) => ({ name: key, value })),
      cookie: (url: string, name: string) =>
        jar.getCookiesSync(String(url)).find(({ key }) => key === name)?.value,
      cookie_header: (url: string) => jar.getCookieStringSync(String(url)),
      set_cookie: (url: string, name: string, value: string) => {
        jar.setCookieSync(`${name}=${value}; Path=/`, String(url));
      },
    });
  };
}

function addCookies(jar: CookieJar, url: URL, headers: Headers): void {
  const own = headers.get("cookie");
  const ownNames = new Set(parseCookieHeader(own ?? "").map(([name]) => name));
  const fromJar = jar.getCookiesSync(url.href).filter(({ key }) => !ownNames.has(key));
  const all = [...(own ? [own] : []), ...fromJar.map((cookie) => cookie.cookieString())];
  if (all.length > 0) headers.set("cookie", all.join("; "));
}

/** Cookies a browser would reject (another site's domain, a public suffix) are dropped silently. */
function keepCookies(jar: CookieJar, url: URL, headers: Headers): void {
  for (const line of headers.getSetCookie()) {
    jar.setCookieSync(line, url.href, { ignoreError: true });
  }
}
