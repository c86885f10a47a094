/** What `keysmith mcp stdio` is told by its options. */
import type { ToolChoice } from "../base/config.ts";
import type { ToolMode } from "./tool_catalog.ts";

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
  /** Of the progress of long calls; default 5 s. */
  readonly beatEveryMs?: number;
}
