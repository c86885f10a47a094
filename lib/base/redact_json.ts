/** Redaction of structured data, leaf by leaf, so that the result stays what it was: valid JSON. */
import { rawNumber } from "./exact_json.ts";
import { MASK, type Redactor } from "./redact.ts";

/**
 * JSON-like data with every registered secret masked, in keys too: the same object where it holds none. A one-time
 * code may have become a number on its way; only a whole number is compared. `undefined` members are left out.
 */
export function redactJson(value: unknown, redactor: Redactor): unknown {
  if (typeof value === "string") return redactor.redact(value);
  const digits = typeof value === "number" ? String(value) : rawNumber(value);
  if (digits !== undefined) return redactor.redact(digits) === MASK ? MASK : value;
  if (Array.isArray(value)) {
    const items = value.map((item) => redactJson(item, redactor));
    return items.every((item, at) => item === value[at]) ? value : items;
  }
  if (typeof value !== "object" || value === null) return value;
  return redactMembers(value, redactor);
}

function redactMembers(value: object, redactor: Redactor): object {
  let isSame = true;
  const entries: [string, unknown][] = [];
  for (const [key, member] of Object.entries(value)) {
    const shownKey = MEMBER.test(key) ? key : redactor.redact(key);
    const shown = redactJson(member, redactor);
    isSame &&= shownKey === key && shown === member && member !== undefined;
    if (member !== undefined) entries.push([shownKey, shown]);
  }
  return isSame ? value : Object.fromEntries(entries);
}

/** What programs call members: somebody's password may be `name`, and the document must stay one. */
const MEMBER = /^[a-z][a-zA-Z]{1,19}$/;

/**
 * The text of a JSON document with every registered secret masked, however its characters are spelled:
 * written anew where a value holds one, else as it is.
 */
export function redactJsonText(text: string, value: unknown, redactor: Redactor): string {
  const masked = redactJson(value, redactor);
  return redactor.redact(masked === value ? text : JSON.stringify(masked));
}
