/**
 * `keysmith mcp stdio`: MCP over stdin and stdout (revisions 2024-10-07 to 2026-07-28), one JSON message
 * per line. Calls run side by side. The end of stdin ends the server, once what was read is answered
 * or a moment has passed.
 */
import { PassThrough } from "node:stream";
import process from "node:process";
import type { Transport } from "@modelcontextprotocol/server";
import { serveStdio, StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import type { Context } from "../base/context.ts";
import { messageOf } from "../base/error.ts";
import { toolOwner } from "../ops/find_tool_owner.ts";
import { buildServer, ToolCatalog } from "./server.ts";
import { guardStdout } from "./stdout_guard.ts";

export interface ServeOptions {
  /** Names of apps and services; all of them when left out. */
  readonly only?: readonly string[];
}

/** How long requests that were read may still be answered after stdin has ended, in milliseconds. */
const GRACE_MS = 1_000;
const POLL_MS = 20;

/**
 * Serves until stdin ends or the context is aborted.
 *
 * @throws {AppError} `NOT_FOUND` for an unknown name in `only`, before anything is served.
 */
export async function serveMcp(ctx: Context, { only = [] }: ServeOptions = {}): Promise<void> {
  for (const name of only) await toolOwner(ctx, name);
  const guard = guardStdout();
  try {
    const transport: ClosingTransport = new ClosingTransport(
      lingeringStdin(() => transport.pending),
      guard.protocolOut,
    );
    const catalog = new ToolCatalog(ctx, only);
    const handle = serveStdio(() => buildServer(ctx, catalog), {
      transport,
      onerror: (error) => ctx.term.err(`keysmith: mcp: ${messageOf(error)}`),
    });
    const stop = () => void handle.close();
    ctx.signal.addEventListener("abort", stop, { once: true });
    if (ctx.signal.aborted) stop();
    await transport.closed;
    ctx.signal.removeEventListener("abort", stop);
  } finally {
    guard.restore();
  }
}

/** Counts the requests that have no answer yet, and says when the connection is over. */
class ClosingTransport extends StdioServerTransport {
  readonly #closed = Promise.withResolvers<void>();
  readonly #open = new Set<string | number>();

  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  get pending(): number {
    return this.#open.size;
  }

  override async start(): Promise<void> {
    const deliver = this.onmessage;
    this.onmessage = (message) => {
      if ("method" in message && "id" in message) this.#open.add(message.id);
      deliver?.(message);
    };
    await super.start();
  }

  override async send(message: Parameters<Transport["send"]>[0]): Promise<void> {
    await super.send(message);
    if (!("method" in message) && message.id !== undefined) this.#open.delete(message.id);
  }

  override async close(): Promise<void> {
    await super.close();
    this.#closed.resolve();
  }
}

/** stdin whose end comes a little later: the transport answers nothing after it. */
function lingeringStdin(pending: () => number): PassThrough {
  const input = new PassThrough();
  process.stdin.pipe(input, { end: false });
  process.stdin.once("end", async () => {
    for (let waitedMs = 0; waitedMs < GRACE_MS; waitedMs += POLL_MS) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      if (pending() === 0) break;
    }
    input.end();
  });
  return input;
}
