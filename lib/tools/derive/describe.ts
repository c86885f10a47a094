/** Descriptions of tools, made of the request and of the names in the answer; no recorded value is in them. */
import { isRecord, type JsonObject, type JsonSchema } from "../../base/json.ts";
import { isStreamType } from "../../http/event_stream.ts";
import type { ToolAnswer } from "../definition.ts";

/** Members listed per level. */
const MAX_MEMBERS = 24;
/** Names that read as identifiers; others may carry text that is meant for a model. */
const PLAIN_NAME = /^[A-Za-z_$][\w$.-]{0,39}$/;

/** A name of the message in quotes; nothing for one that reads as a sentence. */
export function quotedName(name: string): string {
  return /^[\w$.\-[\]:@/]{1,64}$/.test(name) ? ` "${name}"` : "";
}

export interface Described {
  /** The operation where the path does not name it: `GraphQL query "notes"`. */
  readonly operation: string | null;
  readonly answer: ToolAnswer | null;
}

/**
 * `Operation "notes.list". Answers JSON: total, items[] (id, title).` Whoever shows it shows name, request and
 * arguments, too.
 */
export function describeTool({ operation, answer }: Described): string {
  const sentences = [...(operation === null ? [] : [operation]), describeAnswer(answer)];
  return `${sentences.join(". ")}.`;
}

function describeAnswer(answer: ToolAnswer | null): string {
  if (answer === null) return "The answer was not recorded";
  if (answer.status >= 300 && answer.status !== 304) return "Answers with a redirect";
  if (answer.contentType === null) return "Answers without a body";
  if (isStreamType(answer.contentType)) return describeStream(answer);
  if (answer.schema === null) return `Answers ${answer.contentType}`;
  const members = describeMembers(answer.schema, 2);
  return members === "" ? "Answers JSON" : `Answers JSON: ${members}`;
}

/** It may have no end: a call takes what comes within its time limit. */
function describeStream({ schema }: ToolAnswer): string {
  const members = schema === null ? "" : describeMembers(schema, 2);
  return `Answers a stream${members === "" ? "" : ` of JSON: ${members}`}`;
}

/** `id, title, tags[], author (id, name)`; an array of objects is `[] (id, title)`. */
function describeMembers(schema: JsonSchema, depth: number): string {
  if (!isRecord(schema)) return "";
  if (isRecord(schema["items"])) {
    const inner = describeMembers(schema["items"] as JsonObject, depth - 1);
    return inner === "" ? "a list" : `a list of (${inner})`;
  }
  if (!isRecord(schema["properties"])) return "";
  const all = Object.entries(schema["properties"] as JsonObject)
    .filter(([name]) => PLAIN_NAME.test(name));
  const shown = all.slice(0, MAX_MEMBERS).map(([name, member]) =>
    describeMember(name, member as JsonSchema, depth)
  );
  return [...shown, ...(all.length > shown.length ? ["…"] : [])].join(", ");
}

function describeMember(name: string, schema: JsonSchema, depth: number): string {
  const items = isRecord(schema) && isRecord(schema["items"])
    ? schema["items"] as JsonObject
    : null;
  const label = items !== null || (isRecord(schema) && schema["type"] === "array")
    ? `${name}[]`
    : name;
  const inner = depth <= 1 ? "" : describeMembers(items ?? schema, depth - 1);
  return inner === "" || inner === "a list" ? label : `${label} (${inner})`;
}
