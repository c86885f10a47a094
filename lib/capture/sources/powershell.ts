/** "Copy as PowerShell": Invoke-WebRequest with a session object for cookies and the user agent. */
import type { NamedValue } from "./foreign_source.ts";

/** A double-quoted text; a backtick takes the next character for itself (about_Quoting_Rules). */
const QUOTED = '"((?:[^"`]|`[\\s\\S]|"")*)"';

/** Entries of HAR, one per command. */
export function powershellEntries(text: string): unknown[] {
  const pieces = text.split(/(?=\bInvoke-(?:WebRequest|RestMethod)\b)/i);
  let session: NamedValue[] = [];
  const entries: unknown[] = [];
  for (const piece of pieces) {
    if (/^Invoke-/i.test(piece)) {
      entries.push({ request: requestOf(piece, session), response: null });
    }
    if (/\$session\s*=/.test(piece)) session = [];
    session = [...session, ...sessionHeaders(piece)];
  }
  return entries;
}

function requestOf(command: string, session: readonly NamedValue[]): unknown {
  const headers = pairsOf(headerBlock(command));
  const contentType = parameter(command, "ContentType");
  const body = parameter(command, "Body");
  const cookies = session.filter(({ name }) => name === "Cookie").map(({ value }) => value);
  return {
    method: parameter(command, "Method") ?? (body === null ? "GET" : "POST"),
    url: parameter(command, "Uri") ?? "",
    headers: [
      ...headers.filter(({ name }) => !["method", "path", "scheme", "authority"].includes(name)),
      ...session.filter(({ name }) => name !== "Cookie"),
      ...cookies.length === 0 ? [] : [{ name: "Cookie", value: cookies.join("; ") }],
      ...contentType === null ? [] : [{ name: "Content-Type", value: contentType }],
    ],
    ...body === null ? {} : { postData: { text: body } },
  };
}

/** The brace that ends it stands at the beginning of a line; values may hold others. */
function headerBlock(command: string): string {
  const start = command.indexOf("-Headers @{");
  const end = command.indexOf("\n}", start);
  return start < 0 ? "" : command.slice(start, end < 0 ? undefined : end);
}

function parameter(command: string, name: string): string | null {
  const found = new RegExp(`-${name}\\s+(?:${QUOTED}|([^\\s\`"]+))`, "i").exec(command);
  if (found === null) return null;
  return found[1] === undefined ? found[2]! : plain(found[1]);
}

function pairsOf(block: string): NamedValue[] {
  return [...block.matchAll(new RegExp(`${QUOTED}\\s*=\\s*${QUOTED}`, "g"))].map((
    [, name, value],
  ) => ({ name: plain(name!), value: plain(value!) }));
}

function sessionHeaders(piece: string): NamedValue[] {
  const agent = new RegExp(`\\$session\\.UserAgent\\s*=\\s*${QUOTED}`, "i").exec(piece)?.[1];
  const cookie = new RegExp(`System\\.Net\\.Cookie\\(\\s*${QUOTED}\\s*,\\s*${QUOTED}`, "gi");
  return [
    ...agent === undefined ? [] : [{ name: "User-Agent", value: plain(agent) }],
    ...[...piece.matchAll(cookie)].map(([, name, value]) => ({
      name: "Cookie",
      value: `${plain(name!)}=${plain(value!)}`,
    })),
  ];
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "0": "\0" };

function plain(quoted: string): string {
  return quoted.replaceAll('""', '"').replace(
    /`([\s\S])/g,
    (_, char: string) => ESCAPES[char] ?? char,
  );
}
