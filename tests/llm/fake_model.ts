/** An OpenAI-compatible endpoint on 127.0.0.1 that answers from a list and keeps every request. */
import { Hono } from "hono";

/** What the endpoint answers next. */
export type FakeAnswer =
  | { readonly text: string; readonly finish?: string }
  | { readonly calls: readonly (readonly [name: string, args: unknown])[] }
  | { readonly refusal: string }
  | {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  }
  /** Whatever body, as it is, with 200. */
  | { readonly raw: string; readonly type: string };

export interface FakeRequest {
  readonly headers: Headers;
  readonly body: {
    readonly model: string;
    readonly stream?: boolean;
    readonly messages: readonly { role: string; content: string }[];
    readonly tools?: readonly unknown[];
  };
  readonly text: string;
}

export interface FakeModel {
  readonly baseURL: string;
  readonly requests: FakeRequest[];
  /** All that was ever sent. */
  sent(): string;
}

type Script = readonly FakeAnswer[] | ((request: FakeRequest, index: number) => FakeAnswer);

/** Past its list the endpoint answers 418: a request too many fails the test. */
export async function withFakeModel<T>(
  script: Script,
  work: (model: FakeModel) => Promise<T>,
): Promise<T> {
  const requests: FakeRequest[] = [];
  const app = new Hono();
  app.post("/v1/chat/completions", async (c) => {
    const text = await c.req.text();
    const request = { headers: c.req.raw.headers, body: JSON.parse(text), text };
    const index = requests.push(request) - 1;
    const answer = typeof script === "function" ? script(request, index) : script[index];
    return respond(answer ?? { status: 418 }, request.body.stream === true);
  });
  const respond = (answer: FakeAnswer, stream: boolean): Response => {
    if ("status" in answer) {
      return new Response(answer.body ?? '{"error":{"message":"no"}}', {
        status: answer.status,
        headers: { "content-type": "application/json", ...answer.headers },
      });
    }
    if ("raw" in answer) {
      return new Response(answer.raw, { headers: { "content-type": answer.type } });
    }
    return stream ? streamed(answer) : Response.json(whole(answer));
  };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, app.fetch);
  try {
    return await work({
      baseURL: `http://127.0.0.1:${server.addr.port}/v1`,
      requests,
      sent: () => requests.map(({ text }) => text).join("\n"),
    });
  } finally {
    await server.shutdown();
  }
}

type Spoken = Exclude<FakeAnswer, { status: number } | { raw: string }>;

function messageOf(answer: Spoken) {
  if ("refusal" in answer) return { role: "assistant", content: null, refusal: answer.refusal };
  if ("text" in answer) return { role: "assistant", content: answer.text };
  return { role: "assistant", content: null, tool_calls: callsOf(answer.calls) };
}

function callsOf(calls: readonly (readonly [string, unknown])[]) {
  return calls.map(([name, args], index) => ({
    id: `call_${index}_${name}`,
    type: "function",
    function: { name, arguments: typeof args === "string" ? args : JSON.stringify(args) },
  }));
}

function finishOf(answer: Spoken): string {
  if ("calls" in answer) return "tool_calls";
  return "text" in answer ? answer.finish ?? "stop" : "stop";
}

function whole(answer: Spoken) {
  return {
    id: "c",
    object: "chat.completion",
    created: 0,
    model: "fake",
    choices: [{ index: 0, message: messageOf(answer), finish_reason: finishOf(answer) }],
    usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 },
  };
}

/** In pieces of a few characters, calls too, the use in a last piece without a choice. */
function streamed(answer: Spoken): Response {
  const chunk = (parts: object) => ({
    id: "c",
    object: "chat.completion.chunk",
    created: 0,
    model: "fake",
    ...parts,
  });
  const delta = (piece: object) =>
    chunk({ choices: [{ index: 0, delta: piece, finish_reason: null }] });
  const pieces = (text: string) => text.match(/[\s\S]{1,37}/g) ?? [];
  const chunks: object[] = [delta({ role: "assistant", content: "" })];
  if ("text" in answer) chunks.push(...pieces(answer.text).map((content) => delta({ content })));
  if ("refusal" in answer) {
    chunks.push(...pieces(answer.refusal).map((refusal) => delta({ refusal })));
  }
  if ("calls" in answer) {
    for (const [index, call] of callsOf(answer.calls).entries()) {
      const { name, arguments: text } = call.function;
      chunks.push(
        delta({
          tool_calls: [{ index, id: call.id, type: "function", function: { name, arguments: "" } }],
        }),
      );
      chunks.push(
        ...pieces(text).map((part) =>
          delta({ tool_calls: [{ index, function: { arguments: part } }] })
        ),
      );
    }
  }
  chunks.push(
    chunk({ choices: [{ index: 0, delta: {}, finish_reason: finishOf(answer) }] }),
    chunk({ choices: [], usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 } }),
  );
  const text = chunks.map((data) => `data: ${JSON.stringify(data)}\n\n`).join("");
  return new Response(`${text}data: [DONE]\n\n`, {
    headers: { "content-type": "text/event-stream" },
  });
}
