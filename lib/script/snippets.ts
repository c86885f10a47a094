/**
 * Small functions that a generated script brings along: the checks on answers, which live here, and those
 * of the codecs. Only those it uses are written into it, in this order.
 */
import { type Snippet, snippetOf } from "../codec/code.ts";
import { CODEC_SNIPPETS } from "../codec/snippets.ts";
import { PROOF_SNIPPETS } from "./proof_snippets.ts";

/** True for a function that a generated script may bring along. */
export function hasSnippet(name: string): boolean {
  return SNIPPETS.some((snippet) => snippet.name === name);
}

export const SNIPPETS: readonly Snippet[] = [
  `/** The site said no to what the user typed: ask again, the script is fine. */
function refuse(message: string): never {
  const error = new Error(message);
  error.name = "CredentialsRefused";
  throw error;
}`,
  `/** 2 for success, 3 for a redirect; an error is itself. A 304 stands for the page the browser had kept. */
function status_kind(status: number): number {
  return status === 304 ? 2 : status < 400 ? Math.floor(status / 100) : status;
}`,
  `/** Stops unless the answer has the recorded kind of status: 2xx, 3xx, or the very error. */
function expect_status(response: Response, recorded: number, trace: string): void {
  debug(trace, response.status);
  if (status_kind(response.status) === status_kind(recorded)) return;
  throw new Error(\`\${trace}: expected status \${recorded}, the site answered \${response.status}\`);
}`,
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
  `/** A form in the encoding of its page; what that lacks is written as HTML does. */
function encoded_form(charset: string, fields: [string, string][]): string {
  const decoder = new TextDecoder(charset);
  const codes = new Map<string, number[]>();
  const keep = (...bytes: number[]) => {
    const text = decoder.decode(new Uint8Array(bytes));
    if ([...text].length === 1 && text !== "\ufffd" && !codes.has(text)) codes.set(text, bytes);
  };
  for (let lead = 0; lead < 256; lead++) keep(lead);
  for (let lead = 0x81; lead < 0xff; lead++) {
    for (let trail = 0x40; trail < 0xff; trail++) keep(lead, trail);
  }
  const escaped = (byte: number) =>
    /[\\w.*-]/.test(String.fromCharCode(byte)) && byte < 128
      ? String.fromCharCode(byte)
      : byte === 32 ? "+" : "%" + byte.toString(16).toUpperCase().padStart(2, "0");
  const encoded = (text: string) =>
    [...text].map((char) =>
      (codes.get(char) ?? [...\`&#\${char.codePointAt(0)};\`].map((one) => one.charCodeAt(0))).map(escaped).join("")
    ).join("");
  return fields.map((pair) => pair.map(encoded).join("=")).join("&");
}`,
  `/** A page that asks for the password again means that the one given was refused. */
function expect_no_password_form(response: Response, text: string): void {
  if (/type\\s*=\\s*["']?password/i.test(text)) refuse(explain_refusal(text, response.status));
}`,
  `/** A login that starts no session was refused, whatever its status says. */
function expect_cookie(response: Response, text: string, name: string): void {
  if (!set_cookie_value(response, name)) refuse(explain_refusal(text, response.status));
}`,
  `/** A login that leads back to itself was refused. */
function expect_redirect(response: Response, recorded_path: string, ...pages: string[]): void {
  const target = new URL(location_of(response));
  if (target.pathname === recorded_path) return;
  const paths = [response.url, ...pages].map((page) => new URL(page).pathname);
  const back = paths.includes(target.pathname);
  if (back || /log-?in|sign-?in|error|fail|denied/i.test(target.pathname + target.search)) {
    refuse("The site refused the credentials: it leads back to the login");
  }
}`,
  `/** Tells a locked account from a wrong password by what can be read in the answer. */
function explain_refusal(text: string, status: number): string {
  const said = text.replace(/<(script|style)[^]*?<\\/\\1>|<[^>]*>|"[^"]*"\\s*:/gi, " ");
  if (status === 429) return "The site takes no more requests for now (status 429)";
  const locked = /(?<![a-z])(locked|lockout|suspended|disabled|blocked|deactivated|too many)(?![a-z])/i.test(said) ||
    status === 423;
  return locked
    ? \`The account is locked or refused for now (status \${status})\`
    : \`The site refused the credentials (status \${status})\`;
}`,
  `/** The value, which must be there. */
function found(value: string | null | undefined, what: string): string {
  if (value === undefined || value === null || value === "") {
    throw new Error(\`The answer holds no \${what}\`);
  }
  return value;
}`,
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
  ...CODEC_SNIPPETS.map(({ source }) => source),
  `/** Stops unless the answer is to what this run asked, and to no other's login (RFC 6749 section 10.12). */
function expect_state(returned: string | undefined, sent: string): void {
  if (returned === sent) return;
  throw new Error("The answer belongs to another login: it does not give back the state that was sent");
}`,
  `/** Random characters of an alphabet. */
function random_text(length: number, alphabet: string): string {
  // Values at the end of the range would make some characters likelier than others.
  const end = 2 ** 32 - 2 ** 32 % alphabet.length;
  let text = "";
  while (text.length < length) {
    const [value = end] = crypto.getRandomValues(new Uint32Array(1));
    if (value < end) text += alphabet[value % alphabet.length];
  }
  return text;
}`,
  `/** One Cookie header for paths that have cookies of their own. */
function cookies_for(session: CookieSession, urls: string[]): string {
  const pairs = new Map<string, string>();
  for (const url of urls) {
    for (const { name, value } of session.cookies(url)) pairs.set(name, value);
  }
  return [...pairs].map(([name, value]) => \`\${name}=\${value}\`).join("; ");
}`,
  ...PROOF_SNIPPETS,
].map(snippetOf);

/** The named snippets and all that they call, in order. */
export function withNeeds(names: ReadonlySet<string>): Snippet[] {
  const wanted = new Set(names);
  // A set's walk takes in what is added during it.
  for (const name of wanted) {
    const snippet = SNIPPETS.find((candidate) => candidate.name === name);
    if (snippet === undefined) throw new Error(`There is no snippet "${name}"`);
    for (const other of SNIPPETS) if (calls(snippet.source, other.name)) wanted.add(other.name);
  }
  return SNIPPETS.filter(({ name }) => wanted.has(name));
}

/** A method of that name is another one. */
function calls(source: string, name: string): boolean {
  return source.split(`${name}(`).slice(0, -1).some((before) => !/[.\w]$/.test(before));
}
