import assert from "node:assert/strict";
import type { ModelConfig } from "../../lib/base/config.ts";
import { AppError, type ErrorCode } from "../../lib/base/error.ts";
import type { ChatMessage } from "../../lib/llm/chat.ts";
import { type ModelSettings, modelSettings } from "../../lib/llm/model_settings.ts";
import { OpenAiChat } from "../../lib/llm/openai_chat.ts";
import { TokenBudget } from "../../lib/llm/token_budget.ts";
import { fakeContext } from "../support/fake_context.ts";
import { type FakeAnswer, type FakeModel, withFakeModel } from "./fake_model.ts";

const HELLO: ChatMessage[] = [{ role: "user", content: "hello" }];
const TOOL = { name: "look", description: "Looks", parameters: { type: "object" } } as const;

interface Setup {
  readonly settings?: Partial<ModelSettings>;
  readonly signal?: AbortSignal;
}

async function withChat(
  answers: readonly FakeAnswer[],
  { settings = {}, signal }: Setup,
  work: (chat: OpenAiChat, budget: TokenBudget, model: FakeModel, lines: string[]) => Promise<void>,
): Promise<void> {
  await withFakeModel(answers, async (model) => {
    const all: ModelSettings = {
      model: "small",
      baseURL: model.baseURL,
      apiKey: "sk-test-1",
      maxTokens: 10_000,
      timeoutMs: 5_000,
      stream: false,
      prices: null,
      ...settings,
    };
    const budget = new TokenBudget(all.maxTokens, all.prices);
    const ctx = fakeContext(signal === undefined ? {} : { signal });
    await work(new OpenAiChat(ctx, all, budget), budget, model, ctx.lines);
  });
}

function isCode(code: ErrorCode, message = /./): (error: unknown) => boolean {
  return (error) => error instanceof AppError && error.code === code && message.test(error.message);
}

for (const stream of [true, false]) {
  const how = stream ? "streamed" : "whole";

  Deno.test(`OpenAiChat.ask() reads ${how} text, tool calls and refusals`, () =>
    withChat(
      [
        { text: "a longer answer, long enough for several pieces of a stream" },
        { calls: [["look", { id: "t_0001", part: "response.body.forms.0.fields" }], ["look", {}]] },
        { refusal: "no" },
        { text: "half", finish: "length" },
      ],
      { settings: { stream } },
      async (chat, budget, model) => {
        const text = await chat.ask(HELLO, [TOOL]);
        assert.equal(text.content, "a longer answer, long enough for several pieces of a stream");
        const { toolCalls } = await chat.ask(HELLO, [TOOL]);
        assert.deepEqual(toolCalls.map((call) => [call.name, JSON.parse(call.arguments)]), [
          ["look", { id: "t_0001", part: "response.body.forms.0.fields" }],
          ["look", {}],
        ]);
        assert.deepEqual(await chat.ask(HELLO, []), {
          content: "no",
          toolCalls: [],
          end: "refusal",
        });
        assert.equal((await chat.ask(HELLO, [])).end, "length");
        assert.deepEqual(budget.use, { input: 400, output: 40, cached: 0 });
        assert.equal(model.requests[0]!.body.stream === true, stream);
        assert.equal(model.requests[0]!.body.model, "small");
      },
    ));
}

Deno.test("OpenAiChat.ask() tells an endpoint the key and nothing about this machine", () =>
  withChat([{ text: "x" }], {}, async (chat, _budget, model) => {
    await chat.ask(HELLO, []);
    const { headers } = model.requests[0]!;
    assert.equal(headers.get("authorization"), "Bearer sk-test-1");
    assert.deepEqual([...headers.keys()].filter((name) => name.startsWith("x-stainless")), []);
  }));

Deno.test("OpenAiChat.ask() sends no Authorization where there is no key", () =>
  withChat([{ text: "x" }], { settings: { apiKey: null } }, async (chat, _budget, model) => {
    await chat.ask(HELLO, []);
    assert.equal(model.requests[0]!.headers.get("authorization"), null);
  }));

Deno.test("OpenAiChat.ask() follows no redirect with the key", () =>
  withChat(
    Array(4).fill({ status: 307, headers: { location: "http://127.0.0.1:9/v1/chat/completions" } }),
    {},
    async (chat) => {
      await assert.rejects(chat.ask(HELLO, []), isCode("UNREACHABLE"));
    },
  ));

const ENDS: readonly { what: string; answers: FakeAnswer[]; code: ErrorCode; requests: number }[] =
  [
    { what: "a wrong key", answers: [{ status: 401 }], code: "UPSTREAM_REFUSED", requests: 1 },
    {
      what: "a rate limit that asks for too long a wait",
      answers: [{ status: 429, headers: { "retry-after": "3600" } }],
      code: "UPSTREAM_REFUSED",
      requests: 1,
    },
    {
      what: "a rate limit that does not end",
      answers: Array(4).fill({ status: 429, headers: { "retry-after": "0" } }),
      code: "UPSTREAM_REFUSED",
      requests: 4,
    },
    {
      what: "an endpoint that is down",
      answers: Array(4).fill({ status: 500, headers: { "retry-after": "0" } }),
      code: "UPSTREAM_FAILED",
      requests: 4,
    },
    {
      what: "an answer without choices",
      answers: [{ raw: '{"choices":[]}', type: "application/json" }],
      code: "BAD_INPUT",
      requests: 1,
    },
  ];

for (const { what, answers, code, requests } of ENDS) {
  Deno.test(`OpenAiChat.ask() ends in ${code} for ${what}`, () =>
    withChat(answers, {}, async (chat, _budget, model) => {
      await assert.rejects(chat.ask(HELLO, []), isCode(code));
      assert.equal(model.requests.length, requests);
    }));
}

Deno.test("OpenAiChat.ask() stops waiting when it is interrupted", async () => {
  const controller = new AbortController();
  await withChat(
    [{ status: 429, headers: { "retry-after": "50" } }],
    { signal: controller.signal },
    async (chat) => {
      const asked = chat.ask(HELLO, []);
      setTimeout(() => controller.abort(), 200);
      await assert.rejects(asked, isCode("INTERRUPTED"));
    },
  );
});

Deno.test("OpenAiChat.ask() asks nothing that would go beyond the budget", () =>
  withChat([{ text: "x" }], { settings: { maxTokens: 120 } }, async (chat, _budget, model) => {
    await chat.ask(HELLO, []);
    await assert.rejects(
      chat.ask(HELLO, []),
      isCode("UNSUPPORTED", /has used 110 of the 120 tokens/),
    );
    assert.equal(model.requests.length, 1);
  }));

Deno.test("modelSettings() takes configuration before environment, and nothing for no model", () => {
  const env = (variables: Record<string, string>) => ({ get: (name: string) => variables[name] });
  const prices = new Map([["mine", { in: 1, out: 2, cached: null }], ["*", {
    in: 3,
    out: 4,
    cached: 0.5,
  }]]);
  const of = (variables: Record<string, string>, config: ModelConfig | null, key: string | null) =>
    modelSettings(env(variables), { config, key, prices });
  const config = {
    name: "mine",
    baseURL: "https://models.example.com/v1/",
    apiKey: { type: "env", value: "MY_KEY" } as const,
    maxTokens: 5_000,
    timeoutSec: 7,
    stream: false,
  };
  assert.equal(of({}, null, null), null);
  assert.equal(of({ KEYSMITH_MODEL: "x" }, { ...config, baseURL: null, apiKey: null }, null), null);
  assert.equal(of({ OPENAI_BASE_URL: "http://127.0.0.1:1/v1" }, null, null)?.apiKey, null);
  assert.deepEqual(of({ OPENAI_API_KEY: "k", OPENAI_BASE_URL: "http://x" }, config, "own"), {
    model: "mine",
    baseURL: "https://models.example.com/v1",
    apiKey: "own",
    maxTokens: 5_000,
    timeoutMs: 7_000,
    stream: false,
    prices: { in: 1, out: 2, cached: null },
  });
  const big = of({ OPENAI_API_KEY: "k", KEYSMITH_MODEL: "big" }, config, "own");
  assert.deepEqual([big?.model, big?.prices?.in], ["big", 3]);
  assert.throws(
    () => of({ OPENAI_API_KEY: "k", OPENAI_BASE_URL: "http://models.example.com" }, null, null),
    isCode("UNSUPPORTED", /in the clear/),
  );
});

/** A stream that says its beginning and then nothing. */
function stalledFetch(): typeof fetch {
  const first = `data: ${
    JSON.stringify({
      id: "c",
      choices: [{ index: 0, delta: { content: "so" }, finish_reason: null }],
    })
  }\n\n`;
  const stalled = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode(first)),
  });
  const headers = { "content-type": "text/event-stream" };
  return () => Promise.resolve(new Response(stalled, { headers }));
}

const LOCAL: ModelSettings = {
  model: "small",
  baseURL: "http://127.0.0.1:1/v1",
  apiKey: null,
  maxTokens: 10_000,
  timeoutMs: 40,
  stream: true,
  prices: null,
};

Deno.test("OpenAiChat.ask() ends at the deadline when a stream stalls after its first piece", async () => {
  const budget = new TokenBudget(10_000);
  const chat = new OpenAiChat({ ...fakeContext({}), fetch: stalledFetch() }, LOCAL, budget);
  await assert.rejects(
    chat.ask(HELLO, []),
    isCode("UNREACHABLE", /did not finish its answer within 0\.04 s/),
  );
  assert.match(budget.describe(), /and 1 unfinished request of about \d+ tokens in/);
});

Deno.test("OpenAiChat.ask() ends at once on Ctrl-C, whatever the endpoint does, and counts what it sent", async () => {
  for (const fetch of [stalledFetch(), () => new Promise<Response>(() => {})]) {
    const controller = new AbortController();
    const budget = new TokenBudget(10_000);
    const ctx = { ...fakeContext({ signal: controller.signal }), fetch };
    const asked = new OpenAiChat(ctx, { ...LOCAL, timeoutMs: 60_000 }, budget).ask(HELLO, []);
    setTimeout(() => controller.abort(), 30);
    await assert.rejects(asked, isCode("INTERRUPTED"));
    assert.match(budget.describe(), /^0 requests, .*and 1 unfinished request/);
  }
});

Deno.test("TokenBudget says what was spent, with the cost where prices are known", () => {
  const of = (prices: TokenBudget["prices"]) => {
    const budget = new TokenBudget(1_000_000, prices);
    budget.spend({ input: 12_000, output: 800, cached: 10_000 });
    return budget;
  };
  assert.equal(
    of(null).describe(),
    "1 request, 12000 tokens in (10000 of them cached), 800 out",
  );
  assert.match(of({ in: 2, out: 10, cached: 0.5 }).describe(), /, cost 0\.017$/);
  assert.match(of({ in: 2, out: 10, cached: null }).describe(), /, cost 0\.032$/);
  assert.match(of({ in: 0, out: 0, cached: 0 }).describe(), /, cost 0$/);
  const estimated = of({ in: 500, out: 500, cached: null });
  estimated.spendAbout(400, 40);
  assert.match(estimated.describe(), /^2 requests, about 12100 tokens in .*, cost 6\.46$/);
});

Deno.test("OpenAiChat.ask() reads a whole answer where it asked for a stream", () =>
  withChat(
    [{
      raw: JSON.stringify({
        choices: [{ index: 0, message: { role: "assistant", content: "whole" } }],
        usage: { prompt_tokens: 7, completion_tokens: 3 },
      }),
      type: "application/json; charset=utf-8",
    }],
    { settings: { stream: true } },
    async (chat, budget) => {
      assert.equal((await chat.ask(HELLO, [TOOL])).content, "whole");
      assert.deepEqual(budget.use, { input: 7, output: 3, cached: 0 });
    },
  ));
