/** Command lines as browsers copy them: curl for bash and cmd, Invoke-WebRequest for PowerShell. */
import type { ForeignSource, NamedValue } from "./foreign_source.ts";
import { powershellCommands } from "./powershell.ts";
import { shellWords } from "./shell_words.ts";

const LACKS = ["answers", "times: the order of the lines is taken for that of the requests"];

/** A command of curl, in whatever folder it is installed. */
const CURL = /(?:^|[/\\])curl(?:\.exe)?$/i;
/** A text that has none of these is no list of commands. */
const HAS_CURL = /(?:^|[\s;&|(/\\`])curl(?:\.exe)?[ \t^`\\]/im;
const POWERSHELL =
  /^[ \t]*(?:\$\w{1,40} *= *)?(?:Invoke-(?:WebRequest|RestMethod)|iwr|irm)[ \t]|^\$session *=/im;

/** `null` for a text that holds no such command. */
export function readCurl(text: string): ForeignSource | null {
  if (POWERSHELL.test(text)) {
    const { entries, lostBody } = powershellCommands(text);
    const lacks = lostBody ? [...LACKS, "bodies that are computed or stand in files"] : LACKS;
    return { creator: "PowerShell command lines", entries, lacks };
  }
  if (!HAS_CURL.test(text)) return null;
  const asked = commandsOf(shellWords(text)).map(askedBy);
  if (asked.length === 0) return null;
  const lacks = asked.some(({ lostBody }) => lostBody)
    ? [...LACKS, "bodies that stand in files"]
    : LACKS;
  return { creator: "curl command lines", entries: asked.flatMap(entriesOf), lacks };
}

/** What stands before a command: the prompt, a variable that it is given, a command that runs it. */
const BEFORE_A_COMMAND = /^(?:\$|%|>|!|do|then|else|time|sudo|exec|env|\w+=.*)$/;

/** Words of one request; `;`, `&`, `|`, brackets and line ends are words of their own. */
function commandsOf(words: readonly string[]): string[][] {
  const commands: string[][] = [];
  let isCommand = false;
  let mayBegin = true;
  for (const word of words) {
    if (/^[;&|\n()`]$/.test(word)) {
      isCommand = false;
      mayBegin = true;
    } else if (mayBegin && CURL.test(word)) {
      isCommand = true;
      mayBegin = false;
      commands.push([]);
    } else if (!isCommand) mayBegin &&= BEFORE_A_COMMAND.test(word);
    else if (word === "--next" || word === "-:") commands.push([]);
    else commands.at(-1)!.push(word);
  }
  return commands;
}

interface FormField {
  /** `name=value` */
  readonly field: string;
  /** What it begins with means nothing. */
  readonly isText: boolean;
}

interface Asked {
  method: string | null;
  /** Each is asked the same. */
  urls: string[];
  headers: NamedValue[];
  data: string[];
  form: FormField[];
  /** Of `--url-query`. */
  query: string[];
  isGet: boolean;
  /** True where a body stands in a file, which a command line does not hold. */
  lostBody: boolean;
}

/** Short options that say something of the request, and all others that have a value (curl(1)). */
const SHORT_WITH_VALUE = new Set("XHdbuFAeTorwxmEcDKUyYzCPQt");
/** Long ones that say something of the request; `--data…` and `--form…` do, too. */
const LONG_OF_REQUEST =
  /^--(?:request|header|data(?:-\w+)?|json|cookie|user|form|form-string|user-agent|referer|url|oauth2-bearer|url-query)$/;
/** Long options without a value; every other one has one. */
const LONG_WITHOUT_VALUE =
  /^--(?:no-\w[\w-]*|anyauth|append|basic|ca-native|compressed|compressed-ssh|create-dirs|crlf|digest|disable(?:-\w+)*|doh-insecure|fail(?:-\w+)*|false-start|ftp-\w[\w-]*|get|globoff|haproxy-protocol|head|help|http(?:[0-3]\.?[019]?|0\.9|2-prior-knowledge|3-only)|ignore-content-length|include|insecure|ipv[46]|junk-session-cookies|list-only|location(?:-trusted)?|manual|metalink|negotiate|netrc(?:-optional)?|next|ntlm(?:-wb)?|parallel(?:-immediate)?|path-as-is|post30[123]|progress-bar|proxy-(?:anyauth|basic|digest|insecure|negotiate|ntlm)|proxytunnel|raw|remote-(?:header-name|name|name-all|time)|retry-(?:all-errors|connrefused)|sasl-ir|show-(?:error|headers)|silent|ssl(?:-\w+)*|sslv[23]|styled-output|suppress-connect-headers|tcp-\w+|tftp-no-options|tls(?:v1(?:\.[0-3])?)|tr-encoding|trace-(?:ids|time)|use-ascii|verbose|version|xattr)$/;

function askedBy(words: readonly string[]): Asked {
  const asked: Asked = {
    method: null,
    urls: [],
    headers: [],
    data: [],
    form: [],
    query: [],
    isGet: false,
    lostBody: false,
  };
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word.startsWith("--") && word.length > 2) {
      const [option, joined] = splitLong(word);
      if (option === "--get") asked.isGet = true;
      else if (option === "--head") asked.method ??= "HEAD";
      else if (!LONG_WITHOUT_VALUE.test(option)) {
        const value = joined ?? words[++at] ?? "";
        if (LONG_OF_REQUEST.test(option)) takeOption(asked, option, value);
      }
    } else if (word.startsWith("-") && word.length > 1) {
      if (takeShort(asked, word, words[at + 1])) at++;
    } else asked.urls.push(word);
  }
  return asked;
}

/** `--data=x` and `--data x`. */
function splitLong(word: string): [option: string, joined: string | undefined] {
  const equals = word.indexOf("=");
  return equals < 0 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)];
}

/** Letters in one word, `-sSXPOST`, `-id x`: the first that has a value takes the rest. True where it took `next`. */
function takeShort(asked: Asked, word: string, next: string | undefined): boolean {
  for (let at = 1; at < word.length; at++) {
    const letter = word[at]!;
    if (letter === "G") asked.isGet = true;
    else if (letter === "I") asked.method ??= "HEAD";
    if (!SHORT_WITH_VALUE.has(letter)) continue;
    const rest = word.slice(at + 1);
    takeOption(asked, `-${letter}`, rest === "" ? next ?? "" : rest);
    return rest === "";
  }
  return false;
}

function takeOption(asked: Asked, option: string, value: string): void {
  const header = (name: string, text: string) => void asked.headers.push({ name, value: text });
  switch (option) {
    case "-X":
    case "--request":
      asked.method = value;
      return;
    case "--url":
      asked.urls.push(value);
      return;
    case "--url-query":
      asked.query.push(urlEncoded(value));
      return;
    case "-T":
      asked.method ??= "PUT";
      asked.lostBody = true;
      return;
    case "-H":
    case "--header":
      asked.headers.push(...headersOf(value));
      return;
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
      header("Accept", "application/json");
      takeData(asked, option, value);
      return;
    case "-F":
    case "--form":
    case "--form-string":
      if (option !== "--form-string") asked.lostBody ||= /^[^=]*=[@<]/.test(value);
      asked.form.push({ field: value, isText: option === "--form-string" });
      return;
    default:
      if (option.startsWith("-d") || option.startsWith("--data")) takeData(asked, option, value);
  }
}

/** `Name;` is one without a value, `Name:` takes one away that curl would send, `@file` holds some (curl(1)). */
function headersOf(line: string): NamedValue[] {
  const [, empty] = /^([^:;@][^:;]*);$/.exec(line) ?? [];
  if (empty !== undefined) return [{ name: empty.trim(), value: "" }];
  const colon = line.indexOf(":");
  const value = line.slice(colon + 1).trim();
  return colon > 0 && value !== "" ? [{ name: line.slice(0, colon).trim(), value }] : [];
}

/** `@name` reads a file, but for `--data-raw` (curl(1)). */
function takeData(asked: Asked, option: string, value: string): void {
  if (option === "--data-urlencode") asked.data.push(urlEncoded(value));
  else if (option !== "--data-raw" && value.startsWith("@")) asked.lostBody = true;
  else asked.data.push(value);
}

/** `content`, `=content` and `name=content`. */
function urlEncoded(value: string): string {
  const equals = value.indexOf("=");
  const name = equals > 0 ? `${value.slice(0, equals)}=` : "";
  return `${name}${encodeURIComponent(value.slice(equals + 1))}`;
}

function entriesOf(asked: Asked): unknown[] {
  const urls = asked.urls.length === 0 ? [""] : asked.urls;
  return urls.map((url) => ({ request: requestOf(url, asked), response: null }));
}

function requestOf(
  url: string,
  { method, headers, data, form, query, isGet, lostBody }: Asked,
): unknown {
  const isTyped = headers.some(({ name }) => name.toLowerCase() === "content-type");
  const full = /^[a-z][a-z\d+.-]*:\/\//i.test(url) ? url : `http://${url}`;
  const asQuery = [...query, ...isGet ? data : []].join("&");
  const address = asQuery === "" ? full : `${full}${full.includes("?") ? "&" : "?"}${asQuery}`;
  if (isGet) return { method: method ?? "GET", url: address, headers };
  const body = data.join("&");
  const params = form.map(partOf);
  const mimeType = form.length > 0 ? "multipart/form-data" : "application/x-www-form-urlencoded";
  const hasBody = data.length > 0 || form.length > 0;
  return {
    method: method ?? (hasBody || lostBody ? "POST" : "GET"),
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

/** `name=@photo.png;type=image/png`: a file's name, without what stands in it; `name=<note.txt`: its text, which is lost. */
function partOf({ field, isText }: FormField): unknown {
  const equals = field.indexOf("=");
  const name = field.slice(0, equals);
  const whole = field.slice(equals + 1);
  if (isText) return { name, value: whole };
  const [value = "", ...about] = whole.split(/;(?=(?:type|filename)=)/);
  const type = about.find((one) => one.startsWith("type="))?.slice("type=".length);
  const contentType = type === undefined ? {} : { contentType: type };
  if (value.startsWith("<")) return { name, value: "", ...contentType };
  return value.startsWith("@")
    ? { name, value: "", fileName: value.slice(1), ...contentType }
    : { name, value, ...contentType };
}
