/**
 * What tools answer, as clients are told it (`outputSchema`, MCP 2025-06-18 "Output Schema"). Clients refuse a
 * result that does not fit, and to call a done effect an error has it done again: so every schema has a second
 * alternative, in which an answer that is not as described says why, and comes along as it is.
 */
import type { Tool } from "@modelcontextprotocol/server";
import { isRecord, type JsonSchema } from "../base/json.ts";
import type { ToolSummary } from "../ops/tool_owner.ts";

/** What an answer that is not an object stands under. */
export const WRAPPED = "result";
export const WHY = "not_as_described";

const OTHER = {
  type: "object",
  properties: { [WHY]: { type: "string" }, answer: {} },
  required: [WHY],
} as const;

/** Of what stands around the schema of the answer, in bytes. */
const FRAME_BYTES = 250;

export interface Output {
  readonly schema: NonNullable<Tool["outputSchema"]>;
  /** Of the first alternative alone. */
  readonly described: JsonSchema;
  /** The answer is not an object. */
  readonly isWrapped: boolean;
}

/** Summaries live as long as their documents are the same. */
const outputs = new WeakMap<ToolSummary, Output | null>();

/** `null` where it is not known what the tool answers. */
export function outputOf(summary: ToolSummary): Output | null {
  const known = outputs.get(summary);
  if (known !== undefined) return known;
  const made = isRecord(summary.answers) ? outputFor(summary.answers) : null;
  outputs.set(summary, made);
  return made;
}

/** About, in bytes of JSON. */
export function outputSize({ answersSize }: ToolSummary): number {
  return answersSize + FRAME_BYTES;
}

function outputFor(answers: Readonly<Record<string, unknown>>): Output {
  const { $defs, ...root } = answers;
  const defined = $defs === undefined ? {} : { $defs };
  const isWrapped = !isOfObjects(root, isRecord($defs) ? $defs : {});
  const answer = isWrapped
    ? { type: "object", properties: { [WRAPPED]: root }, required: [WRAPPED] }
    : root;
  return {
    schema: { type: "object", anyOf: [answer, OTHER], ...defined } as Output["schema"],
    described: { ...answer, ...defined } as JsonSchema,
    isWrapped,
  };
}

/** True where the schema takes objects alone. */
function isOfObjects(
  schema: unknown,
  $defs: Readonly<Record<string, unknown>>,
  depth = 0,
): boolean {
  if (!isRecord(schema) || depth > 10) return false;
  if (schema.type === "object") return true;
  const inside = (one: unknown) => isOfObjects(one, $defs, depth + 1);
  const name = /^#\/\$defs\/(.+)$/.exec(String(schema.$ref))?.[1];
  if (name !== undefined && Object.hasOwn($defs, name) && inside($defs[name])) return true;
  if (Array.isArray(schema.allOf) && schema.allOf.some(inside)) return true;
  return Array.isArray(schema.anyOf) && schema.anyOf.length > 0 && schema.anyOf.every(inside);
}
