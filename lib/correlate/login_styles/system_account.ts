import { hasScheme } from "../../http/auth_scheme.ts";
import { headerValue } from "../../http/headers.ts";
import { refused, REMAINS } from "../refusals.ts";
import type { Evidence, FoundLogin } from "./style.ts";

/**
 * Kerberos and NTLM through the browser (RFC 4559): the operating system's account answers the server's
 * challenge for each connection. Nothing is typed, and a later connection takes none of what was sent.
 */
export function systemAccount({ messages }: Evidence): FoundLogin | null {
  const signed = messages.find(({ succeeded, trace }) =>
    succeeded &&
    hasScheme(headerValue(trace.request.headers, "authorization") ?? "", "negotiate", "ntlm")
  );
  if (signed === undefined) return null;
  const reason =
    `${signed.trace.id}: the browser signs in with the account of the operating system (Kerberos or NTLM), ` +
    `anew for each connection, so no script can; ${REMAINS}`;
  return { analysis: refused(reason) };
}
