/** What a call of an operation takes, by names alone: for a search, and cheap even where schemas are large. */
import { isRecord } from "../base/json.ts";
import type { Operation } from "./operation.ts";
import { DocumentProblem, itemsAt, type Node, rawChild, type References } from "./reference.ts";

/** Of one operation. */
const MAX_WORDS = 60;

/** The parameters, and the members of the body, those of its parts (`allOf`) too. */
export function operationWords(
  references: References,
  { parameters, body }: Operation,
): string[] {
  const schema = body?.contents[0]?.schema ?? null;
  const members = schema === null ? [] : memberNames(references, schema, 0);
  return [...new Set([...parameters.map(({ name }) => name), ...members])].slice(0, MAX_WORDS);
}

function memberNames(references: References, raw: Node, depth: number): string[] {
  const schema = followed(references, raw);
  if (schema === null || depth > 3) return [];
  const properties = rawChild(schema, "properties")?.value;
  const own = isRecord(properties) ? Object.keys(properties) : [];
  const parts = itemsAt(schema, "allOf").flatMap((part) =>
    memberNames(references, part, depth + 1)
  );
  return [...own, ...parts];
}

/** A schema that cannot be read is told when the operation is described. */
function followed(references: References, node: Node): Node | null {
  try {
    return references.follow(node);
  } catch (error) {
    if (error instanceof DocumentProblem) return null;
    throw error;
  }
}
