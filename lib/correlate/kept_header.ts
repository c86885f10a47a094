/** Which recorded headers a script sends again. */
import { isEmptyCredential } from "../http/auth_scheme.ts";
import { isOwnHeader } from "../http/ordinary_traffic.ts";
import type { Message } from "./recording.ts";

/**
 * The value under which a recorded header is reproduced; `null` for one a client sends by itself.
 * `Referer` is cut to its origin, as a strict referrer policy would (Referrer Policy section 3.7).
 * The user agent is kept, a browser's too: servers bind sessions to it (OWASP Session Management Cheat
 * Sheet, "Binding the session ID to other user properties"), and the app's tools send the recorded one.
 */
export function keptHeader({ method }: Message, header: string, value: string): string | null {
  const name = header.toLowerCase();
  if (name === "accept") return value === "*/*" ? null : value;
  if (name === "origin") return value === "null" ? null : value;
  if (name === "user-agent") return value;
  if (name === "referer") {
    const origin = /^https?:\/\/[^/]+/.exec(value)?.[0];
    return method === "GET" || origin === undefined ? null : `${origin}/`;
  }
  const isKept = isOwnHeader(name) && !(name === "authorization" && isEmptyCredential(value));
  return isKept ? value : null;
}
