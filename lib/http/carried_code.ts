/**
 * Codes that a person carries from the screen of one client to another: up to 12 letters and digits, in groups
 * (RFC 8628 section 6.1). By their looks they may be anything; who issued them tells.
 */
import { isOneTimeName, words } from "./vocabulary.ts";

const CODE = /^[A-Za-z\d]{2,12}([- ][A-Za-z\d]{2,8}){0,2}$/;
/** Twelve characters with a separator between any two groups. In characters. */
const MAX_CODE = 14;
/** A shorter text that a page shows by itself may be any number of it. In characters. */
const MIN_SHOWN = 6;
/** Between a text and its tags. In characters. */
const MAX_BLANK = 40;

export function mayBeCarried(name: string, value: string): boolean {
  if (value.length > MAX_CODE) return false;
  const length = value.replace(/[- ]/g, "").length;
  return CODE.test(value) && length >= 4 && length <= 12 && isOneTimeName(name) &&
    (length >= MIN_RESPELLED || /\d/.test(value) || value === value.toUpperCase());
}

/** A shorter code that is written otherwise than it was shown is another one. In characters. */
const MIN_RESPELLED = 6;
/** In characters. */
const GROUPS = [2, 3, 4];

/**
 * How the code may have been shown, as it is written first: people leave out what parts its groups, and its case
 * (RFC 8628 section 6.1).
 */
export function spellings(code: string): string[] {
  const bare = code.replace(/[- ]/g, "");
  if (bare.length < MIN_RESPELLED) return [code];
  const cased = [bare, bare.toUpperCase(), bare.toLowerCase()];
  const grouped = GROUPS.flatMap((size) =>
    cased.flatMap((text) => ["-", " "].map((mark) => groupsOf(text, size).join(mark)))
  );
  return [...new Set([code, ...cased, ...grouped])];
}

function groupsOf(text: string, size: number): string[] {
  return Array.from(
    { length: Math.ceil(text.length / size) },
    (_, at) => text.slice(at * size, (at + 1) * size),
  );
}

/** Members of an answer that gives a code to be approved with (RFC 8628 section 3.2). */
export function isApprovalCode(names: readonly string[]): boolean {
  const all = new Set(names.map(words));
  return all.has("user code") &&
    ["device code", "verification uri", "verification url"].some((name) => all.has(name));
}

/** What a client waits with until its user allows it on another device (OpenID Connect CIBA section 7.3). */
export function isApprovalId(name: string): boolean {
  return words(name) === "auth req id";
}

/** True where the code is the whole text of an element of the page. */
export function isShownAlone(code: string, html: string): boolean {
  if (code.length < MIN_SHOWN) return false;
  for (let at = html.indexOf(code); at >= 0; at = html.indexOf(code, at + code.length)) {
    const before = html.slice(Math.max(0, at - MAX_BLANK), at);
    const after = html.slice(at + code.length, at + code.length + MAX_BLANK);
    if (before.trimEnd().endsWith(">") && after.trimStart().startsWith("<")) return true;
  }
  return false;
}
