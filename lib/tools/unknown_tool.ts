/** A tool that there is not, in words. */
import { nearName } from "../base/near_name.ts";

/**
 * What was probably meant, and the command that lists all.
 *
 * @param known Names; requests (`GET /orders`) where a request was named.
 */
export function unknownToolHint(owner: string, name: string, known: Iterable<string>): string {
  const near = nearName(name, known);
  const list = `keysmith tools list ${owner}`;
  if (near === undefined) return list;
  return `Did you mean ${near.includes(" ") ? `"${near}"` : near}? All of them: ${list}`;
}
