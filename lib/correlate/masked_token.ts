/**
 * CSRF tokens that are masked anew in every page, so that compression tells nothing of them (BREACH): two
 * texts, one secret. Frameworks mask in two ways, both tried here and never assumed: a one-time pad and
 * the secret XORed with it, in base64 or base64url; and a pad of letters and digits that is added to the
 * secret letter by letter, modulo 62.
 */
import { base64DecodeBytes } from "../http/base64.ts";
import type { HtmlPage } from "../http/html.ts";
import type { Message } from "./recording.ts";

/** Shorter halves are alike by chance. In bytes or letters. */
const MIN_SECRET = 16;

const ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** Another masking of a token, and the page that holds it. */
export interface Masking {
  readonly index: number;
  readonly value: string;
}

/**
 * The first of these pages that holds the token under another mask; `null` when none does, or it has no mask.
 * @rule off: null
 */
export function firstMasking(token: string, pages: readonly Message[]): Masking | null {
  if (xoredSecret(token) === null && addedSecret(token) === null) return null;
  for (const { index, page } of pages) {
    const value = page && tokensIn(page).find((text) => isSameSecret(text, token));
    if (value) return { index, value };
  }
  return null;
}

/** Where frameworks put a token for scripts and forms. */
function tokensIn({ metas, forms, looseInputs }: HtmlPage): string[] {
  const inputs = [...forms.flatMap((form) => form.inputs), ...looseInputs];
  return [
    ...metas.map(([, content]) => content),
    ...inputs.filter(({ type }) => type === "hidden").map(({ value }) => value),
  ];
}

/** True when both are maskings of one secret. */
export function isSameSecret(one: string, other: string): boolean {
  if (one === other) return true;
  if (one.length !== other.length) return false;
  return [xoredSecret, addedSecret].some((secretOf) => {
    const secret = secretOf(one);
    return secret !== null && secret === secretOf(other);
  });
}

/** @rule off: null */
function xoredSecret(masked: string): string | null {
  if (masked.length < MIN_SECRET * 2 || !/^[\w+/-]+={0,2}$/.test(masked)) return null;
  const bytes = base64DecodeBytes(masked);
  if (bytes === undefined || bytes.length % 2 !== 0 || bytes.length < MIN_SECRET * 2) return null;
  const half = bytes.length / 2;
  return bytes.subarray(0, half).map((byte, index) => byte ^ bytes[half + index]!).join();
}

/** @rule off: null */
function addedSecret(masked: string): string | null {
  if (masked.length < MIN_SECRET * 2 || !/^[A-Za-z0-9]+$/.test(masked)) return null;
  if (masked.length % 2 !== 0) return null;
  const half = masked.length / 2;
  const at = (index: number) => ALPHABET.indexOf(masked[index]!);
  return Array.from({ length: half }, (_, index) => (at(half + index) - at(index) + 62) % 62)
    .join();
}
