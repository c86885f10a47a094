/** Each way in which a model's endpoint can fail, as a server does it, with what the user is told to do. */
import assert from "node:assert/strict";
import { AppError, type ErrorCode } from "../../lib/base/error.ts";
import type { ModelSettings } from "../../lib/llm/model_settings.ts";
import { OpenAiChat } from "../../lib/llm/openai_chat.ts";
import { TokenBudget } from "../../lib/llm/token_budget.ts";
import { SERVER_CERTIFICATE, SERVER_KEY } from "../resolve/certificates.ts";
import { fakeContext } from "../support/fake_context.ts";
import { type FakeAnswer, withFakeModel } from "./fake_model.ts";

const refused = (status: number, message: string, code: string | null = null): FakeAnswer => ({
  status,
  body: JSON.stringify({ error: { message, type: "invalid_request_error", code } }),
});

interface Case {
  readonly answer: FakeAnswer;
  readonly code: ErrorCode;
  readonly hint: RegExp;
  readonly message?: RegExp;
  readonly stream?: true;
}

const CASES: Readonly<Record<string, Case>> = {
  "a wrong key": {
    answer: refused(401, "Incorrect API key provided", "invalid_api_key"),
    code: "UPSTREAM_REFUSED",
    hint: /OPENAI_API_KEY.*model\.apiKey/,
    message: /answered 401: .*Incorrect API key/,
  },
  "an account without money": {
    answer: refused(402, "Payment required"),
    code: "UPSTREAM_REFUSED",
    hint: /add credit/,
  },
  "a quota that is used up, which is not a rate limit": {
    answer: refused(429, "You exceeded your current quota", "insufficient_quota"),
    code: "UPSTREAM_REFUSED",
    hint: /add credit/,
  },
  "a rate limit": {
    answer: {
      ...refused(429, "Rate limit reached"),
      headers: { "retry-after": "900" },
    } as FakeAnswer,
    code: "UPSTREAM_REFUSED",
    hint: /fewer requests/,
  },
  "a model that is not there": {
    answer: refused(404, "The model `tiny-9` does not exist", "model_not_found"),
    code: "UPSTREAM_REFUSED",
    hint: /no model "small".*KEYSMITH_MODEL/,
  },
  "a wrong path": {
    answer: { status: 404, body: "404 page not found", headers: { "content-type": "text/plain" } },
    code: "UPSTREAM_REFUSED",
    hint: /ends in \/v1/,
  },
  "a conversation that is too long": {
    answer: refused(
      400,
      "This model's maximum context length is 8192 tokens",
      "context_length_exceeded",
    ),
    code: "UPSTREAM_REFUSED",
    hint: /longer than "small" takes/,
  },
  "a context that a local server calls otherwise": {
    answer: refused(500, "the request exceeds the available context size (n_ctx)"),
    code: "UPSTREAM_FAILED",
    hint: /longer than "small" takes/,
  },
  "a model without tools": {
    answer: refused(400, "registry/small does not support tools"),
    code: "UPSTREAM_REFUSED",
    hint: /takes no tool calls/,
  },
  "a content filter that refuses the prompt": {
    answer: refused(400, "The response was filtered", "content_filter"),
    code: "UPSTREAM_REFUSED",
    hint: /content filter/,
  },
  "a page in place of an answer": {
    answer: { raw: "<html><h1>It works</h1></html>", type: "text/html" },
    code: "BAD_INPUT",
    hint: /https:\/\/host\/v1/,
    message: /a page \(text\/html\)/,
  },
  "a page in place of a stream": {
    answer: { raw: "<html><h1>It works</h1></html>", type: "text/html; charset=utf-8" },
    code: "BAD_INPUT",
    hint: /https:\/\/host\/v1/,
    message: /a page/,
    stream: true,
  },
  "JSON that is none": {
    answer: { raw: '{"choices":', type: "application/json" },
    code: "BAD_INPUT",
    hint: /OPENAI_BASE_URL/,
    message: /it is not JSON/,
  },
  "text that is not an answer": {
    answer: { raw: "hello", type: "text/plain" },
    code: "BAD_INPUT",
    hint: /OPENAI_BASE_URL/,
  },
  "no choices": {
    answer: { raw: '{"choices":[],"object":"chat.completion"}', type: "application/json" },
    code: "BAD_INPUT",
    hint: /OPENAI_BASE_URL/,
  },
  "an error that is answered with 200": {
    answer: {
      raw: '{"error":{"message":"the model needs more memory","code":400}}',
      type: "application/json",
    },
    code: "UPSTREAM_REFUSED",
    hint: /KEYSMITH_MODEL/,
    message: /answered 400: the model needs more memory/,
  },
  "an error in the middle of a stream, which is the server's": {
    answer: {
      raw: 'data: {"choices":[{"index":0,"delta":{"content":"Let"}}]}\n\n' +
        'data: {"error":{"message":"no capacity for insufficient_quota","type":"server"}}\n\n',
      type: "text/event-stream",
    },
    code: "UPSTREAM_FAILED",
    hint: /add credit/,
    message: /answered 500: no capacity/,
    stream: true,
  },
  "a page with a status, which is not shown": {
    answer: {
      status: 403,
      body: "<html>Forbidden</html>",
      headers: { "content-type": "text/html" },
    },
    code: "UPSTREAM_REFUSED",
    hint: /may not be allowed/,
    message: /answered 403: a page$/,
  },
  "a stream with nothing in it": {
    answer: { raw: "data: [DONE]\n\n", type: "text/event-stream" },
    code: "BAD_INPUT",
    hint: /model\.stream to false/,
    stream: true,
  },
};

function settingsAt(baseURL: string, stream = false): ModelSettings {
  return {
    model: "small",
    baseURL,
    apiKey: "sk-test-2",
    maxTokens: 10_000,
    timeoutMs: 5_000,
    stream,
    prices: null,
  };
}

async function failureOf(settings: ModelSettings): Promise<AppError> {
  const chat = new OpenAiChat(fakeContext(), settings, new TokenBudget(10_000));
  const failure = await chat.ask([{ role: "user", content: "hello" }], []).catch((error) => error);
  assert.ok(failure instanceof AppError, String(failure));
  assert.ok(!`${failure.message} ${failure.hint}`.includes("sk-test-2"));
  return failure;
}

for (const [what, { answer, code, hint, message = /./, stream }] of Object.entries(CASES)) {
  Deno.test(`OpenAiChat.ask() says what to do about ${what}, and asks once`, () =>
    withFakeModel([answer], async ({ baseURL, requests }) => {
      const failure = await failureOf(settingsAt(baseURL, stream));
      assert.equal(failure.code, code, failure.message);
      assert.match(failure.hint ?? "", hint);
      assert.match(failure.message, message);
      assert.equal(requests.length, 1);
    }));
}

Deno.test("OpenAiChat.ask() tells a server that is not there from one that this machine does not trust", async () => {
  const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = free.addr;
  free.close();
  const nobody = await failureOf(settingsAt(`http://127.0.0.1:${port}/v1`));
  assert.equal(nobody.code, "UNREACHABLE");
  assert.match(nobody.hint ?? "", /Nothing listens there/);
  assert.match(nobody.message, /refused/i);
  const server = Deno.serve(
    {
      hostname: "127.0.0.1",
      port: 0,
      cert: SERVER_CERTIFICATE,
      key: SERVER_KEY,
      onListen: () => {},
    },
    () => new Response("never"),
  );
  const strange = await failureOf(settingsAt(`https://127.0.0.1:${server.addr.port}/v1`));
  await server.shutdown();
  assert.equal(strange.code, "UNREACHABLE");
  assert.match(strange.hint ?? "", /does not trust the endpoint's certificate/);
});
