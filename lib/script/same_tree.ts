/** Whether two syntax trees mean the same: places and spellings apart, every field of every node agrees. */

/** Where a node stands, and how a literal is spelled where its value says what it is. */
const PLACES = new Set(["start", "end", "loc", "range", "raw", "isTagged"]);

export function sameTree(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameTree(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return Object.is(a ?? null, b ?? null);
  if (a instanceof RegExp && b instanceof RegExp) return String(a) === String(b);
  if (isTemplatePiece(a) && isTemplatePiece(b)) return a.raw === b.raw && a.cooked === b.cooked;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) =>
    PLACES.has(name) || isLiteralValue(a, name) ||
    sameTree(a[name], b[name])
  );
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

/** A tag function sees the raw text of a template. */
function isTemplatePiece(value: Fields): boolean {
  return typeof value.raw === "string" && "cooked" in value;
}

/** Of a regular expression its pattern and flags count: its value was compiled from another spelling. */
function isLiteralValue(node: Fields, name: string): boolean {
  return name === "value" && isObject(node.regex);
}
