/** The list in an answer: the items of one page. Pure. */
import { isScalar } from "../base/exact_json.ts";
import type { JsonObject, JsonValue } from "../base/json.ts";

/** Members that hold the list, by the names APIs give them. */
const LIST_NAME =
  /^(data|items?|results?|records?|rows?|entries|list|hits|values?|content|elements|nodes|collection|objects|docs|_embedded|resources)$/i;
/** Objects around the list: `_embedded.orders`, `response.docs`, `hits.hits`. */
const MAX_DEPTH = 3;

/**
 * The items; `null` for an answer that is not a list. Of several lists the one under a customary name counts, and
 * an only one whatever its name.
 */
export function itemsIn(answer: JsonValue, depth = MAX_DEPTH): readonly JsonValue[] | null {
  if (Array.isArray(answer)) return answer;
  if (isScalar(answer) || depth === 0) return null;
  const members = Object.entries(answer as JsonObject);
  const lists = members.filter(([, member]) => Array.isArray(member));
  const named = lists.find(([name]) => LIST_NAME.test(name)) ??
    (lists.length === 1 ? lists[0] : undefined);
  if (named !== undefined) return named[1] as readonly JsonValue[];
  if (lists.length > 0) return null;
  const inner = members.filter(([name, member]) => LIST_NAME.test(name) || isObject(member))
    .toSorted(([a], [b]) => Number(LIST_NAME.test(b)) - Number(LIST_NAME.test(a)));
  for (const [, member] of inner) {
    const found = itemsIn(member, depth - 1);
    if (found !== null) return found;
  }
  return null;
}

function isObject(value: JsonValue): boolean {
  return !isScalar(value) && !Array.isArray(value);
}
