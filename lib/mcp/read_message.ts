/**
 * A line as a message of JSON-RPC 2.0, or the error that answers it. Looked at here and not in the library,
 * which drops what it does not understand, so that its sender waits for ever.
 */
import type { JSONRPCErrorResponse, JSONRPCMessage } from "@modelcontextprotocol/server";
import { parseExactJson } from "../base/exact_json.ts";
import { isRecord } from "../base/json.ts";
import { type Line, MAX_MESSAGE_BYTES } from "./message_lines.ts";

export type ReadMessage =
  | { readonly kind: "message"; readonly message: JSONRPCMessage }
  | { readonly kind: "answer"; readonly answer: JSONRPCErrorResponse }
  /** An empty line, or an answer to a request that was never made. */
  | { readonly kind: "nothing" };

type Id = string | number;

const PARSE_ERROR = -32700;
const INVALID_REQUEST = -32600;

export function readMessage(line: Line): ReadMessage {
  if (line.kind === "too-long") {
    const megabytes = MAX_MESSAGE_BYTES / 1024 / 1024;
    return refused(line.id, INVALID_REQUEST, `The message is larger than ${megabytes} MiB`);
  }
  if (line.text.trim() === "") return { kind: "nothing" };
  let value: unknown;
  try {
    value = JSON.parse(line.text);
  } catch {
    return refused(null, PARSE_ERROR, "The line is not JSON");
  }
  let exact: unknown;
  try {
    exact = withDigits(value, line.text);
  } catch {
    return nestedTooDeep(value);
  }
  return messageIn(exact);
}

/**
 * The message with the arguments of its call as they are written: whole numbers beyond those of JavaScript are raw
 * values (`base/exact_json.ts`). Sixteen digits are the shortest of these.
 */
function withDigits(value: unknown, text: string): unknown {
  if (!isRecord(value) || value.method !== "tools/call" || !/\d{16}/.test(text)) return value;
  const exact = parseExactJson(text) as { readonly params?: unknown };
  if (!isRecord(value.params) || !isRecord(exact.params)) return value;
  return { ...value, params: { ...value.params, arguments: exact.params.arguments } };
}

/** Reading with all digits goes down one call per level, and the stack ends at some thousand. */
function nestedTooDeep(value: unknown): ReadMessage {
  const read = messageIn(value);
  if (read.kind !== "message") return read;
  // A notification is not answered.
  if (!("id" in read.message)) return { kind: "nothing" };
  const { id = null } = read.message;
  return refused(id, INVALID_REQUEST, "The arguments of the call are nested too deep");
}

function messageIn(value: unknown): ReadMessage {
  if (Array.isArray(value)) {
    return refused(null, INVALID_REQUEST, "Batches are not supported: send one message per line");
  }
  if (!isRecord(value)) return refused(null, INVALID_REQUEST, "The message is not a JSON object");
  const id = isId(value.id) ? value.id : null;
  if (typeof value.method !== "string" && ("result" in value || "error" in value)) {
    return isAnswer(value) ? message(value) : { kind: "nothing" };
  }
  const problem = problemOf(value);
  return problem === null ? message(value) : refused(id, INVALID_REQUEST, problem);
}

/** What is wrong with a request or a notification; `null` when nothing is. */
function problemOf(value: Record<string, unknown>): string | null {
  if (value.jsonrpc !== "2.0") return '"jsonrpc" is not "2.0"';
  if (typeof value.method !== "string") return '"method" is not a text';
  if ("id" in value && !isId(value.id)) return '"id" is neither a text nor a whole number';
  if (value.params !== undefined && !isRecord(value.params)) return '"params" is not an object';
  const meta = value.params?._meta;
  if (meta === undefined) return null;
  if (!isRecord(meta)) return '"_meta" is not an object';
  const isToken = meta.progressToken === undefined || isId(meta.progressToken);
  return isToken ? null : '"progressToken" is neither a text nor a whole number';
}

function isAnswer({ jsonrpc, id, result, error }: Record<string, unknown>): boolean {
  const isError = isRecord(error) && Number.isInteger(error.code) &&
    typeof error.message === "string";
  return jsonrpc === "2.0" && isId(id) && (isRecord(result) || isError);
}

function isId(value: unknown): value is Id {
  return typeof value === "string" || Number.isSafeInteger(value);
}

function message(value: Record<string, unknown>): ReadMessage {
  return { kind: "message", message: value as unknown as JSONRPCMessage };
}

/** `id` is `null` where the message has none that can be read (JSON-RPC 2.0 section 5). */
function refused(id: Id | null, code: number, message: string): ReadMessage {
  const answer = { jsonrpc: "2.0", id, error: { code, message } };
  return { kind: "answer", answer: answer as JSONRPCErrorResponse };
}
