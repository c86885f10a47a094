import type { LocatorCodec } from "../codec.ts";
import {
  jsonLeaf,
  jsonLeaves,
  type JsonPath,
  maskedPath,
  pathCode,
  putJsonLeaf,
} from "../json_text.ts";
import { withText } from "../put_text.ts";

/** A leaf of the JSON body. */
export const jsonBody: LocatorCodec<{ readonly kind: "json"; readonly path: JsonPath }> = {
  readsBody: true,
  *find({ body }) {
    if (body.kind !== "json") return;
    for (const [path, text] of jsonLeaves(body.value)) yield [{ kind: "json", path }, text];
  },
  take: ({ path }, { json }) => jsonLeaf(json, path),
  put({ path }, answer, fresh) {
    const patched = putJsonLeaf(answer.text, path, fresh);
    return patched === undefined ? undefined : withText(answer, patched);
  },
  write: ({ path }, step, uses) => uses.call("at", `${step}_text`, ...pathCode(path)),
  describe: ({ path }) => `body ${path.join(".")}`,
  name: ({ path }) => String(path.findLast((key) => typeof key === "string") ?? ""),
  masked: (locator, mask) => ({ ...locator, path: maskedPath(locator.path, mask) }),
  snippets: [`/** The leaf of a JSON text at a path. */
function at(text: string, ...path: (string | number)[]): string | undefined {
  let node: unknown;
  try {
    node = JSON.parse(text.trim().replace(/^(\\)\\]\\}'?,?|while\\s*\\(1\\);|for\\s*\\(;;\\);)\\s*/, ""));
  } catch {
    return undefined;
  }
  for (const key of path) {
    if (typeof node !== "object" || node === null) return undefined;
    node = typeof key === "string" || Array.isArray(node)
      ? (node as Record<string | number, unknown>)[key]
      : Object.values(node)[key];
  }
  if (typeof node === "string") return node;
  return typeof node === "number" || typeof node === "boolean" ? String(node) : undefined;
}`],
};
