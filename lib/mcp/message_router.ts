/** Gives each message of a client to who answers it: the handshake server until it cannot, then the library. */
import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/server";
import type { Connection } from "./connection.ts";
import { HandshakeServer } from "./handshake_server.ts";

type Id = string | number;

/** What the two have the messages answered with. */
export interface Answers {
  /** `earlier`: results that are there already, by the id of their request. */
  bind(connection: Connection, earlier: Map<Id, unknown>): void;
  onerror(error: Error): void;
}

export class MessageRouter {
  readonly #lines: Transport;
  readonly #own: HandshakeServer;
  readonly #answers = Promise.withResolvers<Answers>();
  readonly #earlier = new Map<Id, unknown>();
  readonly #heard = Promise.withResolvers<void>();
  /** Messages for the library, from the first one on. */
  #library: Promise<Pick<Transport, "onmessage" | "onclose">> | null = null;

  constructor(lines: Transport) {
    this.#lines = lines;
    this.#own = new HandshakeServer({
      send: (message) => lines.send(message).finally(this.#heard.resolve),
      handOver: (request, result) => {
        if ("id" in request) this.#earlier.set(request.id!, result);
        this.#toLibrary(request);
      },
    });
    lines.onmessage = (message: JSONRPCMessage) => this.#take(message);
    lines.onclose = () => this.#closed();
  }

  /** Resolves when the first message was read, and answered where that takes nothing that has to be loaded. */
  get heard(): Promise<void> {
    return this.#heard.promise;
  }

  /** From now on requests are answered; those that came before wait. */
  answerWith(answers: Answers): void {
    this.#lines.onerror = (error) => answers.onerror(error);
    answers.bind(this.#own, this.#earlier);
    this.#own.ready();
    this.#answers.resolve(answers);
  }

  #take(message: JSONRPCMessage): void {
    const isCancelled = "method" in message && message.method === "notifications/cancelled";
    if (isCancelled && this.#own.cancel(message)) return;
    if (this.#library === null && (this.#own.take(message) || !("method" in message))) return;
    this.#toLibrary(message);
  }

  #toLibrary(message: JSONRPCMessage): void {
    this.#heard.resolve();
    this.#library ??= this.#openLibrary();
    void this.#library.then((library) => library.onmessage?.(message));
  }

  async #openLibrary(): Promise<Pick<Transport, "onmessage" | "onclose">> {
    const answers = await this.#answers.promise;
    const { serveWithLibrary } = await import("./library_server.ts");
    // What is told without being asked for is told once.
    this.#own.onclose?.();
    return serveWithLibrary({
      lines: this.#lines,
      handshake: this.#own.handshake,
      bind: (connection) => answers.bind(connection, this.#earlier),
      onerror: (error) => answers.onerror(error),
    });
  }

  #closed(): void {
    this.#heard.resolve();
    this.#own.onclose?.();
    void this.#library?.then((library) => library.onclose?.());
  }
}
