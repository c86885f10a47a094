/**
 * A connection in the hands of the library: revisions without a handshake, requests with something special about
 * them, questions to the user. Where the handshake was answered before, the library hears it too, and what it
 * says to that goes nowhere.
 */
import { type JSONRPCMessage, Server, type Transport } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { CfWorkerJsonSchemaValidator } from "@modelcontextprotocol/server/validators/cf-worker";
import type { Connection } from "./connection.ts";
import { CAPABILITIES, INSTRUCTIONS, SERVER_INFO } from "./identity.ts";

export interface LibraryOptions {
  readonly lines: Pick<Transport, "send" | "close">;
  /** The client's `initialize` where it was answered already. */
  readonly handshake: JSONRPCMessage | null;
  bind(connection: Connection): void;
  onerror(error: Error): void;
}

/** The library's end of a connection that somebody else reads. */
class Wire implements Transport {
  readonly #lines: LibraryOptions["lines"];
  #answered: unknown;
  onmessage?: Transport["onmessage"];
  onerror?: Transport["onerror"];
  onclose?: Transport["onclose"];

  constructor({ lines, handshake }: LibraryOptions) {
    this.#lines = lines;
    this.#answered = handshake !== null && "id" in handshake ? handshake.id : undefined;
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const isAnswered = this.#answered !== undefined && !("method" in message) &&
      message.id === this.#answered;
    if (isAnswered) this.#answered = undefined;
    else await this.#lines.send(message);
  }

  async close(): Promise<void> {
    await this.#lines.close();
  }
}

/** Answers what takes the client's messages. */
export function serveWithLibrary(
  options: LibraryOptions,
): Pick<Transport, "onmessage" | "onclose"> {
  const wire = new Wire(options);
  serveStdio(() => {
    const server = new Server(SERVER_INFO, {
      capabilities: CAPABILITIES,
      instructions: INSTRUCTIONS,
      jsonSchemaValidator: new CfWorkerJsonSchemaValidator(),
    });
    options.bind(server);
    return server;
  }, { transport: wire, onerror: options.onerror });
  if (options.handshake !== null) wire.onmessage?.(options.handshake);
  return wire;
}
