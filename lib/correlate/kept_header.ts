/** Which recorded headers a script sends again. */
import { isEmptyCredential } from "../http/auth_scheme.ts";
import { isOwnHeader } from "../http/ordinary_traffic.ts";
import type { Leaf } from "./leaves.ts";
import type { Message } from "./recording.ts";

/**
 * The value under which a recorded header is reproduced; `null` for one a client sends by itself.
 * `Referer` is cut to its origin, as a strict referrer policy would (Referrer Policy section 3.7).
 * The user agent is kept, a browser's too: servers bind sessions to it (OWASP Session Management Cheat
 * Sheet, "Binding the session ID to other user properties"), and the app's tools send the recorded one.
 */
export function keptHeader(message: Message, leaf: Leaf): string | null {
  const name = leaf.name.toLowerCase();
  if (name === "accept") return leaf.value === "*/*" ? null : leaf.value;
  if (name === "origin") return leaf.value === "null" ? null : leaf.value;
  if (name === "user-agent") return leaf.value;
  if (name === "referer") {
    const origin = /^https?:\/\/[^/]+/.exec(leaf.value)?.[0];
    return message.method === "GET" || origin === undefined ? null : `${origin}/`;
  }
  if (!isOwnHeader(name)) return null;
  if (name === "authorization" && isEmptyCredential(leaf.value)) return null;
  return leaf.value;
}
