/**
 * The answer of a replay without what is about a person and no script needs: names and texts in JSON, the
 * words of pages, headers. What the login takes out of it stays where it is.
 */
import { isRecord, parseJson } from "../base/json.ts";
import { jsonLeaves, rewriteJsonLeaves } from "../codec/json_text.ts";
import { runExtraction } from "../correlate/evaluate.ts";
import type { Extraction } from "../correlate/flow.ts";
import { bodyText, parseBody, parseGuardedJson } from "../http/body.ts";
import type { HeaderList, HttpResponse } from "../http/exchange.ts";
import { isScript } from "../judge/answer_values.ts";
import { rewriteHtml } from "../http/rewrite_html.ts";
import { isPlace } from "./place_text.ts";
import type { InventedTexts } from "./invented_texts.ts";

export interface AnswerToStrip {
  readonly recorded: HttpResponse;
  /** As the replay gave it. */
  readonly answer: HttpResponse;
  readonly url: string;
  /** What the login takes out of it. */
  readonly extractions: readonly Extraction[];
  /** True where nothing had been sent that could say who asks. */
  readonly isAnonymous: boolean;
}

/** Headers that say what an answer is, and those that protocols of logins put values into. */
const KEPT_HEADER = /^(content-type|location|set-cookie|www-authenticate|refresh|allow)$/i;

const KEPT_ATTRIBUTE =
  /^(name|type|id|class|for|method|action|value|content|http-equiv|charset|rel|autocomplete|required|checked|selected)$/;
/** Their values are names of the markup and nobody's. */
const MARKUP_ATTRIBUTE = /^(name|type|id|class|for|method|http-equiv|charset|rel|autocomplete)$/;

/** The barest answer in which the login finds all that it takes. */
export function strippedAnswer(given: AnswerToStrip, texts: InventedTexts): HttpResponse {
  const { answer, url, extractions } = given;
  const wanted = extractions.map((extraction) => runExtraction(extraction, answer, url) ?? "");
  const headers = strippedHeaders(given, texts);
  const bodies = [
    () => strippedBody(given, wanted, texts, false),
    () => strippedBody(given, wanted, texts, true),
    () => answer.body,
  ];
  for (const body of bodies) {
    const stripped = { status: answer.status, headers, body: body() };
    const holdsAll = extractions.every((extraction, index) =>
      (runExtraction(extraction, stripped, url) ?? "") === wanted[index]
    );
    if (holdsAll) return stripped;
  }
  return { ...answer, headers: answer.headers.filter(([name]) => !/^date$/i.test(name)) };
}

function strippedHeaders(
  { recorded, answer, extractions }: AnswerToStrip,
  texts: InventedTexts,
): HeaderList {
  const read = extractions.flatMap(({ locator }) =>
    locator.kind === "header" ? [locator.name.toLowerCase()] : []
  );
  const before = new Set(recorded.headers.map(([, value]) => value));
  return answer.headers
    .filter(([name]) => KEPT_HEADER.test(name) || read.includes(name.toLowerCase()))
    .map(([name, value]) => {
      const isOther = /^set-cookie$/i.test(name) && before.has(value);
      return [name, isOther ? otherCookie(value, texts) : value];
    });
}

function otherCookie(line: string, texts: InventedTexts): string {
  const [pair = "", ...attributes] = line.split(";");
  const equals = pair.indexOf("=");
  const value = pair.slice(equals + 1).trim();
  return [pair.slice(0, equals + 1) + texts.other(value), ...attributes].join(";");
}

/** @param taken what the login takes out of it */
function strippedBody(
  { answer, recorded, isAnonymous }: AnswerToStrip,
  taken: readonly string[],
  texts: InventedTexts,
  keepsScripts: boolean,
): Uint8Array | null {
  if (answer.body === null || answer.body.length === 0) return answer.body;
  const { kind } = parseBody(answer.headers, answer.body);
  const text = bodyText(answer.headers, answer.body);
  const before = recorded.body === null ? "" : bodyText(recorded.headers, recorded.body);
  switch (kind) {
    case "json":
      return encoded(strippedJson(text, before, taken, texts));
    case "html":
      return encoded(strippedPage(text, before, texts, isAnonymous, keepsScripts));
    default:
      return isScript(answer) || kind === "binary" ? new Uint8Array() : answer.body;
  }
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** What the replay changed already stays as it is. */
function strippedJson(
  text: string,
  before: string,
  taken: readonly string[],
  texts: InventedTexts,
): string {
  const recorded = parseGuardedJson(before);
  const leaves = recorded === undefined ? [] : [...jsonLeaves(recorded)].map(([, leaf]) => leaf);
  const own = new Set(leaves).difference(new Set(taken));
  const rewritten = rewriteJsonLeaves(text, (_, value) => {
    const leaf = String(value);
    if (typeof value === "boolean" || value === null || !own.has(leaf)) return undefined;
    if (typeof value === "number") return { raw: texts.other(leaf) };
    const inner = parseJson(leaf);
    if (isRecord(inner) || Array.isArray(inner)) return "{}";
    return isPlace(leaf) ? "/" : texts.other(leaf);
  });
  return rewritten ?? text;
}

function strippedPage(
  html: string,
  before: string,
  texts: InventedTexts,
  isAnonymous: boolean,
  keepsScripts: boolean,
): string {
  const other = (text: string) =>
    text.trim() === "" || !before.includes(text) ? text : texts.other(text);
  return rewriteHtml(html, {
    text(text, tag) {
      if (tag === "script") return keepsScripts ? text : "";
      if (tag === "style") return "";
      return isAnonymous ? text : other(text);
    },
    attributes(attributes, tag) {
      const kept = Object.entries(attributes).filter(([name]) =>
        KEPT_ATTRIBUTE.test(name) || name.startsWith("data-") ||
        isAnonymous && name === "placeholder"
      );
      return Object.fromEntries(kept.map(([name, value]) => {
        const stays = isAnonymous || MARKUP_ATTRIBUTE.test(name) || isPlace(value) ||
          tag === "meta" && /^(viewport|charset)$/.test(attributes["name"] ?? "");
        return [name, stays ? value : other(value)];
      }));
    },
  });
}
