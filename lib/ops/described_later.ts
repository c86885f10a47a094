/** Tools of a large document whose schemas are made when somebody looks at them. */
import type { JsonSchema } from "../base/json.ts";
import { answerSchema } from "../openapi/answer_schema.ts";
import { argumentSchema } from "../openapi/argument_schema.ts";
import type { Catalog } from "../openapi/catalog.ts";
import type { Operation } from "../openapi/operation.ts";
import { DocumentProblem } from "../openapi/reference.ts";
import type { ToolSummary } from "./tool_owner.ts";

/** Of a description that nobody has made yet, about, in UTF-16 units. */
const ASSUMED_SIZE = 2_000;

/** What of a tool is made of schemas. */
export type Described = "size" | "parameters" | "answersSize" | "answers";

/** `parameters` and `answers` are made when they are looked at. */
export function describedLater(
  catalog: Catalog,
  summary: Omit<ToolSummary, Described>,
): ToolSummary {
  const operation = () => catalog.find(summary.name)!;
  return {
    ...summary,
    size: ASSUMED_SIZE,
    answersSize: 0,
    get parameters() {
      return schemaOrNone(catalog, operation());
    },
    get answers() {
      return answerSchema(catalog, operation());
    },
  };
}

/** One that cannot be described takes anything: the call says what is wrong with it. */
function schemaOrNone(catalog: Catalog, operation: Operation): JsonSchema {
  try {
    return argumentSchema(catalog, operation);
  } catch (error) {
    if (error instanceof DocumentProblem) return { type: "object" };
    throw error;
  }
}
