/** Answers as results that fit what their tools are said to answer: see `output_schema.ts`. */
import { isRecord, type JsonSchema } from "../base/json.ts";
import { schemaProblems } from "../base/json_schema.ts";
import { type Output, WHY, WRAPPED } from "./output_schema.ts";

/** `answer`: JSON, as it is shown. The result fits the schema of `output`, whatever was answered. */
export function fitted(output: Output, answer: unknown): Record<string, unknown> {
  const value = output.isWrapped ? { [WRAPPED]: answer } : answer;
  const problem = isRecord(value)
    ? problemOf(output.described, value)
    : "The answer is not an object";
  if (problem === null) return value as Record<string, unknown>;
  return { [WHY]: problem, answer };
}

/** For an answer that is not JSON, or too large for structured content. */
export function withoutAnswer(why: string): Record<string, unknown> {
  return { [WHY]: why };
}

function problemOf(schema: JsonSchema, value: unknown): string | null {
  try {
    const [first] = schemaProblems(schema, value);
    return first === undefined ? null : `At /${first.path.join("/")}: ${first.message}`;
  } catch (error) {
    if (error instanceof TypeError) return "The described schema cannot be checked";
    throw error;
  }
}
