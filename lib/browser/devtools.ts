/**
 * A client of the Chrome DevTools Protocol (https://chromedevtools.github.io/devtools-protocol/): commands
 * with answers, and events, of the browser and of every target attached in flat mode, over one transport.
 */
import { isRecord, parseJson } from "../base/json.ts";

/** Carries one JSON text per message. */
export interface DevtoolsTransport {
  send(text: string): void;
  /** Called once, before anything is sent. */
  listen(onText: (text: string) => void, onEnd: () => void): void;
  close(): void;
}

export type DevtoolsParams = Readonly<Record<string, unknown>>;

export interface DevtoolsEvent {
  readonly method: string;
  readonly params: DevtoolsParams;
  /** Of the target it comes from; `undefined` for the browser's own. */
  readonly sessionId: string | undefined;
}

/** A command the browser refused, or one that it can no longer answer. */
export class DevtoolsError extends Error {
  override readonly name = "DevtoolsError";
}

interface Pending {
  readonly method: string;
  readonly sessionId: string | undefined;
  resolve(result: DevtoolsParams): void;
  reject(error: DevtoolsError): void;
}

export class Devtools {
  readonly #transport: DevtoolsTransport;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Set<(event: DevtoolsEvent) => void>();
  readonly #ended = Promise.withResolvers<void>();
  #lastId = 0;
  #isOpen = true;

  constructor(transport: DevtoolsTransport) {
    this.#transport = transport;
    transport.listen((text) => this.#receive(text), () => this.#end());
  }

  /** Resolves when the browser is gone. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  onEvent(listener: (event: DevtoolsEvent) => void): void {
    this.#listeners.add(listener);
  }

  /** @throws {DevtoolsError} when the browser refuses, or ends before it answers. */
  send(method: string, params: DevtoolsParams = {}, sessionId?: string): Promise<DevtoolsParams> {
    if (!this.#isOpen) return Promise.reject(new DevtoolsError(`${method}: the browser is closed`));
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<DevtoolsParams>();
    this.#pending.set(id, { method, sessionId, resolve, reject });
    this.#transport.send(
      JSON.stringify({ id, method, params, ...sessionId === undefined ? {} : { sessionId } }),
    );
    return promise;
  }

  /** As `send` for a command whose refusal changes nothing: an older browser, a target that just went. */
  async attempt(
    method: string,
    params: DevtoolsParams = {},
    sessionId?: string,
  ): Promise<DevtoolsParams | null> {
    try {
      return await this.send(method, params, sessionId);
    } catch (error) {
      if (error instanceof DevtoolsError) return null;
      throw error;
    }
  }

  close(): void {
    this.#transport.close();
    this.#end();
  }

  #receive(text: string): void {
    const message = parseJson(text);
    if (!isRecord(message)) return;
    if (typeof message["id"] === "number") return this.#answer(message["id"], message);
    if (typeof message["method"] !== "string") return;
    const { method, params, sessionId } = message;
    const event = {
      method: String(method),
      params: isRecord(params) ? params : {},
      sessionId: typeof sessionId === "string" ? sessionId : undefined,
    };
    // What a target was asked before it went is never answered.
    if (method === "Target.detachedFromTarget") this.#giveUp(String(event.params["sessionId"]));
    for (const listener of this.#listeners) listener(event);
  }

  #giveUp(session: string): void {
    for (const [id, { method, sessionId, reject }] of this.#pending) {
      if (sessionId !== session) continue;
      this.#pending.delete(id);
      reject(new DevtoolsError(`${method}: the page was closed`));
    }
  }

  #answer(id: number, message: DevtoolsParams): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    const error = message["error"];
    if (isRecord(error)) {
      pending?.reject(new DevtoolsError(`${pending.method}: ${String(error["message"])}`));
    } else pending?.resolve(isRecord(message["result"]) ? message["result"] : {});
  }

  #end(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    for (const { method, reject } of this.#pending.values()) {
      reject(new DevtoolsError(`${method}: the browser was closed`));
    }
    this.#pending.clear();
    this.#ended.resolve();
  }
}
