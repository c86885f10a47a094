/** URLs taken apart as the WHATWG URL standard does, without throwing. */

const DEFAULT_PORTS: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

/** The URL, made absolute against `base`; `null` when it is none. */
export function parseUrl(text: string, base?: string): URL | null {
  return URL.parse(text, base);
}

/** `""` for a text that is not a URL. */
export function originOf(url: string): string {
  return parseUrl(url)?.origin ?? "";
}

/** `""` for a text that is not a URL. */
export function pathnameOf(url: string): string {
  return parseUrl(url)?.pathname ?? "";
}

/** Origin and path; the text itself where it is not a URL. */
export function targetOf(url: string): string {
  const parsed = parseUrl(url);
  return parsed === null ? url : parsed.origin + parsed.pathname;
}

/** What a request for the address asks for: fragments stay with the client (RFC 9110 section 7.1). */
export function withoutFragment(href: string): string {
  return href.split("#", 1)[0]!;
}

/** `host:port`, the port always present. IPv6 hosts keep their brackets. */
export function hostPort(url: URL): string {
  return `${url.hostname}:${url.port || DEFAULT_PORTS[url.protocol] || ""}`;
}

/** True for hosts that never leave this machine: `localhost`, `127.0.0.0/8`, `[::1]`. */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** `decodeURIComponent` that leaves malformed text as it is. */
export function percentDecode(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * `application/x-www-form-urlencoded` text as pairs, in order; `+` is a space.
 * @param charset of the bytes that are escaped; one that is not known counts as UTF-8
 */
export function formPairs(text: string, charset = "utf-8"): [string, string][] {
  if (/^utf-?8$/i.test(charset)) return [...new URLSearchParams(text)];
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(charset);
  } catch {
    return [...new URLSearchParams(text)];
  }
  // Its escapes are read as bytes: in Latin-1 each is one character. What the encoding lacks is sent as a reference
  // (HTML, "URL-encoded form data"; WHATWG Encoding section 4.1, error mode "html").
  const plain = (part: string) =>
    decoder.decode(
      Uint8Array.from(
        part.replaceAll("+", " ")
          .replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16))),
        (char) => char.charCodeAt(0),
      ),
    ).replace(/&#(\d{1,6});/g, (_, code) => String.fromCodePoint(Number(code)));
  return text.split("&").filter((pair) => pair !== "").map((pair) => {
    const [name = "", ...value] = pair.split("=");
    return [plain(name), plain(value.join("="))];
  });
}

/** The query parameters of a URL, decoded, in order. Where nothing is escaped they are as they are written. */
export function queryPairs(url: URL): [string, string][] {
  const query = url.search.slice(1);
  if (query === "") return [];
  if (/[%+]/.test(query)) return [...url.searchParams];
  return query.split("&").filter((pair) => pair !== "").map((pair) => {
    const equals = pair.indexOf("=");
    return equals < 0 ? [pair, ""] : [pair.slice(0, equals), pair.slice(equals + 1)];
  });
}

/** Parameters that have no value, not even an empty one, as they are written. */
export function bareParameters(url: URL): string[] {
  return url.search.slice(1).split("&").filter((pair) => pair !== "" && !pair.includes("="));
}

/** The path's segments, percent-decoded: `/a/b%20c` is `["a", "b c"]`, `/` is `[""]`. */
export function pathSegments(url: URL): string[] {
  return url.pathname.slice(1).split("/").map(percentDecode);
}

/** A value inside a longer text, in UTF-16 units. */
export interface SegmentParameter {
  readonly name: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** The parameters of a segment of a path (RFC 3986 section 3.3): `api;v=1;token=…`, as `pathSegments` has it. */
export function segmentParameters(segment: string): SegmentParameter[] {
  return [...segment.matchAll(/;([\w.-]{1,80})=([^;]*)/dg)].map(
    ({ 1: name, 2: value, indices }) => {
      const [start, end] = indices![2]!;
      return { name: name!, value: value!, start, end };
    },
  );
}

/** The parameters of a fragment such as `#access_token=…&state=…`; none when it is no such text. */
export function fragmentPairs(url: URL): [string, string][] {
  const query = fragmentQuery(url.hash.slice(1));
  return query.includes("=") ? [...new URLSearchParams(query)] : [];
}

/**
 * The part of a fragment that holds parameters: all of it, or what follows the route of a router in the
 * browser (`#/?token=…`, `#/route?token=…`, `#!/route?token=…`).
 */
export function fragmentQuery(fragment: string): string {
  return fragment.replace(/^(?:[^=&?]*\?)?[!/?]*/, "");
}
