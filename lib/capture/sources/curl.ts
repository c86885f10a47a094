/** Command lines as browsers copy them: curl for bash and cmd, Invoke-WebRequest for PowerShell. */
import type { ForeignSource, NamedValue } from "./foreign_source.ts";
import { powershellEntries } from "./powershell.ts";
import { shellWords } from "./shell_words.ts";

const LACKS = ["answers", "times: the order of the lines is taken for that of the requests"];

/** `null` for a text that holds no such command. */
export function readCurl(text: string): ForeignSource | null {
  if (/^(?:\$session =|Invoke-(?:WebRequest|RestMethod) )/im.test(text)) {
    return { creator: "PowerShell command lines", entries: powershellEntries(text), lacks: LACKS };
  }
  if (!/^\s*(?:\$\s+)?curl(?:\.exe)?\s/.test(text)) return null;
  const commands = commandsOf(shellWords(text));
  return { creator: "curl command lines", entries: commands.map(entryOf), lacks: LACKS };
}

/** Words of one command; `;`, `&`, `|` and line ends are words of their own. */
function commandsOf(words: readonly string[]): string[][] {
  const commands: string[][] = [];
  let isCommand = false;
  for (const word of words) {
    if (/^[;&|\n]+$/.test(word)) isCommand = false;
    else if (!isCommand && /^curl(?:\.exe)?$/i.test(word)) {
      isCommand = true;
      commands.push([]);
    } else if (isCommand) commands.at(-1)!.push(word);
  }
  return commands;
}

interface Asked {
  method: string | null;
  url: string;
  headers: NamedValue[];
  data: string[];
  form: string[];
  isGet: boolean;
}

/** Options with a value that says nothing of the request. */
const PASSED_OVER = new Set(
  ("-o --output -w --write-out -x --proxy -m --max-time --connect-timeout --retry --cacert -E --cert --key " +
    "-c --cookie-jar -D --dump-header --resolve --interface -r --range").split(" "),
);

function entryOf(words: readonly string[]): unknown {
  const asked: Asked = { method: null, url: "", headers: [], data: [], form: [], isGet: false };
  for (let at = 0; at < words.length; at++) {
    const [option, joined] = optionOf(words[at]!);
    if (option === null) {
      if (asked.url === "") asked.url = words[at]!;
      continue;
    }
    if (takesValue(option)) takeOption(asked, option, joined ?? words[++at] ?? "");
    else if (option === "-G" || option === "--get") asked.isGet = true;
    else if (option === "-I" || option === "--head") asked.method = "HEAD";
  }
  return { request: requestOf(asked), response: null };
}

/** `--data=x`, `-dx`, `-d x`. */
function optionOf(word: string): [option: string | null, joined: string | undefined] {
  if (word.startsWith("--")) {
    const equals = word.indexOf("=");
    return equals < 0 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)];
  }
  if (!word.startsWith("-") || word === "-") return [null, undefined];
  const short = word.slice(0, 2);
  return word.length > 2 && takesValue(short) ? [short, word.slice(2)] : [short, undefined];
}

function takesValue(option: string): boolean {
  return PASSED_OVER.has(option) ||
    /^(?:-[XHdbuFAe]|--(?:request|header|data(?:-\w+)*|json|cookie|user|form(?:-string)?|user-agent|referer|url|oauth2-bearer))$/
      .test(option);
}

function takeOption(asked: Asked, option: string, value: string): void {
  const header = (name: string, text: string) => void asked.headers.push({ name, value: text });
  switch (option) {
    case "-X":
    case "--request":
      asked.method = value;
      return;
    case "--url":
      asked.url = value;
      return;
    case "-H":
    case "--header": {
      const colon = value.indexOf(":");
      if (colon > 0) header(value.slice(0, colon).trim(), value.slice(colon + 1).trim());
      return;
    }
    case "-b":
    case "--cookie":
      // Without "=" it names a file (curl(1)).
      if (value.includes("=")) header("Cookie", value);
      return;
    case "-u":
    case "--user":
      return header("Authorization", `Basic ${new TextEncoder().encode(value).toBase64()}`);
    case "--oauth2-bearer":
      return header("Authorization", `Bearer ${value}`);
    case "-A":
    case "--user-agent":
      return header("User-Agent", value);
    case "-e":
    case "--referer":
      return header("Referer", value);
    case "--json":
      header("Content-Type", "application/json");
      asked.data.push(value);
      return;
    case "-F":
    case "--form":
    case "--form-string":
      asked.form.push(value);
      return;
    default:
      if (option.startsWith("-d") || option.startsWith("--data")) takeData(asked, option, value);
  }
}

function takeData(asked: Asked, option: string, value: string): void {
  const equals = value.indexOf("=");
  asked.data.push(
    option === "--data-urlencode" && equals >= 0
      ? `${value.slice(0, equals + 1)}${encodeURIComponent(value.slice(equals + 1))}`
      : value,
  );
}

function requestOf({ method, url, headers, data, form, isGet }: Asked): unknown {
  const isTyped = headers.some(({ name }) => name.toLowerCase() === "content-type");
  const address = /^[a-z][a-z\d+.-]*:/i.test(url) ? url : `http://${url}`;
  const body = data.join("&");
  if (isGet && data.length > 0) {
    const sign = address.includes("?") ? "&" : "?";
    return { method: method ?? "GET", url: `${address}${sign}${body}`, headers };
  }
  const params = form.map((field) => {
    const equals = field.indexOf("=");
    return { name: field.slice(0, equals), value: field.slice(equals + 1) };
  });
  const mimeType = form.length > 0 ? "multipart/form-data" : "application/x-www-form-urlencoded";
  const hasBody = data.length > 0 || form.length > 0;
  return {
    method: method ?? (hasBody ? "POST" : "GET"),
    url: address,
    headers,
    ...hasBody
      ? {
        postData: {
          ...isTyped ? {} : { mimeType },
          ...form.length > 0 ? { params } : { text: body },
        },
      }
      : {},
  };
}
