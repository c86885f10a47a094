/** A client that writes its lines by hand, and both servers of the protocol at the other end, in this process. */
import type { JSONRPCMessage } from "@modelcontextprotocol/server";
import { serveWithLibrary } from "../../lib/mcp/library_server.ts";
import { LineTransport } from "../../lib/mcp/line_transport.ts";
import { MessageRouter } from "../../lib/mcp/message_router.ts";
import type { ServeOptions } from "../../lib/mcp/serve_options.ts";
import { openServing, type Serving } from "../../lib/mcp/serving.ts";
import { fakeContext } from "../support/fake_context.ts";
import { type McpSetup, withMcpHome } from "./mcp_home.ts";
import type { SeenRequest } from "../tools/site.ts";

// deno-lint-ignore no-explicit-any
export type Message = any;

const encoder = new TextEncoder();

/** A client at one end of lines in memory, whoever serves the other. */
export class Talk {
  readonly told: Message[] = [];
  readonly lines: LineTransport;
  readonly #input = new TransformStream<Uint8Array, Uint8Array>();
  readonly #writer = this.#input.writable.getWriter();
  readonly #waiting = new Map<unknown, (message: Message) => void>();

  constructor() {
    this.lines = new LineTransport({
      read: (take) => readAll(this.#input.readable, take),
      write: (bytes) => Promise.resolve(this.#take(new TextDecoder().decode(bytes))),
    });
  }

  async tell(message: object): Promise<void> {
    await this.write(JSON.stringify(message));
  }

  /** A line as it is. */
  async write(line: string): Promise<void> {
    await this.#writer.write(encoder.encode(`${line}\n`));
  }

  async ask(message: Message): Promise<Message> {
    return await this.askWith(message.id, JSON.stringify(message));
  }

  /** A request as it is written, with its id. */
  async askWith(id: number | string, line: string): Promise<Message> {
    const { promise, resolve } = Promise.withResolvers<Message>();
    this.#waiting.set(id, resolve);
    await this.write(line);
    return await promise;
  }

  /** The next message of the server that is not an answer. */
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

export async function readAll(
  input: AsyncIterable<Uint8Array>,
  take: (bytes: Uint8Array) => boolean,
): Promise<void> {
  for await (const chunk of input) if (!take(chunk)) return;
}

/** The server as it is. */
export function own(serving: Serving): Talk {
  const talk = new Talk();
  new MessageRouter(talk.lines).answerWith(serving);
  void talk.lines.start();
  return talk;
}

/** The same requests in the hands of the library from the first one on. */
export function library(serving: Serving): Talk {
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

export function request(id: number | string, method: string, params?: object): JSONRPCMessage {
  const rest = params === undefined ? {} : { params };
  return { jsonrpc: "2.0", id, method, ...rest } as JSONRPCMessage;
}

export function hello(protocolVersion: string, capabilities: object = {}) {
  const clientInfo = { name: "test", version: "1", title: "A client" };
  return request(0, "initialize", { protocolVersion, capabilities, clientInfo });
}

export async function withServing(
  options: ServeOptions,
  answer: () => Response | Promise<Response>,
  work: (serving: Serving, seen: readonly SeenRequest[], setup: McpSetup) => Promise<void>,
): Promise<void> {
  await withMcpHome(answer, {}, async (setup) => {
    const { home, site, addTool } = setup;
    await addTool({ name: "delete_note", method: "DELETE", safe: false });
    const serving = await openServing(fakeContext({ home: home.root }), options);
    try {
      await work(serving, site.seen, setup);
    } finally {
      await serving.close();
    }
  });
}
