/** Where a request with credentials may go, and where a redirect may lead. */
import { AppError } from "../base/error.ts";
import { ALLOW_HTTP_HINT } from "../base/plain_http.ts";
import { isLoopbackHost } from "../http/url.ts";

/**
 * @throws {AppError} `ORIGIN_REFUSED` when the URL's origin is none of `origins` (compared as origins,
 * never as prefixes), or is plain http to another machine and `allowHttp` is not set.
 */
export function checkCredentialTarget(
  url: URL,
  { origins, allowHttp }: { origins: readonly string[]; allowHttp: boolean },
): void {
  if (!origins.some((origin) => sameOrigin(origin, url))) {
    throw refused(url, `The credentials do not belong to "${url.origin}"`, {
      hint: origins.length === 0
        ? "These credentials name no origin; log in again so that they do"
        : `They may go to ${origins.map((origin) => `"${origin}"`).join(", ")} alone`,
    });
  }
  if (url.protocol === "http:" && !isLoopbackHost(url.hostname) && !allowHttp) {
    throw refused(url, `Credentials are not sent to "${url.origin}" in plain text`, {
      hint: ALLOW_HTTP_HINT,
    });
  }
}

/**
 * @throws {AppError} `ORIGIN_REFUSED` when a redirect leads from a public host to this machine or a
 * private network, which a server out there has no business reaching; from anywhere to a link-local address,
 * where clouds serve a machine its credentials; or from https to plain http.
 */
export function checkRedirectTarget(from: URL, to: URL): void {
  if (isPrivateHost(to.hostname) && !isPrivateHost(from.hostname)) {
    throw refused(to, `"${from.origin}" redirects into a private network, to "${to.origin}"`, {});
  }
  if (isLinkLocal(to.hostname) && from.origin !== to.origin) {
    throw refused(to, `"${from.origin}" redirects to a link-local address, to "${to.origin}"`, {});
  }
  if (from.protocol === "https:" && to.protocol === "http:" && !isLoopbackHost(to.hostname)) {
    throw refused(to, `"${from.origin}" redirects to plain text, to "${to.origin}"`, {});
  }
}

function sameOrigin(origin: string, url: URL): boolean {
  return URL.canParse(origin) && new URL(origin).origin === url.origin;
}

function refused(url: URL, message: string, { hint }: { hint?: string }): AppError {
  return new AppError("ORIGIN_REFUSED", message, {
    details: { origin: url.origin },
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Names by which clouds reach such an address; any other name that leads there is not known for one. */
const METADATA_NAMES = ["metadata", "metadata.google.internal", "metadata.goog"];

/**
 * RFC 3927 and RFC 4291 section 2.5.6, as such and within IPv6 (RFC 4291, 6052, 3056; the URL parser writes that in hex),
 * and the other addresses and names at which clouds serve a machine its credentials.
 */
function isLinkLocal(name: string): boolean {
  const hostname = name.replace(/\.$/, "");
  return /^169\.254\./.test(hostname) || hostname === "100.100.100.200" ||
    METADATA_NAMES.includes(hostname) ||
    /^\[(fe[89ab]|::(ffff:)?a9fe:|64:ff9b::a9fe:|2002:a9fe:|fd00:ec2::254)/.test(hostname);
}

/**
 * True for this machine and for address literals of private, link-local and shared networks (RFC 1918,
 * 3927, 4193, 4291, 6052, 6598). The URL parser has brought every spelling of an address into one form.
 */
export function isPrivateHost(name: string): boolean {
  const hostname = name.replace(/\.$/, "");
  if (isLoopbackHost(hostname)) return true;
  if (hostname.startsWith("[")) {
    const address = hostname.slice(1, -1);
    return /^f[cd]|^fe[89ab]|^::|^64:ff9b:/.test(address);
  }
  const octets = /^(\d+)\.(\d+)\.\d+\.\d+$/.exec(hostname)?.slice(1).map(Number);
  if (octets === undefined) return false;
  const [first = 0, second = 0] = octets;
  return first === 0 || first === 10 || (first === 100 && second >= 64 && second < 128) ||
    (first === 169 && second === 254) || (first === 172 && second >= 16 && second < 32) ||
    (first === 192 && second === 168);
}
