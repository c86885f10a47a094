/**
 * "Copy as PowerShell": Invoke-WebRequest with a session object for cookies and the user agent; and what people
 * write by hand: either kind of quotes, tables of headers on one line or in a variable.
 */
import type { NamedValue } from "./foreign_source.ts";

/** A double-quoted text; a backtick takes the next character for itself (about_Quoting_Rules). */
const DOUBLE = '"(?:[^"`]|`[\\s\\S]|"")*"';
/** A single-quoted one has no escapes but two quotes for one. */
const QUOTED = `(?:${DOUBLE}|'(?:[^']|'')*')`;
const COMMAND = /(?:^|[\s=|(;])(?:Invoke-(?:WebRequest|RestMethod)|iwr|irm)(?=[\s`])/i;

const BEFORE_COMMAND = new RegExp(`(?=${COMMAND.source})`, "i");
const BODY_BYTES = new RegExp(
  `-Body\\s+\\(\\[System\\.Text\\.Encoding\\]::UTF8\\.GetBytes\\((${QUOTED})`,
  "i",
);
const PAIR = new RegExp(`[\\s;]*(?:(${QUOTED})|([\\w-]+))\\s*=\\s*(${QUOTED})`, "y");
/** The address may stand without its name (about_Parameters). */
const FIRST_TEXT = new RegExp(`^\\s*(?:(${QUOTED})|(https?://[^\\s\`"';)]+))`, "i");
const AGENT = new RegExp(`\\$session\\.UserAgent\\s*=\\s*(${QUOTED})`, "i");
const COOKIE = new RegExp(`System\\.Net\\.Cookie\\(\\s*(${QUOTED})\\s*,\\s*(${QUOTED})`, "gi");
const named = (name: string) => new RegExp(`-${name}\\s+(?:(${QUOTED})|([^\\s\`"';)]+))`, "i");
const PARAMETERS = {
  Body: named("Body"),
  ContentType: named("ContentType"),
  Method: named("Method"),
  Uri: named("Uri"),
};

/** Entries of HAR, one per command. */
export function powershellEntries(text: string): unknown[] {
  const tables = tablesIn(text);
  let session: NamedValue[] = [];
  const entries: unknown[] = [];
  for (const piece of text.split(BEFORE_COMMAND)) {
    const command = COMMAND.exec(piece);
    if (command !== null) {
      const words = piece.slice(command.index + command[0].length);
      entries.push({ request: requestOf(words, session, tables), response: null });
    }
    if (/\$session\s*=/.test(piece)) session = [];
    session = [...session, ...sessionHeaders(piece)];
  }
  return entries;
}

function requestOf(
  command: string,
  session: readonly NamedValue[],
  tables: ReadonlyMap<string, readonly NamedValue[]>,
): unknown {
  const headers = headersOf(command, tables);
  const contentType = parameter(command, "ContentType");
  const body = bodyText(command);
  const cookies = session.filter(({ name }) => name === "Cookie").map(({ value }) => value);
  return {
    method: parameter(command, "Method") ?? (body === null ? "GET" : "POST"),
    url: parameter(command, "Uri") ?? firstText(command),
    headers: [
      ...headers.filter(({ name }) => !["method", "path", "scheme", "authority"].includes(name)),
      ...session.filter(({ name }) => name !== "Cookie"),
      ...cookies.length === 0 ? [] : [{ name: "Cookie", value: cookies.join("; ") }],
      ...contentType === null ? [] : [{ name: "Content-Type", value: contentType }],
    ],
    ...body === null ? {} : { postData: { text: body } },
  };
}

/** Chrome hands a body that is not ASCII over as the bytes of its text. */
function bodyText(command: string): string | null {
  const bytes = BODY_BYTES.exec(command)?.[1];
  if (bytes !== undefined) return plain(bytes);
  return /-Body\s+[$(@]/i.test(command) ? null : parameter(command, "Body");
}

/** A table behind `-Headers`, or the variable that holds one. */
function headersOf(
  command: string,
  tables: ReadonlyMap<string, readonly NamedValue[]>,
): readonly NamedValue[] {
  const named = /-Headers\s+\$(\w+)/i.exec(command)?.[1]?.toLowerCase();
  if (named !== undefined) return tables.get(named) ?? [];
  const start = /-Headers\s+@\{/i.exec(command);
  return start === null ? [] : pairsAt(command, start.index + start[0].length);
}

/** `$headers = @{ … }` by the names of the variables, which know no case. */
function tablesIn(text: string): ReadonlyMap<string, readonly NamedValue[]> {
  return new Map(
    [...text.matchAll(/\$(\w{1,100})\s*=\s*@\{/g)].map((found) => [
      found[1]!.toLowerCase(),
      pairsAt(text, found.index + found[0].length),
    ]),
  );
}

/** The pairs of a table from its beginning up to the brace that ends it: quoted values may hold others. */
function pairsAt(text: string, start: number): NamedValue[] {
  PAIR.lastIndex = start;
  const pairs: NamedValue[] = [];
  for (let found = PAIR.exec(text); found !== null; found = PAIR.exec(text)) {
    const name = found[1] === undefined ? found[2]! : plain(found[1]);
    pairs.push({ name, value: plain(found[3]!) });
  }
  return pairs;
}

function parameter(command: string, name: keyof typeof PARAMETERS): string | null {
  const found = PARAMETERS[name].exec(command);
  if (found === null) return null;
  return found[1] === undefined ? found[2]! : plain(found[1]);
}

function firstText(command: string): string {
  const found = FIRST_TEXT.exec(command);
  return found === null ? "" : found[1] === undefined ? found[2]! : plain(found[1]);
}

function sessionHeaders(piece: string): NamedValue[] {
  const agent = AGENT.exec(piece)?.[1];
  return [
    ...agent === undefined ? [] : [{ name: "User-Agent", value: plain(agent) }],
    ...[...piece.matchAll(COOKIE)].map(([, name, value]) => ({
      name: "Cookie",
      value: `${plain(name!)}=${plain(value!)}`,
    })),
  ];
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "0": "\0" };

/** What stands in quotes. Chrome writes a character beyond ASCII as `$([char]252)`. */
function plain(quoted: string): string {
  const inner = quoted.slice(1, -1);
  if (quoted.startsWith("'")) return inner.replaceAll("''", "'");
  return inner.replaceAll('""', '"').replace(
    /\$\(\[char\](\d{1,5})\)|`([\s\S])/g,
    (_, code: string | undefined, char: string) =>
      code === undefined ? ESCAPES[char] ?? char : String.fromCharCode(Number(code)),
  );
}
