/** What a member of JSON is called. */

/** Keys that only wrap what their parent names: `{"password": {"value": "…"}}`, and XML written as JSON. */
const WRAPPER_KEY = /^(value|_value|text|#text|__text|plain|plain_?text|raw|_?content|\$t?|_)$/i;

/** The last key that is a name; list positions and wrappers inherit their parent's. `""` for none. */
export function memberName(path: readonly (string | number)[]): string {
  const keys = path.filter((key) => typeof key === "string" && !/^\d+$/.test(key)) as string[];
  return keys.findLast((key) => !WRAPPER_KEY.test(key)) ?? keys.at(-1) ?? "";
}
