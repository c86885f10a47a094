/**
 * "Copy as PowerShell": Invoke-WebRequest with a session object for cookies and the user agent; and what people
 * write by hand: either kind of quotes, tables of headers on one line or in a variable.
 */
import { parseJson } from "../../base/json.ts";
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
const QUOTED_HERE = new RegExp(QUOTED, "y");
const PAIR = new RegExp(
  `[\\s;]*(?:(${QUOTED})|([\\w-]+))\\s*=\\s*(?:(${QUOTED})|(\\$?[\\w.-]+))`,
  "y",
);
const ASSIGNED = /\$(\w{1,100})\s*=\s*(@\{|@["']|["'])/g;
const AS_JSON = /\s*\}\s*\|\s*ConvertTo-Json\b/iy;
const BODY_VARIABLE = /-Body\s+\(?\$(\w{1,100})(?![\w.])/i;
const BODY_TABLE = /-Body\s+\(?@\{/i;
const BODY_HERE = /-Body\s+@["'](?=[ \t]*\r?\n)/i;
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

export interface PowershellCommands {
  /** Entries of HAR, one per command. */
  readonly entries: readonly unknown[];
  /** True where a body is computed or read from a file. */
  readonly lostBody: boolean;
}

export function powershellCommands(text: string): PowershellCommands {
  const variables = variablesIn(text);
  let session: NamedValue[] = [];
  let lostBody = false;
  const entries: unknown[] = [];
  for (const piece of text.split(BEFORE_COMMAND)) {
    const command = COMMAND.exec(piece);
    if (command !== null) {
      const words = piece.slice(command.index + command[0].length);
      const body = bodyText(words, variables);
      lostBody ||= body === null && /-(?:Body|InFile)\s/i.test(words);
      // A command sends the cookies of a session that it is given alone.
      const carried = /-WebSession\s/i.test(words) ? session : [];
      const request = requestOf(words, { session: carried, tables: variables.tables, body });
      entries.push({ request, response: null });
    }
    if (/\$session\s*=/.test(piece)) session = [];
    session = [...session, ...sessionHeaders(piece)];
  }
  return { entries, lostBody };
}

interface Known {
  readonly session: readonly NamedValue[];
  readonly tables: Variables["tables"];
  readonly body: string | null;
}

function requestOf(command: string, { session, tables, body }: Known): unknown {
  const headers = headersOf(command, tables);
  const contentType = parameter(command, "ContentType");
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

/**
 * A text, a table that is sent as a form, or a variable that holds either. Chrome hands a body that is not ASCII over
 * as the bytes of its text. `null` for a body that is computed, and where there is none.
 */
function bodyText(command: string, { texts, tables }: Variables): string | null {
  const bytes = BODY_BYTES.exec(command)?.[1];
  if (bytes !== undefined) return plain(bytes);
  const named = BODY_VARIABLE.exec(command)?.[1]?.toLowerCase();
  if (named !== undefined) return texts.get(named) ?? formOf(tables.get(named));
  const table = BODY_TABLE.exec(command);
  if (table !== null) {
    const { pairs, isJson } = tableAt(command, table.index + table[0].length);
    return isJson ? jsonOf(pairs) : formOf(pairs);
  }
  const here = BODY_HERE.exec(command);
  if (here !== null) return hereText(command, here.index + here[0].length - 2);
  return /-Body\s+[$(@]/i.test(command) ? null : parameter(command, "Body");
}

/** Invoke-WebRequest sends a table as a form. */
function formOf(pairs: readonly NamedValue[] | undefined): string | null {
  if (pairs === undefined) return null;
  return new URLSearchParams(pairs.map(({ name, value }) => [name, value])).toString();
}

/** What `ConvertTo-Json` makes of a table of plain values. */
function jsonOf(pairs: readonly TableValue[]): string {
  return JSON.stringify(
    Object.fromEntries(pairs.map(({ name, value, isText }) => [
      name,
      isText ? value : parseJson(value.replace(/^\$(?=true|false|null)/i, "")) ?? value,
    ])),
  );
}

/** Between `@"` or `@'` with a line end and a line that begins with the closing mark (about_Quoting_Rules). */
function hereText(text: string, start: number): string | null {
  const mark = text[start + 1];
  const from = text.indexOf("\n", start) + 1;
  const end = text.indexOf(`\n${mark}@`, from - 1);
  if (from === 0 || end < 0) return null;
  const inner = text.slice(from, Math.max(from, end)).replace(/\r$/, "");
  return mark === "'" ? inner : plain(`"${inner}"`);
}

/** A table behind `-Headers`, or the variable that holds one. */
function headersOf(
  command: string,
  tables: ReadonlyMap<string, readonly NamedValue[]>,
): readonly NamedValue[] {
  const named = /-Headers\s+\$(\w+)/i.exec(command)?.[1]?.toLowerCase();
  if (named !== undefined) return tables.get(named) ?? [];
  const start = /-Headers\s+@\{/i.exec(command);
  return start === null ? [] : tableAt(command, start.index + start[0].length).pairs;
}

interface Variables {
  /** By names, which know no case. */
  readonly texts: ReadonlyMap<string, string>;
  readonly tables: ReadonlyMap<string, readonly NamedValue[]>;
}

/** `$headers = @{ … }`, `$body = '…'`, `$body = @{ … } | ConvertTo-Json`. */
function variablesIn(text: string): Variables {
  const texts = new Map<string, string>();
  const tables = new Map<string, readonly NamedValue[]>();
  for (const { 0: whole, 1: called, 2: mark, index } of text.matchAll(ASSIGNED)) {
    const name = called!.toLowerCase();
    const at = index + whole.length;
    if (mark === "@{") {
      const { pairs, isJson } = tableAt(text, at);
      if (isJson) texts.set(name, jsonOf(pairs));
      else tables.set(name, pairs);
    } else {
      const start = at - mark!.length;
      const value = mark!.startsWith("@") ? hereText(text, start) : quotedAt(text, start);
      if (value !== null) texts.set(name, value);
    }
  }
  return { texts, tables };
}

function quotedAt(text: string, start: number): string | null {
  QUOTED_HERE.lastIndex = start;
  const quoted = QUOTED_HERE.exec(text)?.[0];
  return quoted === undefined ? null : plain(quoted);
}

interface TableValue extends NamedValue {
  /** It stood in quotes. */
  readonly isText: boolean;
}

interface Table {
  readonly pairs: readonly TableValue[];
  /** It is made JSON of. */
  readonly isJson: boolean;
}

/** A table from its beginning up to the brace that ends it: quoted values may hold others. */
function tableAt(text: string, start: number): Table {
  PAIR.lastIndex = start;
  const pairs: TableValue[] = [];
  let end = start;
  for (let found = PAIR.exec(text); found !== null; found = PAIR.exec(text)) {
    const [, quotedName, bareName, quoted, bare = ""] = found;
    const name = quotedName === undefined ? bareName! : plain(quotedName);
    const isText = quoted !== undefined;
    pairs.push({ name, value: isText ? plain(quoted) : bare, isText });
    end = PAIR.lastIndex;
  }
  AS_JSON.lastIndex = end;
  return { pairs, isJson: AS_JSON.test(text) };
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
