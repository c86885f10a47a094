/**
 * A token against forgery is good only beside the session it belongs to (OWASP CSRF Prevention Cheat Sheet,
 * "synchronizer token pattern"). Where requests carry nothing else of a login, an export left the session out.
 */
import { isBystanderCookie } from "../http/ordinary_traffic.ts";
import { isAntiForgeryName, isCredentialName } from "../http/vocabulary.ts";
import { atoms } from "./expr_walk.ts";
import type { Expr, ResultTemplate } from "./flow.ts";
import type { Recording } from "./recording.ts";

/**
 * The names of the tokens against forgery that are all a result would hold; `null` where it holds more, or
 * where any request has a cookie or credential beside them.
 * @rule off: null
 */
export function guardAlone(
  { headers, queryParams, bodyParams, cookies, computed }: ResultTemplate,
  { messages }: Recording,
): readonly string[] | null {
  const issued = [...headers, ...queryParams, ...bodyParams].filter(([, value]) => isOfLogin(value))
    .map(([name]) => name);
  const names = [...issued, ...cookies?.names ?? []];
  if (names.length === 0 || computed.length > 0 || !names.every(isAntiForgeryName)) return null;
  const hasSession = messages.some(({ leaves }) =>
    leaves.some(({ place, name }) =>
      !isAntiForgeryName(name) &&
      (place.kind === "cookie"
        ? !isBystanderCookie(name)
        : place.kind === "header" && isCredentialName(name))
    )
  );
  return hasSession ? null : names;
}

export function guardReason(traces: string, names: readonly string[]): string {
  return `There is a login (${traces}), but of what it hands out requests carry only ` +
    `${
      names.map((name) => `"${name}"`).join(" and ")
    }, which guards a session against forgery and gives none: ` +
    'the recording was exported without cookies and authorization ("HAR with sensitive data" in the developer ' +
    "tools' settings)";
}

function isOfLogin(value: Expr): boolean {
  return atoms(value).some(({ kind }) => kind === "extracted" || kind === "input");
}
