/**
 * The protocol of the revisions with a handshake, as far as nearly every message of nearly every client goes: an
 * answer to `initialize` before anything else of the server is loaded, then requests and their answers. The library
 * costs as much time and memory at the start as all of the server, and half of the time of a call; what is not
 * plain is handed over to it, the handshake first, and it goes on from there.
 */
import type {
  JSONRPCMessage,
  Notification as McpNotification,
  ServerContext,
} from "@modelcontextprotocol/server";
import { isRecord } from "../base/json.ts";
import type { Connection } from "./connection.ts";
import { CAPABILITIES, INSTRUCTIONS, SERVER_INFO } from "./identity.ts";
import {
  HANDSHAKE_REVISIONS,
  type PlainRequest,
  plainRequest,
  type RequestId,
} from "./plain_request.ts";
import { hasJson } from "./ready_json.ts";
import { INTERNAL_ERROR } from "./request_error.ts";

type Capabilities = ReturnType<Connection["getClientCapabilities"]>;
type Handler = (request: unknown, context: unknown) => unknown;

export interface HandshakeOptions {
  send(message: JSONRPCMessage): Promise<void>;
  /** Takes over a request that turned out to need more than is here, with the result there is already. */
  handOver(request: JSONRPCMessage, result: unknown): void;
}

export class HandshakeServer implements Connection {
  readonly #options: HandshakeOptions;
  readonly #handlers = new Map<string, Handler>();
  readonly #running = new Map<RequestId, AbortController>();
  /** `null` once the handlers are bound. */
  #bound: PromiseWithResolvers<void> | null = Promise.withResolvers<void>();
  #handshake: JSONRPCMessage | null = null;
  #revision: string | undefined;
  #capabilities: Capabilities;
  onclose?: () => void;

  constructor(options: HandshakeOptions) {
    this.#options = options;
  }

  /** The client's `initialize`, once it was answered here. */
  get handshake(): JSONRPCMessage | null {
    return this.#handshake;
  }

  /** Whether the message is dealt with here; else the library is to have it. */
  take(message: JSONRPCMessage): boolean {
    if (!("method" in message)) return false;
    if (!("id" in message)) return this.#handshake !== null;
    const request = plainRequest(message);
    if (request === null) return false;
    if (request.method === "initialize") return this.#greet(message, request);
    if (this.#handshake === null) return false;
    void this.#answer(message, request);
    return true;
  }

  /** Whether it was a request of here that the client takes back. */
  cancel(message: JSONRPCMessage): boolean {
    const params: unknown = "params" in message ? message.params : undefined;
    const id = isRecord(params) ? params.requestId : undefined;
    const running = this.#running.get(id as RequestId);
    running?.abort();
    return running !== undefined;
  }

  /** From now on requests are answered; those that came before waited. */
  ready(): void {
    this.#bound?.resolve();
    this.#bound = null;
  }

  setRequestHandler: Connection["setRequestHandler"] = (method: string, handler: unknown) => {
    this.#handlers.set(method, handler as Handler);
  };

  async notification(notification: McpNotification): Promise<void> {
    if (this.#handshake === null) return;
    await this.#options.send({ jsonrpc: "2.0", ...notification } as JSONRPCMessage);
  }

  async sendToolListChanged(): Promise<void> {
    await this.notification({ method: "notifications/tools/list_changed" });
  }

  getClientCapabilities: Connection["getClientCapabilities"] = () => this.#capabilities;

  getNegotiatedProtocolVersion(): string | undefined {
    return this.#revision;
  }

  /** The revision that the client asks for, or the last one that is known (MCP, "Version Negotiation"). */
  #greet(message: JSONRPCMessage, { id, params }: PlainRequest): boolean {
    if (this.#handshake !== null) return false;
    this.#handshake = message;
    const asked = params!.protocolVersion as string;
    this.#revision = HANDSHAKE_REVISIONS.includes(asked) ? asked : HANDSHAKE_REVISIONS[0];
    this.#capabilities = params!.capabilities as Capabilities;
    this.#send(id, {
      result: {
        protocolVersion: this.#revision,
        capabilities: CAPABILITIES,
        serverInfo: SERVER_INFO,
        instructions: INSTRUCTIONS,
      },
    });
    return true;
  }

  async #answer(message: JSONRPCMessage, request: PlainRequest): Promise<void> {
    const { id } = request;
    const running = new AbortController();
    this.#running.set(id, running);
    try {
      const result = await this.#resultOf(request, running);
      if (running.signal.aborted) return;
      if (isPlainResult(result)) this.#send(id, { result });
      else this.#options.handOver(message, result);
    } catch (error) {
      if (!running.signal.aborted) this.#send(id, { error: errorOf(error) });
    } finally {
      if (this.#running.get(id) === running) this.#running.delete(id);
    }
  }

  async #resultOf(request: PlainRequest, stopping: AbortController): Promise<unknown> {
    const { id, method, params } = request;
    if (method === "ping") return {};
    if (this.#bound !== null) await this.#bound.promise;
    const notify = (notification: McpNotification) => this.notification(notification);
    const { signal } = stopping;
    const mcpReq = { id, method, _meta: params?._meta, signal, stopping, notify };
    return await this.#handlers.get(method)!(
      { method, params },
      { mcpReq } as unknown as ServerContext,
    );
  }

  /** A client that is gone has ended the connection: nobody waits for the answer. */
  #send(id: RequestId, answer: { readonly result: unknown } | { readonly error: unknown }): void {
    const message = { jsonrpc: "2.0", id, ...answer } as JSONRPCMessage;
    this.#options.send(message).catch(() => {});
  }
}

/** Not one that asks the user something, nor tools whose answers are no objects: older revisions have other forms for both. */
function isPlainResult(result: unknown): boolean {
  if (!isRecord(result) || result.resultType !== undefined) return false;
  if (hasJson(result)) return true;
  const tools = Array.isArray(result.tools) ? result.tools : [];
  return tools.every(({ outputSchema }) =>
    outputSchema === undefined || isRecord(outputSchema) && outputSchema.type === "object"
  );
}

function errorOf(error: unknown): { readonly code: number; readonly message: string } {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return {
    code: Number.isSafeInteger(code) ? code as number : INTERNAL_ERROR,
    message: typeof message === "string" ? message : "Internal error",
  };
}
