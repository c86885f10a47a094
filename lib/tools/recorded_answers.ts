/**
 * What a recorded tool answers, for readers: what all samples agree on, and no more than samples can tell. That a
 * member was there each time, was never null or was whole each time are no promises.
 */
import { isRecord, type JsonSchema, type JsonValue } from "../base/json.ts";
import { isStreamType } from "../http/event_stream.ts";
import type { ToolAnswer } from "./definition.ts";

/** Of the schema as JSON, in UTF-16 units. Larger ones cost a reader more than they tell. */
const MAX_LENGTH = 6_000;

/** `null` where the samples differ in kind, and where there is nothing to tell. */
export function recordedAnswers(answer: ToolAnswer | null): JsonSchema | null {
  if (answer === null || !isRecord(answer.schema) || isStreamType(answer.contentType ?? "")) {
    return null;
  }
  const { type } = answer.schema;
  if (type !== "object" && type !== "array") return null;
  const schema: JsonSchema = { ...looser(answer.schema as JsonValue), type };
  const text = JSON.stringify(schema);
  return text.includes('"properties":') && text.length <= MAX_LENGTH ? schema : null;
}

function looser(schema: JsonValue): Record<string, JsonValue> {
  if (!isRecord(schema)) return {};
  const { type, items, additionalProperties, properties } = schema as Record<string, JsonValue>;
  const types = typesOf(type);
  return {
    ...(types.length === 0 ? {} : { type: types }),
    ...(items === undefined ? {} : { items: looser(items) }),
    ...(isRecord(additionalProperties)
      ? { additionalProperties: looser(additionalProperties as JsonValue) }
      : {}),
    ...(isRecord(properties)
      ? {
        properties: Object.fromEntries(
          Object.entries(properties).map(([name, one]) => [name, looser(one as JsonValue)]),
        ),
      }
      : {}),
  };
}

/** What was always null, or an empty list, tells nothing of what it may be. */
function typesOf(type: JsonValue | undefined): string[] {
  const seen = (Array.isArray(type) ? type : [type])
    .filter((one): one is string => typeof one === "string" && one !== "null")
    .map((one) => one === "integer" ? "number" : one);
  return seen.length === 0 ? [] : [...new Set([...seen, "null"])];
}
