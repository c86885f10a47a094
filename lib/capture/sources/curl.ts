/** Command lines as browsers copy them: curl for bash and cmd, Invoke-WebRequest for PowerShell. */
import { globbedAddresses } from "./curl_globs.ts";
import { type Asked, askedBy, fileText, type FormField, type Lost } from "./curl_options.ts";
import type { BodyFiles } from "./exchanges.ts";
import type { ForeignSource, NamedValue } from "./foreign_source.ts";
import { powershellCommands } from "./powershell.ts";
import { shellWords } from "./shell_words.ts";

const LACKS = ["answers", "times: the order of the lines is taken for that of the requests"];
const LOST: Readonly<Record<Lost, string>> = {
  bodies: "bodies that stand in files",
  cookies: "cookies that stand in files",
  headers: "headers that stand in files",
  options: "options that stand in files",
};

/** A command of curl, in whatever folder it is installed. */
const CURL = /(?:^|[/\\])curl(?:\.exe)?$/i;
/** A text that has none of these is not a list of commands. */
const HAS_CURL = /(?:^|[\s;&|(/\\`])curl(?:\.exe)?[ \t^`\\]/im;
const POWERSHELL =
  /^[ \t]*(?:\$\w{1,40} *= *)?(?:Invoke-(?:WebRequest|RestMethod)|iwr|irm)[ \t]|^\$session *=/im;
const NO_FILES: BodyFiles = () => null;

/** `null` for a text that holds no such command. `files`: those that stand beside it. */
export function readCurl(text: string, files: BodyFiles = NO_FILES): ForeignSource | null {
  if (POWERSHELL.test(text)) {
    const { entries, lostBody } = powershellCommands(text);
    const lacks = lostBody ? [...LACKS, "bodies that are computed or stand in files"] : LACKS;
    return { creator: "PowerShell command lines", entries, lacks };
  }
  if (!HAS_CURL.test(text)) return null;
  const { words, unknown } = shellWords(text);
  const asked = commandsOf(words).map((command) => askedBy(command, files));
  if (asked.length === 0) return null;
  const entries = asked.flatMap(entriesOf);
  const lost = new Set(asked.flatMap((one) => [...one.lost]));
  return {
    creator: "curl command lines",
    entries,
    hint:
      "Give a command that holds its address: none of its options may stand in a file, nor in a variable",
    lacks: [
      ...LACKS,
      ...[...lost].map((what) => LOST[what]),
      ...unknown.length === 0 ? [] : [`values of variables: ${unknown.join(", ")}`],
    ],
  };
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

function entriesOf(asked: Asked): unknown[] {
  const urls = asked.urls.length === 0 ? [""] : asked.urls;
  return urls.flatMap((url) => asked.isLiteral ? [url] : globbedAddresses(url))
    .map((url) => ({ request: requestOf(url, asked), response: null }));
}

function requestOf(url: string, asked: Asked): unknown {
  const { method, data, form, query, isGet, upload } = asked;
  const full = /^[a-z][a-z\d+.-]*:\/\//i.test(url) ? url : `http://${url}`;
  const body = data.map(({ text, isJson }, index) => index === 0 || isJson ? text : `&${text}`)
    .join("");
  const isQuery = isGet || method === "HEAD";
  const asQuery = [...query, ...isQuery && data.length > 0 ? [body] : []].join("&");
  const address = asQuery === "" ? full : `${full}${full.includes("?") ? "&" : "?"}${asQuery}`;
  const headers = headersOf(asked);
  if (isQuery) return { method: method ?? "GET", url: address, headers };
  if (upload !== null) {
    return {
      method: method ?? "PUT",
      url: address.endsWith("/") ? address + encodeURIComponent(baseName(upload)) : address,
      headers,
      postData: { text: fileText(asked, upload) },
    };
  }
  const mimeType = form.length > 0 ? "multipart/form-data" : "application/x-www-form-urlencoded";
  const isTyped = headers.some(({ name }) => name.toLowerCase() === "content-type");
  const hasBody = data.length > 0 || form.length > 0;
  return {
    method: method ?? (hasBody ? "POST" : "GET"),
    url: address,
    headers,
    ...hasBody
      ? {
        postData: {
          ...isTyped ? {} : { mimeType },
          ...form.length > 0
            ? { params: form.map((field) => partOf(field, asked)) }
            : { text: body },
        },
      }
      : {},
  };
}

/** Those given, and what options add to them. */
function headersOf({ headers, user, waitsForChallenge, data }: Asked): NamedValue[] {
  const has = (wanted: string) => headers.some(({ name }) => name.toLowerCase() === wanted);
  const json = ["Content-Type", "Accept"].filter((name) => !has(name.toLowerCase()))
    .map((name) => ({ name, value: "application/json" }));
  const basic = user === null || waitsForChallenge || has("authorization")
    ? []
    : [{ name: "Authorization", value: `Basic ${new TextEncoder().encode(user).toBase64()}` }];
  return [...headers, ...basic, ...data.some(({ isJson }) => isJson) ? json : []];
}

/** By their endings, as curl's `Curl_mime_contenttype()` has them. */
const TYPES: Readonly<Record<string, string>> = {
  gif: "image/gif",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain",
  htm: "text/html",
  html: "text/html",
  pdf: "application/pdf",
  xml: "application/xml",
};

/** `name=@photo.png;type=image/png` is a file, `name=<note.txt` the text of one (curl(1)). */
function partOf({ field, isText }: FormField, asked: Asked): unknown {
  const equals = field.indexOf("=");
  const name = field.slice(0, equals);
  const whole = field.slice(equals + 1);
  if (isText) return { name, value: whole };
  const [value = "", ...about] = whole.split(/;\s?(?=(?:type|filename)=)/);
  const said = (wanted: string) =>
    about.find((one) => one.startsWith(`${wanted}=`))?.slice(wanted.length + 1)
      .replace(/^"(.*)"$/, "$1");
  const type = said("type");
  const contentType = type === undefined ? {} : { contentType: type };
  if (value.startsWith("<")) {
    return { name, value: fileText(asked, value.slice(1)), ...contentType };
  }
  if (!value.startsWith("@")) return { name, value, ...contentType };
  const path = value.slice(1);
  const ending = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  return {
    name,
    value: fileText(asked, path),
    fileName: said("filename") ?? baseName(path),
    contentType: type ?? TYPES[ending] ?? "application/octet-stream",
  };
}

function baseName(path: string): string {
  return path.split(/[/\\]/).at(-1)!;
}
