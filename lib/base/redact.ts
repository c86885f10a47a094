/**
 * Redaction by value: whatever is registered here is masked in every text that leaves the tool, in
 * its plain, URL-encoded, form-encoded, JSON-escaped and base64 forms.
 */

/** Values shorter than this are not masked: masking `a` would destroy every message. In UTF-16 units. */
const MIN_SECRET_LENGTH = 4;

export const MASK = "‹secret›";

/** The forms in which a secret is likely to appear inside other text. Longest first. */
export function encodedForms(secret: string): string[] {
  const bytes = new TextEncoder().encode(secret);
  const base64 = btoa(String.fromCharCode(...bytes));
  const uri = encodeURIComponent(secret);
  const forms = new Set([
    secret,
    uri,
    uri.toLowerCase(),
    uri.replaceAll("%20", "+"),
    new URLSearchParams([["", secret]]).toString().slice(1),
    JSON.stringify(secret).slice(1, -1),
    base64,
    base64.replaceAll("=", ""),
    base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", ""),
  ]);
  return [...forms].sort((a, b) => b.length - a.length);
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
