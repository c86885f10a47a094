/** Credentials of an earlier session that a client still sends along with its next login. */
import { bareCredential, hasScheme } from "../http/auth_scheme.ts";
import { headerValue } from "../http/headers.ts";
import { jwtExpiresAtSec } from "../http/jwt.ts";
import { isLoginEndpoint, isLogoutPath } from "../http/vocabulary.ts";
import type { Message, Recording } from "./recording.ts";

/**
 * True when the `Authorization` value was no longer good at this request: a JWT past its `exp`, or a
 * token whose last use before was refused (401, RFC 9110 section 15.5.2) or ended its session. A login
 * that was accepted all the same does not need it. Basic names a user or a client, and does not age.
 * @rule off: false
 */
export function isStaleCredential(value: string, message: Message, recording: Recording): boolean {
  if (hasScheme(value, "basic", "digest")) return false;
  const expiresAtSec = jwtExpiresAtSec(bareCredential(value));
  if (expiresAtSec !== undefined && expiresAtSec * 1000 < message.trace.startedAtMs) return true;
  const last = recording.messages.slice(0, message.index).findLast((earlier) =>
    headerValue(earlier.trace.request.headers, "authorization") === value && isUse(earlier)
  );
  return last !== undefined && (last.status === 401 || isLogoutPath(last.url.pathname));
}

/**
 * A 401 of a login's own endpoint speaks of what was typed, not of the token beside it.
 * @rule off: true
 */
function isUse({ url }: Message): boolean {
  return isLogoutPath(url.pathname) || !isLoginEndpoint(url.pathname);
}
