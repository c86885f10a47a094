/** The server and a real client of it in one process: fast, and with the clock and the folders of the test. */
import { Client, type ClientOptions, InMemoryTransport } from "@modelcontextprotocol/client";
import type { Context } from "../../lib/base/context.ts";
import { heard, ServerLog } from "../../lib/mcp/client_log.ts";
import { LoginDesk } from "../../lib/mcp/login_desk.ts";
import { MessageRouter } from "../../lib/mcp/message_router.ts";
import { bindHandlers } from "../../lib/mcp/server.ts";
import type { ServerParts } from "../../lib/mcp/server_parts.ts";
import { ToolCatalog } from "../../lib/mcp/tool_catalog.ts";
import { KeptAnswers } from "../../lib/ops/kept_answers.ts";
import { KeptLists } from "../../lib/ops/kept_lists.ts";

export const REVISIONS = ["legacy", { pin: "2026-07-28" }] as const;

export interface Connection {
  readonly client: Client;
  readonly catalog: ToolCatalog;
}

export interface ConnectionOptions
  extends Partial<Pick<ServerParts, "confirmWrites" | "readOnly" | "timeoutMs">> {
  readonly mode?: (typeof REVISIONS)[number];
  readonly capabilities?: ClientOptions["capabilities"];
  /** Before the client connects. */
  readonly prepare?: (client: Client) => void;
}

export async function withConnection(
  context: Context,
  options: ConnectionOptions,
  work: (connection: Connection) => Promise<void>,
): Promise<void> {
  const { mode = "legacy", capabilities = {}, prepare, ...own } = options;
  const ctx = { ...context, heldConfig: { last: null, problem: null } };
  const log = new ServerLog();
  const logged = heard(ctx, (data) => log.note({ level: "warning", logger: "keysmith", data }));
  const catalog = new ToolCatalog(logged, { only: [], ...own });
  const kept = new KeptAnswers(ctx);
  const lists = new KeptLists(ctx);
  const logins = new LoginDesk(ctx, () => catalog.changed());
  const usual = { confirmWrites: false, readOnly: false, timeoutMs: undefined };
  const [near, far] = InMemoryTransport.createLinkedPair();
  const parts = { ctx, catalog, kept, lists, logins, log, ...usual, ...own };
  new MessageRouter(far as never).answerWith({
    bind: (connection, earlier) => bindHandlers(connection, parts, earlier),
    onerror: () => {},
  });
  await far.start();
  const client = new Client({ name: "test", version: "1" }, {
    versionNegotiation: { mode },
    capabilities,
  });
  prepare?.(client);
  await client.connect(near);
  try {
    await work({ client, catalog });
  } finally {
    await client.close();
    await Promise.all([kept.clear(), lists.close(), logins.close()]);
  }
}
