/** What a server holds beside its connection: the catalog of tools, kept answers, pages of logins, the watch over the disk. */
import type { Context } from "../base/context.ts";
import { messageOf } from "../base/error.ts";
import { toolOwner } from "../ops/find_tool_owner.ts";
import { KeptAnswers } from "../ops/kept_answers.ts";
import { KeptLists } from "../ops/kept_lists.ts";
import { serverContext } from "../ops/server_context.ts";
import { heard, ServerLog } from "./client_log.ts";
import { watchDisk } from "./disk_watch.ts";
import { LoginDesk } from "./login_desk.ts";
import type { Answers } from "./message_router.ts";
import { issuesInWords } from "./plain_errors.ts";
import type { ServeOptions } from "./serve_options.ts";
import { bindHandlers } from "./server.ts";
import { ToolCatalog } from "./tool_catalog.ts";

export interface Serving extends Answers {
  close(): Promise<void>;
}

/** @throws {AppError} `NOT_FOUND` for an unknown name in `only`, unless the configuration cannot be read. */
export async function openServing(context: Context, options: ServeOptions): Promise<Serving> {
  const {
    only = [],
    readOnly = false,
    confirmWrites = false,
    timeoutMs,
    beatEveryMs,
    mode,
    choice,
  } = options;
  const { ctx, close } = serverContext(context);
  const log = new ServerLog();
  const logged = heard(ctx, (data) => log.note({ level: "warning", logger: "keysmith", data }));
  for (const name of only) await requireOwner(ctx, name);
  const kept = new KeptAnswers(ctx);
  const lists = new KeptLists(ctx);
  const catalog = new ToolCatalog(logged, {
    only,
    readOnly,
    ...(mode === undefined ? {} : { mode }),
    ...(choice === undefined ? {} : { choice }),
  });
  const logins = new LoginDesk(ctx, () => catalog.changed());
  const watching = watchDisk(ctx, () => {
    catalog.tellConfiguration();
    catalog.changed();
  });
  const parts = {
    ctx,
    catalog,
    kept,
    lists,
    logins,
    log,
    confirmWrites,
    readOnly,
    timeoutMs,
    beatEveryMs,
  };
  return {
    bind: (connection, earlier) => bindHandlers(connection, parts, earlier),
    onerror: (error) => {
      const message = messageOf(error);
      ctx.term.err(`keysmith: mcp: ${issuesInWords(message) ?? message}`);
    },
    close: async () => {
      (await watching)();
      await Promise.all([kept.clear(), lists.close(), logins.close()]);
      close();
    },
  };
}

async function requireOwner(ctx: Context, name: string): Promise<void> {
  try {
    await toolOwner(ctx, name);
  } catch (error) {
    if (ctx.heldConfig?.problem == null) throw error;
  }
}
