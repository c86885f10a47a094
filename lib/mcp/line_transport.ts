/**
 * MCP over two streams of bytes, one JSON message per line. What cannot be read is answered with an error of
 * JSON-RPC, and the next line is read. When the input ends, what was asked is answered before the connection
 * is closed.
 */
import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/server";
import { concatBytes } from "../base/bytes.ts";
import { inWords } from "./plain_errors.ts";
import { MessageLines } from "./message_lines.ts";
import { messageJson } from "./ready_json.ts";
import { readMessage } from "./read_message.ts";

/** How long requests that were read may still be answered after the input has ended, in milliseconds. */
const GRACE_MS = 120_000;

const encoder = new TextEncoder();

export interface LineStreams {
  /** Hands on the bytes that come in, to their end, or until `take` answers false. */
  read(take: (bytes: Uint8Array) => boolean): Promise<void>;
  /** Writes all of it; answers nothing where it is out at once. Rejects when nobody reads any more. */
  write(bytes: Uint8Array): Promise<void> | undefined;
  readonly graceMs?: number;
}

export class LineTransport implements Transport {
  readonly #streams: LineStreams;
  readonly #closed = Promise.withResolvers<void>();
  readonly #open = new Set<string | number>();
  readonly #lines = new MessageLines();
  #settled = Promise.withResolvers<void>();
  /** Lines that go out next, and whoever waits for that. */
  #next: Batch | null = null;
  /** Of the lines that were put to others last. */
  #last: Promise<void> = Promise.resolve();
  #isWriting = false;
  #isStarted = false;
  #isClosed = false;
  onmessage?: Transport["onmessage"];
  onerror?: Transport["onerror"];
  onclose?: Transport["onclose"];

  constructor(streams: LineStreams) {
    this.#streams = streams;
  }

  /** Resolves when the connection is over. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  start(): Promise<void> {
    if (!this.#isStarted) void this.#read();
    this.#isStarted = true;
    return Promise.resolve();
  }

  send(message: JSONRPCMessage): Promise<void> {
    if (this.#isClosed) return Promise.reject(new Error("The connection is closed"));
    const written = this.#write("error" in message ? inWords(message) : message);
    if ("method" in message || message.id === undefined) return written;
    this.#open.delete(message.id);
    if (this.#open.size === 0) this.#settled.resolve();
    return written;
  }

  close(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    this.#isClosed = true;
    this.#closed.resolve();
    this.onclose?.();
    return Promise.resolve();
  }

  async #read(): Promise<void> {
    try {
      await this.#streams.read((chunk) => {
        for (const line of this.#lines.push(chunk)) this.#take(line);
        return !this.#isClosed;
      });
      for (const line of this.#lines.end()) this.#take(line);
      await this.#answered();
    } catch (error) {
      this.onerror?.(error instanceof Error ? error : new Error(String(error)));
    }
    await this.close();
  }

  #take(line: Parameters<typeof readMessage>[0]): void {
    const read = readMessage(line);
    if (read.kind === "answer") void this.#write(read.answer);
    if (read.kind !== "message") return;
    const { message } = read;
    if ("method" in message && "id" in message) this.#open.add(message.id);
    if ("method" in message && message.method === "notifications/cancelled") this.#cancel(message);
    this.onmessage?.(message);
  }

  /** A request that was taken back gets no answer. */
  #cancel({ params }: { readonly params?: Record<string, unknown> | undefined }): void {
    const id = params?.requestId;
    if (typeof id === "string" || typeof id === "number") this.#open.delete(id);
  }

  async #answered(): Promise<void> {
    if (this.#open.size > 0) {
      this.#settled = Promise.withResolvers<void>();
      const timer = setTimeout(this.#settled.resolve, this.#streams.graceMs ?? GRACE_MS);
      await Promise.race([this.#settled.promise, this.#closed.promise]);
      clearTimeout(timer);
    }
    await Promise.race([this.#written(), this.#closed.promise]);
  }

  async #written(): Promise<void> {
    let seen: Promise<void> | null = null;
    while (seen !== this.#last) {
      seen = this.#last;
      await seen.catch(() => {});
    }
  }

  /**
   * A line is never cut by another. Lines that are ready while others are written go out together: a write
   * costs as much as all the rest of an answer. A client that is gone ends the connection.
   */
  #write(message: JSONRPCMessage): Promise<void> {
    const line = [...messageJson(message), "\n"];
    if (this.#next !== null) {
      this.#next.pieces.push(...line);
      return this.#next.done.promise;
    }
    const done = Promise.withResolvers<void>();
    done.promise.catch(() => this.close());
    this.#last = done.promise;
    this.#next = { pieces: line, done };
    if (!this.#isWriting) queueMicrotask(() => this.#writeNext());
    return done.promise;
  }

  #writeNext(): void {
    const { pieces, done } = this.#next!;
    this.#next = null;
    const writing = this.#streams.write(bytesOf(pieces));
    if (writing === undefined) return done.resolve();
    this.#isWriting = true;
    const end = () => {
      this.#isWriting = false;
      if (this.#next !== null) this.#writeNext();
    };
    writing.then(done.resolve, done.reject).finally(end);
  }
}

interface Batch {
  readonly pieces: (string | Uint8Array)[];
  readonly done: PromiseWithResolvers<void>;
}

function bytesOf(pieces: readonly (string | Uint8Array)[]): Uint8Array {
  const isText = pieces.every((piece) => typeof piece === "string");
  if (isText) return encoder.encode(pieces.join(""));
  return concatBytes(
    pieces.map((piece) => typeof piece === "string" ? encoder.encode(piece) : piece),
  );
}
