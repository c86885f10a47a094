/** What the options of one curl command say of its request (curl(1)). */
import type { BodyFiles } from "./exchanges.ts";
import type { NamedValue } from "./foreign_source.ts";

/** What a command line names and does not hold. */
export type Lost = "bodies" | "cookies" | "headers" | "options";

interface Datum {
  readonly text: string;
  /** Of `--json`: what comes in several pieces is put together without anything between. */
  readonly isJson: boolean;
}

export interface FormField {
  /** `name=value` */
  readonly field: string;
  /** What it begins with means nothing. */
  readonly isText: boolean;
}

export interface Asked {
  method: string | null;
  /** Each is asked the same. */
  urls: string[];
  headers: NamedValue[];
  data: Datum[];
  form: FormField[];
  /** Of `--url-query`. */
  query: string[];
  user: string | null;
  isGet: boolean;
  /** True where sets and ranges in an address mean nothing. */
  isLiteral: boolean;
  /** True where the password is not sent before the server asks for it in another way than Basic. */
  waitsForChallenge: boolean;
  /** Of the file that is uploaded. */
  upload: string | null;
  readonly lost: Set<Lost>;
  /** Files that the command lines came with. */
  readonly files: BodyFiles;
}

/** Short options that say something of the request, and all others that have a value (curl(1)). */
const SHORT_WITH_VALUE = new Set("XHdbuFAeTorwxmEcDKUyYzCPQt");
/** Long ones that say something of the request. */
const LONG_OF_REQUEST = new Set(
  [
    "request header json cookie user form form-string user-agent referer url oauth2-bearer url-query range",
    "upload-file config data data-ascii data-binary data-raw data-urlencode",
  ].flatMap((names) => names.split(" ")).map((name) => `--${name}`),
);
/** Long options without a value; every other one has one. */
const LONG_WITHOUT_VALUE =
  /^--(?:no-\w[\w-]*|anyauth|append|basic|ca-native|compressed|compressed-ssh|create-dirs|crlf|digest|disable(?:-\w+)*|doh-insecure|fail(?:-\w+)*|false-start|ftp-\w[\w-]*|get|globoff|haproxy-protocol|head|help|http(?:[0-3]\.?[019]?|0\.9|2-prior-knowledge|3-only)|ignore-content-length|include|insecure|ipv[46]|junk-session-cookies|list-only|location(?:-trusted)?|manual|metalink|negotiate|netrc(?:-optional)?|next|ntlm(?:-wb)?|parallel(?:-immediate)?|path-as-is|post30[123]|progress-bar|proxy-(?:anyauth|basic|digest|insecure|negotiate|ntlm)|proxytunnel|raw|remote-(?:header-name|name|name-all|time)|retry-(?:all-errors|connrefused)|sasl-ir|show-(?:error|headers)|silent|ssl(?:-\w+)*|sslv[23]|styled-output|suppress-connect-headers|tcp-\w+|tftp-no-options|tls(?:v1(?:\.[0-3])?)|tr-encoding|trace-(?:ids|time)|use-ascii|verbose|version|xattr)$/;

export function askedBy(words: readonly string[], files: BodyFiles): Asked {
  const asked: Asked = {
    method: null,
    urls: [],
    headers: [],
    data: [],
    form: [],
    query: [],
    user: null,
    isGet: false,
    isLiteral: false,
    waitsForChallenge: false,
    upload: null,
    lost: new Set(),
    files,
  };
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word.startsWith("--") && word.length > 2) {
      const [option, joined] = splitLong(word);
      if (LONG_WITHOUT_VALUE.test(option)) takeSwitch(asked, option);
      else {
        const value = joined ?? words[++at] ?? "";
        if (LONG_OF_REQUEST.has(option)) takeOption(asked, option, value);
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

function takeSwitch(asked: Asked, option: string): void {
  if (option === "--get") asked.isGet = true;
  else if (option === "--head") asked.method ??= "HEAD";
  else if (option === "--globoff") asked.isLiteral = true;
  else if (/^--(?:anyauth|digest|negotiate|ntlm(?:-wb)?)$/.test(option)) {
    asked.waitsForChallenge = true;
  } else if (option === "--basic") asked.waitsForChallenge = false;
}

/** Letters in one word, `-sSXPOST`, `-id x`: the first that has a value takes the rest. True where it took `next`. */
function takeShort(asked: Asked, word: string, next: string | undefined): boolean {
  for (let at = 1; at < word.length; at++) {
    const letter = word[at]!;
    if (letter === "G") asked.isGet = true;
    else if (letter === "I") asked.method ??= "HEAD";
    else if (letter === "g") asked.isLiteral = true;
    if (!SHORT_WITH_VALUE.has(letter)) continue;
    const rest = word.slice(at + 1);
    takeOption(asked, `-${letter}`, rest === "" ? next ?? "" : rest);
    return rest === "";
  }
  return false;
}

/** A table of options. */
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
      asked.query.push(value.startsWith("+") ? value.slice(1) : urlEncoded(asked, value));
      return;
    case "-T":
    case "--upload-file":
      asked.upload = value;
      return;
    case "-H":
    case "--header":
      if (value.startsWith("@")) asked.lost.add("headers");
      asked.headers.push(...headersOf(value));
      return;
    case "-b":
    case "--cookie":
      // Without "=" it names a file.
      if (value.includes("=")) header("Cookie", value);
      else asked.lost.add("cookies");
      return;
    case "-K":
    case "--config":
      asked.lost.add("options");
      return;
    case "-u":
    case "--user":
      asked.user = value;
      return;
    case "--oauth2-bearer":
      return header("Authorization", `Bearer ${value}`);
    case "-A":
    case "--user-agent":
      return header("User-Agent", value);
    case "-e":
    case "--referer":
      return value === ";auto" ? undefined : header("Referer", value.replace(/;auto$/, ""));
    case "-r":
    case "--range":
      return header("Range", `bytes=${value}`);
    case "-F":
    case "--form":
    case "--form-string":
      asked.form.push({ field: value, isText: option === "--form-string" });
      return;
    default:
      if (option === "--json" || option === "-d" || option.startsWith("--data")) {
        takeData(asked, option, value);
      }
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

/** `@name` reads a file, but for `--data-raw`; only `--data-binary` and `--json` keep its line ends. */
function takeData(asked: Asked, option: string, value: string): void {
  const isJson = option === "--json";
  if (option === "--data-urlencode") {
    asked.data.push({ text: urlEncoded(asked, value), isJson });
  } else if (option === "--data-raw" || !value.startsWith("@")) {
    asked.data.push({ text: value, isJson });
  } else {
    const text = fileText(asked, value.slice(1));
    const keepsLines = isJson || option === "--data-binary";
    asked.data.push({ text: keepsLines ? text : text.replace(/[\r\n\0]/g, ""), isJson });
  }
}

/** `content`, `=content`, `name=content`, `@file` and `name@file`; curl 7.80 and later write a space as `+`. */
function urlEncoded(asked: Asked, value: string): string {
  const at = value.search(/[=@]/);
  const content = at < 0
    ? value
    : value[at] === "@"
    ? fileText(asked, value.slice(at + 1))
    : value.slice(at + 1);
  const encoded = encodeURIComponent(content).replaceAll("%20", "+");
  return at > 0 ? `${value.slice(0, at)}=${encoded}` : encoded;
}

/** Of a file that came with the command lines; else it is lost. */
export function fileText({ files, lost }: Asked, name: string): string {
  const bytes = files(name.replace(/^\.\//, ""));
  if (bytes === null) lost.add("bodies");
  return bytes === null ? "" : new TextDecoder().decode(bytes);
}
