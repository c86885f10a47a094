/** Values that guard a session against requests forged in its name. */
import { isSwitch } from "./opaque.ts";
import { isAntiForgeryName } from "./vocabulary.ts";

/** Shorter values are switches. In characters. */
const MIN_GUARD = 4;

/**
 * True for a value under such a name: of the session, however plain it looks (OWASP CSRF Prevention Cheat Sheet,
 * "Token-Based Mitigation").
 * @rule off: false
 */
export function holdsGuard(name: string, value: string): boolean {
  return isAntiForgeryName(name) && value.length >= MIN_GUARD && !isSwitch(value);
}
