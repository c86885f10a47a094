/** An answer of chat completions, whole or in pieces, as `ChatAnswer`. What came over the wire is not trusted. */
import type { OpenAI } from "openai";
import { AppError } from "../base/error.ts";
import { isRecord } from "../base/json.ts";
import type { ChatAnswer, ToolCall } from "./chat.ts";
import type { TokenUse } from "./token_budget.ts";

type Completion = OpenAI.Chat.Completions.ChatCompletion;
type Chunk = OpenAI.Chat.Completions.ChatCompletionChunk;

/** Longest answer taken, in UTF-16 units: text and arguments of tool calls together. */
const MAX_ANSWER_LENGTH = 400_000;

/** An answer and what it took. */
export interface Counted {
  readonly answer: ChatAnswer;
  /** `null` when the endpoint does not count. */
  readonly use: TokenUse | null;
}

/** An error that an endpoint answers with 200, or in the middle of a stream. */
export class SaidError extends Error {
  override readonly name = "SaidError";
  /** As the endpoint gave it: often a status. */
  readonly code: unknown;

  constructor({ message, code }: Readonly<Record<string, unknown>>) {
    super(typeof message === "string" ? message : "an error without words");
    this.code = code;
  }
}

/** @throws {AppError} `BAD_INPUT` for an answer without a choice. @throws {SaidError} */
export function whole(completion: Completion): Counted {
  const error = isRecord(completion) && "error" in completion ? completion["error"] : undefined;
  if (isRecord(error)) throw new SaidError(error);
  const choice = isRecord(completion) && Array.isArray(completion.choices)
    ? completion.choices[0]
    : undefined;
  if (choice === undefined || !isRecord(choice.message)) throw malformed("it has no message");
  const { content, refusal, tool_calls } = choice.message;
  const calls = (tool_calls ?? []).flatMap((call): ToolCall[] =>
    isRecord(call) && "function" in call && isRecord(call.function)
      ? [{
        id: String(call.id),
        name: String(call.function.name),
        arguments: String(call.function.arguments ?? ""),
      }]
      : []
  );
  const answer = answerOf(content ?? "", calls, refusal ?? "", choice.finish_reason);
  return { answer, use: useOf(completion.usage) };
}

/** The pieces of a streamed answer put together. */
export async function gathered(chunks: AsyncIterable<Chunk>): Promise<Counted> {
  let content = "";
  let refusal = "";
  let finish: string | null = null;
  let use: Counted["use"] = null;
  let length = 0;
  const calls: { id: string; name: string; arguments: string }[] = [];
  for await (const chunk of chunks) {
    use = useOf(chunk.usage) ?? use;
    const choice = chunk.choices?.[0];
    if (choice === undefined) continue;
    finish = choice.finish_reason ?? finish;
    const delta = choice.delta ?? {};
    content += delta.content ?? "";
    refusal += delta.refusal ?? "";
    for (const piece of delta.tool_calls ?? []) {
      const call = calls[piece.index] ??= { id: "", name: "", arguments: "" };
      call.id ||= piece.id ?? "";
      call.name += piece.function?.name ?? "";
      call.arguments += piece.function?.arguments ?? "";
      length += piece.function?.arguments?.length ?? 0;
    }
    length += delta.content?.length ?? 0;
    if (length > MAX_ANSWER_LENGTH) throw malformed("it does not end");
  }
  const isEmpty = content === "" && refusal === "" && calls.length === 0;
  if (isEmpty && finish === null) throw malformed("it is empty");
  return { answer: answerOf(content, calls.filter(Boolean), refusal, finish), use };
}

function answerOf(
  content: string,
  toolCalls: readonly ToolCall[],
  refusal: string,
  finish: string | null,
): ChatAnswer {
  const end = finish === "content_filter"
    ? "filter"
    : refusal !== ""
    ? "refusal"
    : finish === "length"
    ? "length"
    : "stop";
  const calls = toolCalls.map((call, index) =>
    call.id === "" ? { ...call, id: `call_${index}` } : call
  );
  return { content: content === "" ? refusal : content, toolCalls: calls, end };
}

function useOf(usage: Completion["usage"] | null): Counted["use"] {
  if (!isRecord(usage)) return null;
  const { prompt_tokens: input, completion_tokens: output, prompt_tokens_details: more } = usage;
  if (typeof input !== "number" || typeof output !== "number") return null;
  const cached = isRecord(more) && typeof more.cached_tokens === "number" ? more.cached_tokens : 0;
  return { input, output, cached };
}

export function malformed(problem: string): AppError {
  return new AppError("BAD_INPUT", `The model's endpoint gave an answer that is none: ${problem}`, {
    hint:
      "Check that OPENAI_BASE_URL or model.baseURL names an OpenAI-compatible endpoint, such as " +
      "https://host/v1; where it streams no answers, set model.stream to false",
  });
}
