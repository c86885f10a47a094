/** Burp's "Save items": XML with the messages as they travelled, in base64 or as text. */
import type { ForeignSource, NamedValue } from "./foreign_source.ts";

/** The document type that Burp writes before the items is longer than a screen, in characters. */
const HEAD = 20_000;
const LACKS = ["fractions of seconds: the order of the items decides within one"];

/** `null` for XML of another kind. */
export function readBurp(text: string): ForeignSource | null {
  const head = text.slice(0, HEAD);
  if (!head.includes("<items") || !head.includes("burpVersion=")) return null;
  const version = /burpVersion="([^"]*)"/.exec(text)?.[1] ?? "";
  return {
    creator: `Burp ${version}`.trim(),
    entries: itemsIn(text).map(entryOf),
    lacks: LACKS,
  };
}

const CDATA = "<![CDATA[";

interface Element {
  readonly text: string;
  readonly isBase64: boolean;
}

type Item = ReadonlyMap<string, Element>;

/**
 * The items, each with its elements. An answer may hold anything, `</item>` too: what stands in CDATA is passed
 * over as a whole.
 */
function itemsIn(text: string): Item[] {
  const items: Map<string, Element>[] = [];
  const tag = /<(item|time|url|method|request|response)\b([^<>]{0,200})>/g;
  for (let found = tag.exec(text); found !== null; found = tag.exec(text)) {
    const [, name = "", attributes = ""] = found;
    if (name === "item") {
      items.push(new Map());
      continue;
    }
    const isCdata = text.startsWith(CDATA, tag.lastIndex);
    const start = tag.lastIndex + (isCdata ? CDATA.length : 0);
    const end = endOf(text, start, isCdata ? `]]></${name}>` : "<");
    const inner = text.slice(start, end);
    items.at(-1)?.set(name, {
      text: isCdata ? cdataText(inner) : unescaped(inner),
      isBase64: /base64="true"/.test(attributes),
    });
    tag.lastIndex = end;
  }
  return items;
}

function endOf(text: string, start: number, mark: string): number {
  const end = text.indexOf(mark, start);
  return end < 0 ? text.length : end;
}

/** CDATA that holds its own end is split in two there (XML 1.0 section 2.7). */
function cdataText(text: string): string {
  return text.replaceAll("]]]]><![CDATA[>", "]]>");
}

function entryOf(item: Item): unknown {
  const request = messageIn(item.get("request"));
  const response = messageIn(item.get("response"));
  const [method] = request?.first.split(" ") ?? [];
  const status = Number(response?.first.split(" ")[1]);
  const time = item.get("time")?.text;
  return {
    startedDateTime: time === undefined ? undefined : isoTime(time),
    request: {
      method: method ?? item.get("method")?.text,
      url: item.get("url")?.text,
      headers: request?.headers ?? [],
      ...request === null || request.body === "" ? {} : { postData: bodyOf(request) },
    },
    response: response === null || !(status > 0) ? null : {
      status,
      headers: response.headers,
      content: response.body === "" ? { size: 0 } : bodyOf(response),
    },
  };
}

interface Message {
  readonly first: string;
  readonly headers: NamedValue[];
  /** One character per byte. */
  readonly body: string;
}

function bodyOf({ headers, body }: Message): { text: string; encoding: "base64" } {
  const isChunked = headers.some(({ name, value }) =>
    name.toLowerCase() === "transfer-encoding" && /chunked/i.test(value)
  );
  return { text: btoa(isChunked ? withoutChunks(body) : body), encoding: "base64" };
}

/** RFC 9112 section 7.1; a body that is not in chunks, since Burp took them apart, stays as it is. */
function withoutChunks(body: string): string {
  let whole = "";
  for (let at = 0;;) {
    const line = /^([\da-f]{1,8})[^\r\n]{0,200}\r\n/i.exec(body.slice(at, at + 256));
    if (line === null) return body;
    const length = parseInt(line[1]!, 16);
    if (length === 0) return whole;
    const start = at + line[0].length;
    if (start + length > body.length) return body;
    whole += body.slice(start, start + length);
    at = start + length + 2;
  }
}

/** RFC 9112 section 2: a start line, header lines, an empty line, the body. */
function messageIn(found: Element | undefined): Message | null {
  if (found === undefined) return null;
  const raw = found.isBase64 ? fromBase64(found.text) : latin1(found.text);
  if (raw === "") return null;
  const end = /\r?\n\r?\n/.exec(raw);
  const head = end === null ? raw : raw.slice(0, end.index);
  const [first = "", ...lines] = head.split(/\r?\n/);
  const headers = lines.flatMap((line): NamedValue[] => {
    const colon = line.indexOf(":");
    if (colon <= 0) return [];
    return [{ name: line.slice(0, colon), value: line.slice(colon + 1).trim() }];
  });
  return { first, headers, body: end === null ? "" : raw.slice(end.index + end[0].length) };
}

/** As one character per byte; nothing for what is damaged. */
function fromBase64(text: string): string {
  try {
    return atob(text.replace(/\s+/g, ""));
  } catch {
    return "";
  }
}

function unescaped(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'").replaceAll("&amp;", "&");
}

function latin1(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
}

/** `Mon Nov 02 10:11:12 CET 2026`: the zone's name is left out, which shifts all times alike. */
function isoTime(text: string): string | undefined {
  const [, month, day, clock, year] =
    /^\w+ (\w+) (\d+) ([\d:]+) (?:\S+ )?(\d{4})$/.exec(text.trim()) ?? [];
  const ms = Date.parse(`${month} ${day} ${year} ${clock} UTC`);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}
