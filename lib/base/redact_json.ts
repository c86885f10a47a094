/** Redaction of structured data, leaf by leaf, so that the result stays what it was: valid JSON. */
import { rawNumber } from "./exact_json.ts";
import { MASK, type Redactor } from "./redact.ts";

/**
 * A copy of JSON-like data with every registered secret masked, in keys too. A one-time code may have become
 * a number on its way; only a whole number is compared. `undefined` members are left out.
 */
export function redactJson(value: unknown, redactor: Redactor): unknown {
  if (typeof value === "string") return redactor.redact(value);
  const digits = typeof value === "number" ? String(value) : rawNumber(value);
  if (digits !== undefined) return redactor.redact(digits) === MASK ? MASK : value;
  if (Array.isArray(value)) return value.map((item) => redactJson(item, redactor));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    entries.map(([key, member]) => [
      MEMBER.test(key) ? key : redactor.redact(key),
      redactJson(member, redactor),
    ]),
  );
}

/** What programs call members: somebody's password may be `name`, and the document must stay one. */
const MEMBER = /^[a-z][a-zA-Z]{1,19}$/;

/**
 * The text of a JSON document with every registered secret masked, however its characters are spelled:
 * written anew where a value holds one, else as it is.
 */
export function redactJsonText(text: string, value: unknown, redactor: Redactor): string {
  const masked = JSON.stringify(redactJson(value, redactor));
  return redactor.redact(masked === JSON.stringify(value) ? text : masked);
}
