/**
 * Chat over any endpoint that speaks OpenAI's chat completions. The `openai` package is loaded with the
 * first question. It never retries by itself: waiting is done here, where Ctrl-C ends it.
 */
import type { APIError, OpenAI } from "openai";
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import type { Chat, ChatAnswer, ChatMessage, ToolSpec } from "./chat.ts";
import type { ModelSettings } from "./model_settings.ts";
import { endpointError, isPassing } from "./endpoint_error.ts";
import { type Counted, gathered, malformed, whole } from "./openai_answer.ts";
import type { TokenBudget } from "./token_budget.ts";

type Params = OpenAI.Chat.Completions.ChatCompletionCreateParams;

export type ChatContext = Pick<Context, "clock" | "fetch" | "signal" | "term">;

const MAX_RETRIES = 3;
/** A server that asks for more gets its answer reported. Milliseconds. */
const MAX_WAIT_MS = 60_000;
const FIRST_WAIT_MS = 500;

/** What the package would tell about this machine. */
const SILENT_HEADERS: Readonly<Record<string, null>> = {
  "X-Stainless-Lang": null,
  "X-Stainless-Package-Version": null,
  "X-Stainless-OS": null,
  "X-Stainless-Arch": null,
  "X-Stainless-Runtime": null,
  "X-Stainless-Runtime-Version": null,
  "X-Stainless-Retry-Count": null,
  "X-Stainless-Timeout": null,
};

export class OpenAiChat implements Chat {
  readonly #ctx: ChatContext;
  readonly #settings: ModelSettings;
  readonly #budget: TokenBudget;
  #client: Promise<OpenAI> | undefined;

  constructor(ctx: ChatContext, settings: ModelSettings, budget: TokenBudget) {
    this.#ctx = ctx;
    this.#settings = settings;
    this.#budget = budget;
  }

  async ask(messages: readonly ChatMessage[], tools: readonly ToolSpec[]): Promise<ChatAnswer> {
    const params = paramsOf(this.#settings, messages, tools);
    const length = JSON.stringify(params).length;
    this.#budget.require(length);
    for (let retry = 0;; retry++) {
      this.#refuseInterrupted();
      try {
        return await this.#askOnce(params, length);
      } catch (thrown) {
        this.#refuseInterrupted();
        await this.#waitOrThrow(thrown, retry);
      }
    }
  }

  async #askOnce(params: Params, promptLength: number): Promise<ChatAnswer> {
    const client = await (this.#client ??= this.#connect());
    const { answer, use } = await this.#inTime(
      promptLength,
      (signal) => this.#answer(client, params, signal),
    );
    if (use === null) this.#budget.spendAbout(promptLength, JSON.stringify(answer).length);
    else this.#budget.spend(use);
    return answer;
  }

  async #answer(client: OpenAI, params: Params, signal: AbortSignal): Promise<Counted> {
    const options = { signal, maxRetries: 0 };
    if (!this.#settings.stream) {
      return whole(await client.chat.completions.create({ ...params, stream: false }, options));
    }
    const streamed = { ...params, stream: true, stream_options: { include_usage: true } } as const;
    const response = await client.chat.completions.create(streamed, options).asResponse();
    // Some servers answer whole whatever they are asked for.
    if (isJson(response)) return whole(await response.json());
    const { Stream } = await import("openai/streaming");
    return await gathered(Stream.fromSSEResponse(response, new AbortController()));
  }

  /** The deadline is over the whole answer: a stream that stalls after its first piece has ended too. */
  async #inTime<T>(promptLength: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const deadline = AbortSignal.timeout(this.#settings.timeoutMs);
    const signal = AbortSignal.any([this.#ctx.signal, deadline]);
    const ended = Promise.withResolvers<never>();
    const end = () =>
      ended.reject(this.#ctx.signal.aborted ? interrupted() : tooLate(this.#settings));
    signal.addEventListener("abort", end, { once: true });
    try {
      return await Promise.race([work(signal), ended.promise]);
    } catch (thrown) {
      if (!signal.aborted) throw thrown;
      this.#budget.abandon(promptLength);
      throw this.#ctx.signal.aborted ? interrupted() : tooLate(this.#settings);
    } finally {
      signal.removeEventListener("abort", end);
    }
  }

  async #connect(): Promise<OpenAI> {
    const { OpenAI } = await import("openai");
    const { baseURL, apiKey, timeoutMs } = this.#settings;
    return new OpenAI({
      baseURL,
      apiKey: apiKey ?? "none",
      adminAPIKey: null,
      organization: null,
      project: null,
      webhookSecret: null,
      timeout: timeoutMs,
      maxRetries: 0,
      logLevel: "off",
      fetch: async (input, init) => withoutPage(await this.#ctx.fetch(input, init)),
      // A key goes to the endpoint it belongs to and to no other.
      fetchOptions: { redirect: "error" },
      defaultHeaders: { ...SILENT_HEADERS, ...(apiKey === null ? { Authorization: null } : {}) },
    });
  }

  async #waitOrThrow(thrown: unknown, retry: number): Promise<void> {
    const error = endpointError(thrown, this.#settings);
    const delayMs = retryDelayMs(thrown, retry, this.#ctx.clock.nowMs());
    if (delayMs === null) throw error;
    this.#ctx.term.err(`${error.message}; trying again in ${Math.ceil(delayMs / 1000)} s`);
    await this.#wait(delayMs);
  }

  #refuseInterrupted(): void {
    if (this.#ctx.signal.aborted) throw interrupted();
  }

  /** Ends early on Ctrl-C. */
  #wait(delayMs: number): Promise<void> {
    const { signal } = this.#ctx;
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", end);
        resolve();
      };
      const timer = setTimeout(end, delayMs);
      signal.addEventListener("abort", end, { once: true });
    });
  }
}

function interrupted(): AppError {
  return new AppError("INTERRUPTED", "Interrupted");
}

function isJson({ headers }: Response): boolean {
  return /\bjson\b/i.test(headers.get("content-type") ?? "");
}

/** A wrong address is often answered with a page. */
function withoutPage(response: Response): Response {
  const type = response.headers.get("content-type") ?? "";
  if (response.ok && /\bhtml\b/i.test(type)) {
    throw malformed(`it is a page (${type.slice(0, 60)})`);
  }
  return response;
}

function tooLate({ baseURL, model, timeoutMs }: ModelSettings): AppError {
  const message =
    `The model "${model}" at "${new URL(baseURL).origin}" did not finish its answer within ` +
    `${timeoutMs / 1000} s`;
  return new AppError("UNREACHABLE", message, {
    hint:
      "Allow more with model.timeoutSec in the configuration, or go on without a model: --no-llm",
  });
}

function paramsOf(
  { model }: ModelSettings,
  messages: readonly ChatMessage[],
  tools: readonly ToolSpec[],
): Params {
  return {
    model,
    messages: messages.map(wireMessage),
    ...(tools.length === 0 ? {} : {
      tools: tools.map(({ name, description, parameters }) => ({
        type: "function" as const,
        function: { name, description, parameters: parameters as Record<string, unknown> },
      })),
    }),
  };
}

function wireMessage(message: ChatMessage): OpenAI.Chat.Completions.ChatCompletionMessageParam {
  switch (message.role) {
    case "tool":
      return { role: "tool", tool_call_id: message.callId, content: message.content };
    case "assistant":
      return {
        role: "assistant",
        content: message.content,
        ...(message.toolCalls.length === 0 ? {} : {
          tool_calls: message.toolCalls.map(({ id, name, arguments: text }) => ({
            id,
            type: "function" as const,
            function: { name, arguments: text },
          })),
        }),
      };
    default:
      return { role: message.role, content: message.content };
  }
}

/** `null`: not worth another try, or later than is worth waiting for. */
function retryDelayMs(thrown: unknown, retry: number, nowMs: number): number | null {
  if (retry >= MAX_RETRIES || !isPassing(thrown) || isTimeout(thrown)) return null;
  const asked = retryAfterMs((thrown as APIError).headers?.get("retry-after") ?? null, nowMs);
  const delayMs = asked ?? FIRST_WAIT_MS * 2 ** retry;
  return delayMs > MAX_WAIT_MS ? null : delayMs;
}

/** An answer that took too long once takes too long again. */
function isTimeout(thrown: unknown): boolean {
  return thrown instanceof Error && /timed? ?out/i.test(thrown.message);
}

/** RFC 9110 section 10.2.3. */
function retryAfterMs(value: string | null, nowMs: number): number | null {
  if (value === null) return null;
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}
