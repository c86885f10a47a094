/**
 * `keysmith mcp stdio`: MCP over stdin and stdout (revisions 2024-10-07 to 2026-07-28), one JSON message
 * per line. Calls run side by side. The end of stdin ends the server, once what was read is answered.
 * The client is greeted before what is needed for its other requests is loaded.
 */
import type { Context } from "../base/context.ts";
import { ClientPipes } from "./client_pipes.ts";
import { LineTransport } from "./line_transport.ts";
import { MessageRouter } from "./message_router.ts";
import type { ServeOptions } from "./serve_options.ts";
import type { Serving } from "./serving.ts";
import { guardStdout } from "./stdout_guard.ts";

/** How long a client may take to say something before the rest is loaded all the same, in milliseconds. */
const FIRST_WORD_MS = 100;

/**
 * Serves until stdin ends or the context is aborted.
 *
 * @throws {AppError} `NOT_FOUND` for an unknown name in `only`, before anything but a greeting. While the
 * configuration cannot be read, no name is known to be unknown.
 */
export async function serveMcp(ctx: Context, options: ServeOptions = {}): Promise<void> {
  const guard = guardStdout();
  const pipes = new ClientPipes(guard.write);
  const lines = new LineTransport({
    read: (take) => pipes.read(take),
    write: (bytes) => pipes.write(bytes),
  });
  pipes.ongone = () => void lines.close();
  const router = new MessageRouter(lines);
  const stop = () => void lines.close();
  let serving: Serving | null = null;
  try {
    await lines.start();
    await greeted(router);
    const { openServing } = await import("./serving.ts");
    serving = await openServing(ctx, options);
    router.answerWith(serving);
    await lines.start();
    ctx.signal.addEventListener("abort", stop, { once: true });
    if (ctx.signal.aborted) stop();
    await lines.closed;
  } finally {
    ctx.signal.removeEventListener("abort", stop);
    guard.restore();
    await serving?.close();
  }
}

/** Loading keeps the only thread busy: an answer that is ready would wait for the end of it. */
async function greeted(router: MessageRouter): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, FIRST_WORD_MS);
  await Promise.race([router.heard, late.promise]);
  clearTimeout(timer);
}
