import assert from "node:assert/strict";
import { type JSONRPCMessage, SUPPORTED_PROTOCOL_VERSIONS } from "@modelcontextprotocol/server";
import { serveWithLibrary } from "../../lib/mcp/library_server.ts";
import { LineTransport } from "../../lib/mcp/line_transport.ts";
import { MessageRouter } from "../../lib/mcp/message_router.ts";
import { HANDSHAKE_REVISIONS, plainRequest } from "../../lib/mcp/plain_request.ts";
import { openServing, type Serving } from "../../lib/mcp/serving.ts";
import type { ServeOptions } from "../../lib/mcp/serve_options.ts";
import { fakeContext } from "../support/fake_context.ts";
import { APP } from "../support/token_home.ts";
import { withMcpHome } from "./mcp_home.ts";

// deno-lint-ignore no-explicit-any
type Message = any;

const encoder = new TextEncoder();

/** A client at one end of lines in memory, whoever serves the other. */
class Talk {
  readonly told: Message[] = [];
  readonly lines: LineTransport;
  readonly #input = new TransformStream<Uint8Array, Uint8Array>();
  readonly #writer = this.#input.writable.getWriter();
  readonly #waiting = new Map<unknown, (message: Message) => void>();

  constructor() {
    this.lines = new LineTransport({
      input: this.#input.readable,
      write: (bytes) => Promise.resolve(this.#take(new TextDecoder().decode(bytes))),
    });
  }

  async tell(message: object): Promise<void> {
    await this.#writer.write(encoder.encode(`${JSON.stringify(message)}\n`));
  }

  async ask(message: Message): Promise<Message> {
    const { promise, resolve } = Promise.withResolvers<Message>();
    this.#waiting.set(message.id, resolve);
    await this.tell(message);
    return await promise;
  }

  /** The next message of the server that is no answer. */
  async heard(method: string): Promise<Message> {
    for (;;) {
      const found = this.told.findIndex((message) => message.method === method);
      if (found >= 0) return this.told.splice(found, 1)[0];
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  async end(): Promise<void> {
    await this.#writer.close();
    await this.lines.closed;
  }

  #take(text: string): void {
    for (const line of text.trimEnd().split("\n")) {
      const message = JSON.parse(line);
      const waiting = "method" in message ? undefined : this.#waiting.get(message.id);
      if (waiting === undefined) this.told.push(message);
      else waiting(message);
      this.#waiting.delete(message.id);
    }
  }
}

/** The server as it is. */
function own(serving: Serving): Talk {
  const talk = new Talk();
  new MessageRouter(talk.lines).answerWith(serving);
  void talk.lines.start();
  return talk;
}

/** The same requests in the hands of the library from the first one on. */
function library(serving: Serving): Talk {
  const talk = new Talk();
  const { bind, onerror } = serving;
  const wire = serveWithLibrary({
    lines: talk.lines,
    handshake: null,
    bind: (connection) => bind(connection, new Map()),
    onerror,
  });
  talk.lines.onmessage = (message) => wire.onmessage?.(message);
  talk.lines.onclose = () => wire.onclose?.();
  void talk.lines.start();
  return talk;
}

function request(id: number | string, method: string, params?: object): JSONRPCMessage {
  const rest = params === undefined ? {} : { params };
  return { jsonrpc: "2.0", id, method, ...rest } as JSONRPCMessage;
}

function hello(protocolVersion: string, capabilities: object = {}) {
  const clientInfo = { name: "test", version: "1", title: "A client" };
  return request(0, "initialize", { protocolVersion, capabilities, clientInfo });
}

async function withServing(
  options: ServeOptions,
  answer: () => Response | Promise<Response>,
  work: (serving: Serving, seen: readonly { readonly method: string }[]) => Promise<void>,
): Promise<void> {
  await withMcpHome(answer, {}, async ({ home, site, addTool }) => {
    await addTool({ name: "delete_note", method: "DELETE", safe: false });
    const serving = await openServing(fakeContext({ home: home.root }), options);
    try {
      await work(serving, site.seen);
    } finally {
      await serving.close();
    }
  });
}

Deno.test("HandshakeServer knows the revisions that the library knows", () => {
  const beforeEnvelopes = SUPPORTED_PROTOCOL_VERSIONS.filter((version) => version < "2026");
  assert.deepEqual(HANDSHAKE_REVISIONS, beforeEnvelopes);
});

const CALL = { name: `${APP}_get_note`, arguments: { note_id: 7 } };

/** What is answered without the library. */
const PLAIN = [
  request(1, "ping"),
  request("two", "tools/list"),
  request(3, "tools/list", {}),
  request(4, "tools/list", { cursor: "none of this list" }),
  request(5, "tools/call", CALL),
  request(6, "tools/call", { ...CALL, _meta: { progressToken: "p", "client/id": 1 } }),
  request(7, "tools/call", { name: CALL.name }),
  request(8, "tools/call", { name: CALL.name, arguments: { note_id: {} } }),
  request(9, "tools/call", { name: "nothing_of_this_name", arguments: {} }),
  request(10, "tools/call", { name: "search_tools", arguments: { query: "note" } }),
  request(11, "resources/list"),
  request(12, "resources/templates/list", {}),
  request(13, "resources/read", { uri: "keysmith://answers/none" }),
  request(14, "logging/setLevel", { level: "error" }),
];

const OTHER = [
  request(20, "tools/list", { cursor: 5 }),
  request(21, "tools/list", { unknown: "member" }),
  request(22, "tools/list", { _meta: { progressToken: {} } }),
  request(23, "tools/call", { name: CALL.name, arguments: [7] }),
  request(24, "tools/call", { arguments: {} }),
  request(25, "tools/call"),
  request(26, "tools/call", { ...CALL, task: { ttl: 1 } }),
  request(27, "resources/read", { uri: 16 }),
  request(28, "prompts/list"),
  request(29, "nobody/knows", { this: "method" }),
  request(30, "constructor"),
  request(31, "logging/setLevel", { level: "loud" }),
];

Deno.test("HandshakeServer answers as the library answers", async () => {
  for (const message of PLAIN) assert.ok(plainRequest(message), JSON.stringify(message));
  for (const message of OTHER) assert.equal(plainRequest(message), null, JSON.stringify(message));
  await withServing({}, () => Response.json({ id: 7, tags: ["a"] }), async (serving) => {
    const other = library(serving);
    await other.ask(hello("2025-06-18"));
    for (const message of [...PLAIN, ...OTHER]) {
      const one = own(serving);
      await one.ask(hello("2025-06-18"));
      await one.tell({ jsonrpc: "2.0", method: "notifications/initialized" });
      const [answer, expected] = [await one.ask(message), await other.ask(message)];
      assert.deepEqual(answer, expected, JSON.stringify(message));
      await one.end();
    }
    await other.end();
  });
});

Deno.test("HandshakeServer greets as the library greets", async () => {
  await withServing({}, () => Response.json({}), async (serving) => {
    for (const version of [...HANDSHAKE_REVISIONS, "2099-01-01", ""]) {
      const [one, other] = [own(serving), library(serving)];
      assert.deepEqual(await one.ask(hello(version)), await other.ask(hello(version)), version);
      await Promise.all([one.end(), other.end()]);
    }
  });
});

Deno.test("HandshakeServer leaves a handshake with anything wrong or new in it to the library", async () => {
  const { params: good } = hello("2025-06-18") as Message;
  const params = [
    { ...good, clientInfo: { name: "test" } },
    { ...good, capabilities: { roots: true } },
    { ...good, protocolVersion: 7 },
    { capabilities: {}, clientInfo: good.clientInfo },
    { ...good, _meta: { "io.modelcontextprotocol/protocolVersion": "2026-07-28" } },
  ];
  await withServing({}, () => Response.json({}), async (serving) => {
    for (const one of params) {
      const talks = [own(serving), library(serving)];
      const answers = await Promise.all(
        talks.map((talk) => talk.ask(request("h", "initialize", one))),
      );
      assert.deepEqual(answers[0], answers[1], JSON.stringify(one));
      await Promise.all(talks.map((talk) => talk.end()));
    }
  });
});

Deno.test("HandshakeServer gives no answer to a call that is taken back, and stops it", async () => {
  const asked = Promise.withResolvers<void>();
  const over = Promise.withResolvers<Response>();
  const slow = () => {
    asked.resolve();
    return over.promise;
  };
  await withServing({}, slow, async (serving) => {
    const talk = own(serving);
    await talk.ask(hello("2025-06-18"));
    await talk.tell(request(1, "tools/call", {
      name: `${APP}_get_note`,
      arguments: { note_id: 1 },
    }));
    await asked.promise;
    const params = { requestId: 1, reason: "no longer wanted" };
    await talk.tell({ jsonrpc: "2.0", method: "notifications/cancelled", params });
    assert.deepEqual((await talk.ask(request(2, "ping"))).result, {});
    over.resolve(Response.json({}));
    await talk.end();
    assert.deepEqual(talk.told.filter(({ id }) => id === 1), []);
  });
});

Deno.test("HandshakeServer hands over a call that asks the user, which is made once", async () => {
  const done = () => Response.json({ done: true });
  await withServing({ confirmWrites: true }, done, async (serving, seen) => {
    const talk = own(serving);
    await talk.ask(hello("2025-06-18", { elicitation: {} }));
    const call = { name: `${APP}_delete_note`, arguments: { note_id: 1 } };
    const answer = talk.ask(request(1, "tools/call", call));
    const question = await talk.heard("elicitation/create");
    assert.match(question.params.message, /DELETE/);
    assert.equal(seen.length, 0);
    // Messages that come meanwhile, and after it, are answered too.
    assert.deepEqual((await talk.ask(request(2, "ping"))).result, {});
    const result = { action: "accept", content: { confirm: true } };
    await talk.tell({ jsonrpc: "2.0", id: question.id, result });
    assert.equal((await answer).result.structuredContent.done, true);
    assert.equal(seen.length, 1);
    assert.ok((await talk.ask(request(3, "tools/list"))).result.tools.length > 1);
    await talk.end();
  });
});
