/** A tool that there is not, in words. */
import { nearName } from "../base/near_name.ts";

/** What was probably meant, and the command that lists all. */
export function unknownToolHint(owner: string, name: string, known: Iterable<string>): string {
  const near = nearName(name, known);
  const list = `keysmith tools list ${owner}`;
  return near === undefined ? list : `Did you mean ${near}? All of them: ${list}`;
}
