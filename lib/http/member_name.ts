/** What a member of JSON is called. */

/** Keys that only wrap what their parent names: `{"password": {"value": "…"}}`, and XML written as JSON. */
const WRAPPER_KEY = /^(value|_value|text|#text|__text|plain|plain_?text|raw|_?content|\$t?|_)$/i;

/** The last key that is a name; list positions and wrappers inherit their parent's. `""` for none. */
export function memberName(path: readonly (string | number)[]): string {
  let wrapper = "";
  for (let at = path.length - 1; at >= 0; at--) {
    const key = path[at]!;
    if (typeof key === "number" || /^\d+$/.test(key)) continue;
    if (!WRAPPER_KEY.test(key)) return key;
    wrapper ||= key;
  }
  return wrapper;
}
