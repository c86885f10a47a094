import type { Leaf } from "./leaves.ts";
import type { Message } from "./recording.ts";

/**
 * A cookie that nobody set is made up only where the web says so: a token against forgery that the page
 * writes into a cookie and sends beside it (OWASP CSRF Prevention Cheat Sheet, "double submit").
 * @rule off: false
 */
export function isDoubled({ leaves }: Message, { value }: Leaf): boolean {
  return leaves.some((other) => other.place.kind !== "cookie" && other.value === value);
}
