/** What the requests of all connections of a server have in common. */
import type { Context } from "../base/context.ts";
import type { KeptAnswers } from "../ops/kept_answers.ts";
import type { KeptLists } from "../ops/kept_lists.ts";
import type { ServerLog } from "./client_log.ts";
import type { LoginDesk } from "./login_desk.ts";
import type { ToolCatalog } from "./tool_catalog.ts";

export interface ServerParts {
  readonly ctx: Context;
  readonly catalog: ToolCatalog;
  readonly kept: KeptAnswers;
  readonly lists: KeptLists;
  readonly logins: LoginDesk;
  /** What is said outside of calls. */
  readonly log: ServerLog;
  readonly confirmWrites: boolean;
  /** Only tools that change nothing are offered. */
  readonly readOnly: boolean;
  /** Of one call, unless it says otherwise. */
  readonly timeoutMs: number | undefined;
  /** Of the progress of long calls. */
  readonly beatEveryMs?: number | undefined;
}
