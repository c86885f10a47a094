/** The levels of what a server tells its client (MCP, "Logging"). */
import type { LoggingLevel } from "@modelcontextprotocol/server";

/** In the order of RFC 5424 section 6.2.1, the least first. */
export const LEVELS: readonly LoggingLevel[] = [
  "debug",
  "info",
  "notice",
  "warning",
  "error",
  "critical",
  "alert",
  "emergency",
];
