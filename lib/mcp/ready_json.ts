/**
 * Results whose JSON is there already: a list of a thousand tools is read from the disk as text, and to parse its
 * schemas only to write them again takes as long as all the rest of the list.
 */
import type { JSONRPCMessage } from "@modelcontextprotocol/server";

type Json = string | Uint8Array;

const texts = new WeakMap<object, Json>();

/** `result`, which is written as `json`, a text or one in UTF-8; what stands in both is the same. */
export function withJson<T extends object>(result: T, json: Json): T {
  texts.set(result, json);
  return result;
}

export function hasJson(result: object): boolean {
  return texts.has(result);
}

/** The message as one line, without its end, in pieces. */
export function messageJson(message: JSONRPCMessage): readonly Json[] {
  const ready = "result" in message ? texts.get(message.result) : undefined;
  if (ready === undefined || !("result" in message)) return [JSON.stringify(message)];
  const { result: _, ...envelope } = message;
  return [`${JSON.stringify(envelope).slice(0, -1)},"result":`, ready, "}"];
}
