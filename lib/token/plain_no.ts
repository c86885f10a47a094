/**
 * Whether an answer under 200 says by a flag or by one word alone that what was asked for was not done, as
 * APIs do that know no other status: `{"success": false}`, `{"status": "error"}`, `Fails.` Pure.
 */
import { isRecord, type JsonValue } from "../base/json.ts";
import type { ParsedBody } from "../http/body.ts";

const DONE = /^(is_?)?(success(ful)?|succeeded|ok|valid|authenticated|logged_?in)$/i;
const OUTCOME = /^(status|state|result|outcome|response|stat|rc)$/i;
const ERROR = /^(errors?|err|exception|fault|failure)$/i;
const NO = /^(fail(s|ed|ure)?|errors?|denied|ko|nok|no|false|invalid)\W{0,3}$/i;
/** What scripts print as text; as a code, 0 is as often the word that all is well. */
const NO_NUMBER = /^(0|-1)$/;

export function saysNo(content: ParsedBody): boolean {
  if (content.kind === "text") {
    const text = content.text.trim();
    return NO.test(text) || NO_NUMBER.test(text);
  }
  return content.kind === "json" && isNo(content.value);
}

function isNo(value: JsonValue): boolean {
  if (value === false) return true;
  if (typeof value === "string") return NO.test(value);
  return isRecord(value) &&
    Object.entries(value).some(([name, member]) => isFailure(name, member as JsonValue));
}

function isFailure(name: string, member: JsonValue): boolean {
  if (DONE.test(name)) return member === false;
  if (OUTCOME.test(name)) return typeof member === "string" && NO.test(member);
  if (!ERROR.test(name) || member === null) return false;
  // That there was no error is told by an empty text or list as well.
  if (typeof member === "object") return Object.keys(member).length > 0;
  return typeof member === "string" ? !/^(0|none|ok|null|)$/i.test(member) : Boolean(member);
}
