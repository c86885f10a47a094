/**
 * `keysmith mcp stdio`: MCP over stdin and stdout (revisions 2024-10-07 to 2026-07-28), one JSON message
 * per line. Calls run side by side. The end of stdin ends the server, once what was read is answered.
 */
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import type { ToolChoice } from "../base/config.ts";
import type { Context } from "../base/context.ts";
import { messageOf } from "../base/error.ts";
import { toolOwner } from "../ops/find_tool_owner.ts";
import { KeptAnswers } from "../ops/kept_answers.ts";
import { heard, ServerLog } from "./client_log.ts";
import { watchDisk } from "./disk_watch.ts";
import { LineTransport } from "./line_transport.ts";
import { LoginDesk } from "./login_desk.ts";
import { issuesInWords } from "./plain_errors.ts";
import { buildServer } from "./server.ts";
import { guardStdout } from "./stdout_guard.ts";
import { ToolCatalog, type ToolMode } from "./tool_catalog.ts";

export interface ServeOptions {
  /** Names of apps and services; all of them when left out. */
  readonly only?: readonly string[];
  /** Offers tools that change nothing, and no others. */
  readonly readOnly?: boolean;
  /** The client asks its user before each call that may change something. */
  readonly confirmWrites?: boolean;
  /** Of one call, unless it or the configuration says otherwise. */
  readonly timeoutMs?: number;
  /** How the tools are offered; default `auto`. */
  readonly mode?: ToolMode;
  /** Which of them, and which in any case in the list. */
  readonly choice?: ToolChoice;
}

/**
 * Serves until stdin ends or the context is aborted.
 *
 * @throws {AppError} `NOT_FOUND` for an unknown name in `only`, before anything is served. While the
 * configuration cannot be read, no name is known to be unknown.
 */
export async function serveMcp(context: Context, options: ServeOptions = {}): Promise<void> {
  const { only = [], readOnly = false, confirmWrites = false, timeoutMs, mode, choice } = options;
  const heldConfig = { last: null, problem: null };
  const ctx: Context = { ...context, heldConfig };
  const log = new ServerLog();
  const logged = heard(ctx, (data) => log.note({ level: "warning", logger: "keysmith", data }));
  for (const name of only) await requireOwner(ctx, name);
  const kept = new KeptAnswers(ctx);
  const catalog = new ToolCatalog(logged, {
    only,
    readOnly,
    ...(mode === undefined ? {} : { mode }),
    ...(choice === undefined ? {} : { choice }),
  });
  const logins = new LoginDesk(ctx, () => catalog.changed());
  const guard = guardStdout();
  const transport = new LineTransport({ input: Deno.stdin.readable, write: guard.write });
  const watching = watchDisk(ctx, () => catalog.changed());
  try {
    const handle = serveStdio(
      () => buildServer({ ctx, catalog, kept, logins, log, confirmWrites, readOnly, timeoutMs }),
      {
        transport,
        onerror: (error) => {
          const message = messageOf(error);
          ctx.term.err(`keysmith: mcp: ${issuesInWords(message) ?? message}`);
        },
      },
    );
    const stop = () => void handle.close();
    ctx.signal.addEventListener("abort", stop, { once: true });
    if (ctx.signal.aborted) stop();
    await transport.closed;
    ctx.signal.removeEventListener("abort", stop);
  } finally {
    (await watching)();
    guard.restore();
    await Promise.all([kept.clear(), logins.close()]);
  }
}

async function requireOwner(ctx: Context, name: string): Promise<void> {
  try {
    await toolOwner(ctx, name);
  } catch (error) {
    if (ctx.heldConfig?.problem == null) throw error;
  }
}
