/**
 * Small functions that a generated script brings along, because a script imports nothing. Only those
 * it uses are written into it, in this order.
 */

export interface Snippet {
  readonly name: string;
  /** Names of other snippets it calls. */
  readonly needs: readonly string[];
  readonly source: string;
}

export const SNIPPETS: readonly Snippet[] = [
  {
    name: "refuse",
    needs: [],
    source: `/** The site said no to what the user typed: ask again, the script is fine. */
function refuse(message: string): never {
  const error = new Error(message);
  error.name = "CredentialsRefused";
  throw error;
}`,
  },
  {
    name: "status_kind",
    needs: [],
    source:
      `/** 2 for success, 3 for a redirect; an error is itself. A 304 stands for the page the browser had kept. */
function status_kind(status: number): number {
  return status === 304 ? 2 : status < 400 ? Math.floor(status / 100) : status;
}`,
  },
  {
    name: "expect_status",
    needs: ["status_kind"],
    source:
      `/** Stops unless the answer has the recorded kind of status: 2xx, 3xx, or the very error. */
function expect_status(response: Response, recorded: number, trace: string): void {
  debug(trace, response.status);
  if (status_kind(response.status) === status_kind(recorded)) return;
  throw new Error(\`\${trace}: expected status \${recorded}, the site answered \${response.status}\`);
}`,
  },
  {
    name: "expect_accepted",
    needs: ["status_kind", "refuse", "explain_refusal"],
    source:
      `/** As expect_status, for the request that hands the credentials over: a refusal is the user's matter. */
function expect_accepted(response: Response, text: string, recorded: number, trace: string): void {
  debug(trace, response.status);
  if (status_kind(response.status) === status_kind(recorded)) return;
  if (response.status >= 500) {
    throw new Error(\`\${trace}: the site failed with status \${response.status}\`);
  }
  if (response.status === 404 || response.status === 405) {
    throw new Error(\`\${trace}: expected status \${recorded}, the site answered \${response.status}\`);
  }
  refuse(explain_refusal(text, response.status));
}`,
  },
  {
    name: "expect_no_password_form",
    needs: ["refuse", "explain_refusal"],
    source: `/** A page that asks for the password again means that the one given was refused. */
function expect_no_password_form(response: Response, text: string): void {
  if (/type\\s*=\\s*["']?password/i.test(text)) refuse(explain_refusal(text, response.status));
}`,
  },
  {
    name: "expect_cookie",
    needs: ["refuse", "explain_refusal", "set_cookie_value"],
    source: `/** A login that starts no session was refused, whatever its status says. */
function expect_cookie(response: Response, text: string, name: string): void {
  if (!set_cookie_value(response, name)) refuse(explain_refusal(text, response.status));
}`,
  },
  {
    name: "expect_redirect",
    needs: ["refuse", "location_of"],
    source: `/** A login that leads back to itself was refused. */
function expect_redirect(response: Response, recorded_path: string): void {
  const target = new URL(location_of(response));
  if (target.pathname === recorded_path) return;
  const back = target.pathname === new URL(response.url).pathname;
  if (back || /log-?in|sign-?in|error|fail|denied/i.test(target.pathname + target.search)) {
    refuse("The site refused the credentials: it leads back to the login");
  }
}`,
  },
  {
    name: "explain_refusal",
    needs: [],
    source: `/** Tells a locked account from a wrong password by the words of the answer. */
function explain_refusal(text: string, status: number): string {
  const locked = /(?<![a-z])(locked|lockout|suspended|disabled|blocked|deactivated|too many)(?![a-z])/i.test(text) ||
    status === 423 || status === 429;
  return locked
    ? \`The account is locked or refused for now (status \${status})\`
    : \`The site refused the credentials (status \${status})\`;
}`,
  },
  {
    name: "found",
    needs: [],
    source: `/** The value, which must be there. */
function found(value: string | null | undefined, what: string): string {
  if (value === undefined || value === null || value === "") {
    throw new Error(\`The answer holds no \${what}\`);
  }
  return value;
}`,
  },
  {
    name: "found_or_refused",
    needs: ["found", "refuse", "explain_refusal"],
    source:
      `/** As found, in the answer to the credentials: an error there means they were refused. */
function found_or_refused(
  value: string | null | undefined,
  what: string,
  text: string,
  status: number,
): string {
  const empty = value === undefined || value === null || value === "";
  if (empty && /error|invalid|incorrect|wrong|denied|fail|refused|locked|bad/i.test(text)) {
    refuse(explain_refusal(text, status));
  }
  return found(value, what);
}`,
  },
  {
    name: "at",
    needs: [],
    source: `/** The leaf of a JSON text at a path. */
function at(text: string, ...path: (string | number)[]): string | undefined {
  let node: unknown;
  try {
    node = JSON.parse(text.trim().replace(/^(\\)\\]\\}'?,?|while\\s*\\(1\\);|for\\s*\\(;;\\);)\\s*/, ""));
  } catch {
    return undefined;
  }
  for (const key of path) {
    if (typeof node !== "object" || node === null) return undefined;
    node = (node as Record<string | number, unknown>)[key];
  }
  if (typeof node === "string") return node;
  return typeof node === "number" || typeof node === "boolean" ? String(node) : undefined;
}`,
  },
  {
    name: "set_cookie_value",
    needs: [],
    source: `/** What the answer sets a cookie to; its deletion on another path does not count. */
function set_cookie_value(response: Response, name: string): string | undefined {
  const pairs = response.headers.getSetCookie().map((line) => /^([^=;]*)=([^;]*)/.exec(line) ?? []);
  const values = pairs.filter(([, key]) => key?.trim() === name).map(([, , value]) => value?.trim());
  return values.findLast((value) => value !== "");
}`,
  },
  {
    name: "location_of",
    needs: [],
    source: `/** Where the answer redirects to, absolute. */
function location_of(response: Response): string {
  const target = response.headers.get("location");
  if (target === null) throw new Error(\`The answer (status \${response.status}) redirects nowhere\`);
  return new URL(target, response.url).href;
}`,
  },
  {
    name: "path_segment",
    needs: [],
    source:
      `/** Text as a segment of a path; a browser leaves : @ and the like as they are (RFC 3986 section 3.3). */
function path_segment(text: string): string {
  return encodeURIComponent(text).replace(/%(3A|40|24|26|2B|2C|3B|3D)/g, decodeURIComponent);
}`,
  },
  {
    name: "query_param",
    needs: [],
    source: `/** A parameter of a URL's query. */
function query_param(url: string, name: string): string | undefined {
  return new URL(url).searchParams.get(name) ?? undefined;
}`,
  },
  {
    name: "fragment_param",
    needs: [],
    source: `/** A parameter of a URL's fragment. */
function fragment_param(url: string, name: string): string | undefined {
  const fragment = new URL(url).hash.replace(/^#[/?]*/, "");
  return new URLSearchParams(fragment).get(name) ?? undefined;
}`,
  },
  {
    name: "param_in",
    needs: [],
    source: `/** A parameter of a URL (query, then fragment) or of form-encoded text. */
function param_in(text: string, name: string): string | undefined {
  const [, bare = "", query, fragment] = /^([^?#]*)(?:\\?([^#]*))?(?:#(.*))?$/s.exec(text) ?? [];
  const is_url = query !== undefined || fragment !== undefined;
  for (const encoded of is_url ? [query ?? "", fragment ?? ""] : [bare]) {
    const value = new URLSearchParams(encoded).get(name);
    if (value !== null) return value;
  }
  return undefined;
}`,
  },
  {
    name: "between",
    needs: [],
    source: `/** The text after \`before\` and up to \`after\`, first match. */
function between(text: string, before: string, after: string): string | undefined {
  const start = text.indexOf(before);
  if (start < 0) return undefined;
  const from = start + before.length;
  const end = after === "" ? text.length : text.indexOf(after, from);
  return end < 0 ? undefined : text.slice(from, end);
}`,
  },
  {
    name: "strip",
    needs: [],
    source: `/** What stands between a fixed beginning and a fixed end. */
function strip(text: string, prefix: string, suffix: string): string | undefined {
  const fits = text.startsWith(prefix) && text.endsWith(suffix) &&
    text.length >= prefix.length + suffix.length;
  return fits ? text.slice(prefix.length, text.length - suffix.length) : undefined;
}`,
  },
  {
    name: "unescape_html",
    needs: [],
    source: `/** The character references of HTML that stand in attribute values and scripts. */
function unescape_html(text: string): string {
  const named: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
  return text.replace(/&(?:#(\\d+)|#x([0-9a-f]+)|(amp|lt|gt|quot|apos));/gi, (_, dec, hex, name) =>
    name ? named[name.toLowerCase()] ?? "" : String.fromCodePoint(dec ? Number(dec) : parseInt(hex, 16)));
}`,
  },
  {
    name: "escape_json",
    needs: [],
    source: `/** Text as it stands inside a JSON string. */
function escape_json(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}`,
  },
  {
    name: "escape_xml",
    needs: [],
    source: `/** Text as it stands inside XML. */
function escape_xml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}`,
  },
  {
    name: "bytes_of",
    needs: [],
    source: `function bytes_of(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}`,
  },
  {
    name: "base64_bytes",
    needs: [],
    source: `function base64_bytes(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}`,
  },
  {
    name: "base64",
    needs: ["bytes_of", "base64_bytes"],
    source: `/** Base64 of the text's UTF-8. */
function base64(text: string): string {
  return base64_bytes(bytes_of(text));
}`,
  },
  {
    name: "base64url",
    needs: ["base64"],
    source: `/** Base64url without padding (RFC 4648 section 5). */
function base64url(text: string): string {
  return base64(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}`,
  },
  {
    name: "base64_decode",
    needs: [],
    source: `/** The text of base64 or base64url. */
function base64_decode(text: string): string {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/").replaceAll("=", ""));
  return new TextDecoder().decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
}`,
  },
  {
    name: "jwt_payload",
    needs: ["base64_decode"],
    source: `/** The claims of a JWT, as JSON text. */
function jwt_payload(token: string): string {
  return base64_decode(token.split(".")[1] ?? "");
}`,
  },
  {
    name: "seconds_left",
    needs: ["at", "jwt_payload"],
    source: `/** Seconds until a JWT's \`exp\`. */
function seconds_left(token: string): number {
  const expires_at = Number(at(jwt_payload(token), "exp"));
  return Math.max(0, Math.floor(expires_at - Date.now() / 1000));
}`,
  },
  {
    name: "encode_digest",
    needs: ["base64_bytes"],
    source: `function encode_digest(bytes: Uint8Array, encoding: "hex" | "base64"): string {
  if (encoding === "base64") return base64_bytes(bytes);
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}`,
  },
  {
    name: "digest",
    needs: ["bytes_of", "encode_digest"],
    source:
      `async function digest(algorithm: string, text: string, encoding: "hex" | "base64"): Promise<string> {
  const hash = await crypto.subtle.digest(algorithm, bytes_of(text));
  return encode_digest(new Uint8Array(hash), encoding);
}`,
  },
  {
    name: "hmac",
    needs: ["bytes_of", "encode_digest"],
    source: `async function hmac(
  hash: string,
  key: string,
  text: string,
  encoding: "hex" | "base64",
): Promise<string> {
  const algorithm = { name: "HMAC", hash };
  const imported = await crypto.subtle.importKey("raw", bytes_of(key), algorithm, false, ["sign"]);
  const signature = await crypto.subtle.sign("HMAC", imported, bytes_of(text));
  return encode_digest(new Uint8Array(signature), encoding);
}`,
  },
  {
    name: "md5",
    needs: ["bytes_of", "encode_digest"],
    source: `/** MD5 (RFC 1321), which Web crypto lacks. */
function md5(text: string, encoding: "hex" | "base64"): string {
  const message = bytes_of(text);
  const words = new Int32Array((((message.length + 8) >> 6) + 1) * 16);
  message.forEach((byte, index) => words[index >> 2]! |= byte << ((index % 4) * 8));
  words[message.length >> 2]! |= 0x80 << ((message.length % 4) * 8);
  words[words.length - 2] = message.length * 8;
  const shifts = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
  let [a, b, c, d] = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
  for (let block = 0; block < words.length; block += 16) {
    const [a0, b0, c0, d0] = [a, b, c, d];
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      const [mix, word] = round === 0
        ? [(b & c) | (~b & d), i]
        : round === 1
        ? [(d & b) | (~d & c), (5 * i + 1) % 16]
        : round === 2
        ? [b ^ c ^ d, (3 * i + 5) % 16]
        : [c ^ (b | ~d), (7 * i) % 16];
      const constant = Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0;
      const sum = (a + mix + constant + words[block + word]!) | 0;
      const shift = shifts[round]![i % 4]!;
      [a, d, c, b] = [d, c, b, (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0];
    }
    [a, b, c, d] = [(a + a0) | 0, (b + b0) | 0, (c + c0) | 0, (d + d0) | 0];
  }
  return encode_digest(new Uint8Array(new Int32Array([a, b, c, d]).buffer), encoding);
}`,
  },
  {
    name: "pkce_challenge",
    needs: ["digest"],
    source: `/** PKCE S256 (RFC 7636 section 4.2). */
async function pkce_challenge(verifier: string): Promise<string> {
  const hash = await digest("SHA-256", verifier, "base64");
  return hash.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}`,
  },
  {
    name: "random_text",
    needs: [],
    source: `/** Random characters of an alphabet. */
function random_text(length: number, alphabet: string): string {
  const bytes = crypto.getRandomValues(new Uint32Array(length));
  return [...bytes].map((value) => alphabet[value % alphabet.length]).join("");
}`,
  },
  {
    name: "cookies_for",
    needs: [],
    source: `/** One Cookie header for paths that have cookies of their own. */
function cookies_for(session: CookieSession, urls: string[]): string {
  const pairs = new Map<string, string>();
  for (const url of urls) {
    for (const { name, value } of session.cookies(url)) pairs.set(name, value);
  }
  return [...pairs].map(([name, value]) => \`\${name}=\${value}\`).join("; ");
}`,
  },
];

/** The named snippets and all they need, in order. */
export function withNeeds(names: ReadonlySet<string>): Snippet[] {
  const wanted = new Set<string>();
  const add = (name: string) => {
    if (wanted.has(name)) return;
    wanted.add(name);
    const snippet = SNIPPETS.find((candidate) => candidate.name === name);
    if (snippet === undefined) throw new Error(`There is no snippet "${name}"`);
    snippet.needs.forEach(add);
  };
  names.forEach(add);
  return SNIPPETS.filter(({ name }) => wanted.has(name));
}
