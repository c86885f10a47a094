/** The strings of JSON that stands as text inside a leaf: a form field, a body of `text/plain`. */
import type { Leaf } from "./leaves.ts";
import type { TypedPart } from "./typed_value.ts";

/** A string in a document, as a leaf of its own. */
export interface InnerLeaf extends Leaf {
  readonly part: TypedPart;
}

/** Longer documents are data. In characters. */
const MAX_DOCUMENT = 4_096;

const TOKEN = /"((?:[^"\\]|\\.)*)"(\s{0,8}:)?/dg;

/** Every string that is a value, in the order of the text, under the key before it; empty for no JSON. */
export function jsonStrings({ place, value }: Leaf): InnerLeaf[] {
  if (!/^\s*[[{]/.test(value) || value.length > MAX_DOCUMENT || !isJson(value)) return [];
  const found: InnerLeaf[] = [];
  let name = "";
  for (const match of value.matchAll(TOKEN)) {
    const text = JSON.parse(`"${match[1]!}"`) as string;
    if (match[2] !== undefined) {
      name = text;
      continue;
    }
    const [start, end] = match.indices![1]!;
    const part = { prefix: "", encoding: null, start, end, escape: "json-escape" } as const;
    found.push({ place: { ...place }, name, value: text, part });
  }
  return found;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
