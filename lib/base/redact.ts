/**
 * Redaction by value: whatever is registered here is masked in every text that leaves the tool, in
 * its plain, URL-encoded, form-encoded, JSON-escaped, HTML-escaped and base64 forms, as part of a longer
 * base64 text, and as `escapeForeignText()` shows it.
 */
import { escapeForeignText } from "./foreign_text.ts";

/** Values shorter than this are not masked: masking `a` would destroy every message. In UTF-16 units. */
const MIN_SECRET_LENGTH = 4;

export const MASK = "‹secret›";

/** The forms in which a secret is likely to appear inside other text. Longest first. */
export function encodedForms(secret: string): string[] {
  const bytes = new TextEncoder().encode(secret);
  const base64 = [bytes.toBase64(), ...innerBase64(bytes)];
  const uri = encodeURIComponent(secret.toWellFormed());
  const json = JSON.stringify(secret).slice(1, -1);
  const forms = new Set([
    secret,
    escapeForeignText(secret),
    uri,
    uri.replace(/%../g, (octet) => octet.toLowerCase()),
    uri.replaceAll("%20", "+"),
    new URLSearchParams([["", secret]]).toString().slice(1),
    json,
    json.replaceAll("/", "\\/"),
    json.replace(MARKS, jsonEscape),
    json.replace(MARKS, (mark) => jsonEscape(mark).toUpperCase().replace("U", "u")),
    secret.replace(/[&<>"']/g, (mark) => HTML_NAMES[mark]!),
    secret.replace(MARKS, (mark) => `&#${mark.charCodeAt(0)};`),
    secret.replace(MARKS, (mark) => `&#x${mark.charCodeAt(0).toString(16)};`),
    ...base64,
    ...base64.map((text) => text.replaceAll("=", "")),
    ...base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")),
  ]);
  return [...forms].sort((a, b) => b.length - a.length);
}

/** What encoders write as `\u0026`, `&#38;` and the like although they need not. */
const MARKS = /[&<>'+/=]/g;

const HTML_NAMES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function jsonEscape(mark: string): string {
  return `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Shorter pieces of base64 occur in other base64 by chance. */
const MIN_INNER_LENGTH = 8;

/** How the bytes look inside the base64 of a longer text (`user:password`), without what its neighbours share. */
function innerBase64(bytes: Uint8Array): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const start = (3 - offset) % 3;
    const whole = bytes.subarray(start, bytes.length - (bytes.length - start) % 3);
    const text = whole.toBase64();
    return text.length >= MIN_INNER_LENGTH ? [text] : [];
  });
}

export class Redactor {
  readonly #forms = new Set<string>();
  #sorted: string[] | undefined;

  /** Registers a value to be masked from now on. Values under four characters are left alone. */
  add(secret: string | null | undefined): void {
    if (typeof secret !== "string" || secret.length < MIN_SECRET_LENGTH) return;
    if (this.#forms.has(secret)) return;
    for (const form of encodedForms(secret)) {
      if (form.length >= MIN_SECRET_LENGTH) this.#forms.add(form);
    }
    this.#sorted = undefined;
  }

  /** The text with every registered value masked. */
  redact(text: string): string {
    this.#sorted ??= [...this.#forms].sort((a, b) => b.length - a.length);
    let result = text;
    for (const form of this.#sorted) {
      if (result.includes(form)) result = result.replaceAll(form, MASK);
    }
    return result;
  }
}
