/**
 * What documents say in HTML or Markdown, as the words alone: a model reads them, and tags cost it as much as
 * words do. Names in angle brackets that are no tags (`<owner>`) stay.
 */
import { visibleLines } from "./visible_text.ts";

const TAG_NAMES =
  "a|abbr|b|blockquote|br|center|code|dd|del|details|div|dl|dt|em|figure|font|h[1-6]|hr|i|img|ins|kbd|li|ol|p|pre" +
  "|s|samp|small|span|strong|sub|summary|sup|table|tbody|td|th|thead|tr|u|ul|var";
const TAG = new RegExp(`<\\/?(?:${TAG_NAMES})(?:[\\s/>]|$)`, "i");
const NO_TAG = new RegExp(`<(?!\\/?(?:${TAG_NAMES})(?:[\\s/>]|$))`, "gi");
/** An exclamation mark before it makes it a picture, which says nothing in words. */
const LINK = /(!?)\[([^[\]\n]{0,300})\]\([^()\s]{0,2000}\)/g;
const ADMONITION = /^[ \t]*>[ \t]?(?:\[!(\w{1,20})\])?/gm;
const HEADING = /^[ \t]{0,3}#{1,6}[ \t]+/gm;
const EMPHASIS = /\*\*(?=\S)([^*\n]{1,300})\*\*/g;

export function plainText(text: string): string {
  const unmarked = text.replace(/\r\n?/g, "\n")
    .replace(LINK, (_, picture: string, words: string) => picture === "" ? words : "")
    .replace(ADMONITION, (_, kind?: string) => kind === undefined ? "" : `${capitalized(kind)}:`)
    .replace(HEADING, "")
    .replace(EMPHASIS, "$1");
  return withoutTags(unmarked).split("\n").map((line) => line.trimEnd()).join("\n")
    .replace(/\n{3,}/g, "\n\n").trim();
}

function withoutTags(text: string): string {
  return TAG.test(text) ? visibleLines(text.replace(NO_TAG, "&lt;")).join("\n") : text;
}

function capitalized(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase();
}
