/** A conversation with a model as plain data; `openai_chat.ts` puts it on the wire. */
import type { JsonSchema } from "../base/json.ts";

export type ChatMessage =
  | { readonly role: "system" | "user"; readonly content: string }
  | {
    readonly role: "assistant";
    readonly content: string;
    readonly toolCalls: readonly ToolCall[];
  }
  /** The answer to one tool call. */
  | { readonly role: "tool"; readonly callId: string; readonly content: string };

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON text, as the model wrote it: it may be malformed. */
  readonly arguments: string;
}

export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  readonly parameters: JsonSchema;
}

export interface ChatAnswer {
  readonly content: string;
  readonly toolCalls: readonly ToolCall[];
  /** `length`: the answer was cut off; `refusal`: the model declined; `filter`: its provider stopped it. */
  readonly end: "stop" | "length" | "refusal" | "filter";
}

export interface Chat {
  /**
   * @throws {AppError} `UPSTREAM_REFUSED`, `UPSTREAM_FAILED`, `UNREACHABLE`; `BAD_INPUT` for an answer that
   * is none; `UNSUPPORTED` when the budget is spent; `INTERRUPTED`.
   */
  ask(messages: readonly ChatMessage[], tools: readonly ToolSpec[]): Promise<ChatAnswer>;
}
