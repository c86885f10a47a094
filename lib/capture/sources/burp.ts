/** Burp's "Save items": XML with the messages as they travelled, in base64 or as text. */
import type { ForeignSource, NamedValue } from "./foreign_source.ts";

/** The document type that Burp writes before the items is longer than a screen, in characters. */
const HEAD = 20_000;

/** `null` for XML of another kind. */
export function readBurp(text: string): ForeignSource | null {
  const head = text.slice(0, HEAD);
  if (!head.includes("<items") || !head.includes("burpVersion=")) return null;
  const version = /burpVersion="([^"]*)"/.exec(text)?.[1] ?? "";
  const entries = text.split("<item>").slice(1).map((item) => entryOf(item.split("</item>")[0]!));
  return { creator: `Burp ${version}`.trim(), entries, lacks: [] };
}

function entryOf(item: string): unknown {
  const request = messageIn(item, "request");
  const response = messageIn(item, "response");
  const [method] = request?.first.split(" ") ?? [];
  const status = Number(response?.first.split(" ")[1]);
  const time = element(item, "time")?.text;
  return {
    startedDateTime: time === undefined ? undefined : isoTime(time),
    request: {
      method: method ?? element(item, "method")?.text,
      url: element(item, "url")?.text,
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

function bodyOf({ body }: Message): { text: string; encoding: "base64" } {
  return { text: btoa(body), encoding: "base64" };
}

/** RFC 9112 section 2: a start line, header lines, an empty line, the body. */
function messageIn(item: string, name: string): Message | null {
  const found = element(item, name);
  if (found === undefined || found.text === "") return null;
  const raw = found.isBase64 ? atob(found.text.replace(/\s+/g, "")) : latin1(found.text);
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

function element(item: string, name: string): { text: string; isBase64: boolean } | undefined {
  const found = new RegExp(
    `<${name}\\b([^>]*)>(?:<!\\[CDATA\\[([\\s\\S]*?)\\]\\]>|([^<]*))</${name}>`,
  ).exec(item);
  if (found === null) return undefined;
  const text = found[2] ?? unescaped(found[3] ?? "");
  return { text, isBase64: /base64="true"/.test(found[1]!) };
}

function unescaped(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'").replaceAll("&amp;", "&");
}

function latin1(text: string): string {
  return [...new TextEncoder().encode(text)].map((byte) => String.fromCharCode(byte)).join("");
}

/** `Mon Nov 02 10:11:12 CET 2026`: the zone's name is left out, which shifts all times alike. */
function isoTime(text: string): string | undefined {
  const [, month, day, clock, year] =
    /^\w+ (\w+) (\d+) ([\d:]+) (?:\S+ )?(\d{4})$/.exec(text.trim()) ?? [];
  const ms = Date.parse(`${month} ${day} ${year} ${clock} UTC`);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}
