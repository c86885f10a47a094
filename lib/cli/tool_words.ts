/** What a description says of a tool beyond its name and its request, which are shown beside it. */
import type { ToolSummary } from "../ops/tool_owner.ts";

/** Empty where it says no more. */
export function furtherWords(
  { name, method, path, description }: Pick<
    ToolSummary,
    "name" | "method" | "path" | "description"
  >,
): string {
  const inWords = name.replaceAll("_", " ");
  const known = [`${inWords.slice(0, 1).toUpperCase()}${inWords.slice(1)}`, `${method} ${path}`];
  let rest = description;
  for (const sentence of known) {
    if (rest === sentence || rest === `${sentence}.`) return "";
    if (rest.startsWith(`${sentence}. `)) rest = rest.slice(sentence.length + 2);
  }
  return rest;
}
