/**
 * What an answer looks like, kept so that a later one can be compared with it and nobody can read it: its
 * frame (status, kind, where a redirect led) and the hashes of its marks, which are the paths and plain
 * values of JSON and the words of a page. Values with digits are left out: they are new each time. Pure.
 */
import { createHash } from "node:crypto";
import { isRecord, type JsonValue } from "../base/json.ts";
import type { ParsedBody } from "../http/body.ts";
import { visibleText } from "../http/visible_text.ts";

export type AnswerKind = ParsedBody["kind"];

export const ANSWER_KINDS = [
  "none",
  "form",
  "json",
  "multipart",
  "html",
  "text",
  "binary",
] as const satisfies readonly AnswerKind[];

export interface AnswerMarks {
  readonly status: number;
  readonly kind: AnswerKind;
  /** A page to log in on, or another plain word that nobody is logged in. */
  readonly isLogin: boolean;
  /** Origin and path that a redirect led to; `null` without one. */
  readonly place: string | null;
  /** Hashes of paths with their types, sorted; they are the same for every account. */
  readonly shape: readonly string[];
  /** Hashes of values, counts and words, sorted. */
  readonly marks: readonly string[];
}

export interface AnswerLook extends Omit<AnswerMarks, "kind" | "shape" | "marks"> {
  readonly content: ParsedBody;
}

const MAX_DEPTH = 6;
/** Elements of one list that are looked at. */
const MAX_ITEMS = 20;
const MAX_MARKS = 400;
/** Codes and counts, in decimal digits. */
const MAX_DIGITS = 6;
/** Names, codes and messages; a longer text is somebody's content. In UTF-16 units. */
const MAX_VALUE_LENGTH = 80;

export function marksOf({ status, isLogin, place, content }: AnswerLook): AnswerMarks {
  const shape: string[] = [];
  const marks = textMarks(content, shape);
  return {
    status,
    kind: content.kind,
    isLogin,
    place,
    shape: hashesOf(shape),
    marks: hashesOf(marks),
  };
}

/** True when two answers are of the same sort as far as their frames tell. */
export function sameFrame(a: AnswerMarks, b: AnswerMarks): boolean {
  return a.status === b.status && a.kind === b.kind && a.isLogin === b.isLogin &&
    a.place === b.place;
}

function hashesOf(marks: readonly string[]): string[] {
  return [...new Set(marks)].slice(0, MAX_MARKS).map(hashOf).sort();
}

/** Twelve hexadecimal digits: no two of a few thousand marks fall together by chance. */
function hashOf(mark: string): string {
  return createHash("sha256").update(mark).digest("hex").slice(0, 12);
}

/** The marks that are no shape; what is shape is added to `shape`. */
function textMarks(content: ParsedBody, shape: string[]): string[] {
  switch (content.kind) {
    case "json":
      return jsonMarks(content.value, "", shape);
    case "html":
      return wordsOf(visibleText(content.text));
    case "text":
      return wordsOf(content.text);
    case "form":
      shape.push(...content.fields.map(([name]) => name));
      return [];
    default:
      return [];
  }
}

function wordsOf(text: string): string[] {
  return (text.match(/[\p{L}\p{N}_]+/gu) ?? []).filter((word) => /^[\p{L}_]{3,}$/u.test(word));
}

function jsonMarks(value: JsonValue, path: string, shape: string[], depth = 0): string[] {
  shape.push(`${path}:${typeOf(value)}`);
  if (depth > MAX_DEPTH) return [];
  if (Array.isArray(value)) {
    const items: readonly JsonValue[] = value.slice(0, MAX_ITEMS);
    const inner = items.flatMap((item) => jsonMarks(item, `${path}[]`, shape, depth + 1));
    return [`${path}#${value.length}`, ...inner];
  }
  if (isRecord(value)) {
    const members = Object.entries(value) as [string, JsonValue][];
    return members.filter(([name]) => !/\d{3}/.test(name))
      .flatMap(([name, member]) => jsonMarks(member, `${path}.${name}`, shape, depth + 1));
  }
  return isPlain(value) ? [`${path}=${value}`] : [];
}

function isPlain(value: JsonValue): boolean {
  if (typeof value === "number") {
    return Number.isInteger(value) && String(Math.abs(value)).length <= MAX_DIGITS;
  }
  if (typeof value !== "string") return value !== null;
  return value.length <= MAX_VALUE_LENGTH && !/\d/.test(value);
}

function typeOf(value: JsonValue): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
