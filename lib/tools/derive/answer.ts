/** What the recorded answers of a tool looked like. */
import type { JsonSchema, JsonValue } from "../../base/json.ts";
import { isStreamType, StreamReader } from "../../http/event_stream.ts";
import type { ToolAnswer } from "../definition.ts";
import type { Sample } from "./sample.ts";
import { inferSchema } from "./schema_infer.ts";

export function answerOf(samples: readonly Sample[]): ToolAnswer {
  const best = samples.find(({ answer }) => answer.kind !== "none") ?? samples[0]!;
  const values = samples.map(({ answer }) => answer).filter((answer) => answer.kind === "json")
    .map(({ value }) => value);
  const lines = isStreamType(best.answerType) ? samples.flatMap(itemsOfAnswer) : [];
  const known = lines.length > 0 ? lines : values;
  const schema: JsonSchema | null = known.length === 0 ? null : inferSchema(known);
  const contentType = values.length > 0 && lines.length === 0 && !/json/.test(best.answerType)
    ? "application/json"
    : best.answerType;
  return {
    status: best.status,
    contentType: best.answer.kind === "none" || contentType === "" ? null : contentType,
    schema,
  };
}

/** Of an answer that is a sequence the schema is that of one item. */
function itemsOfAnswer({ answerType, trace }: Sample): JsonValue[] {
  const { body } = trace.response!;
  const reader = new StreamReader(answerType);
  const items = body === null ? [] : [...reader.push(body), ...reader.end()];
  return items.flatMap(({ json }) => json === undefined ? [] : [json]);
}
