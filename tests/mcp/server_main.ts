/** The MCP server as a child process of its tests: what `keysmith mcp stdio` does, without the command line. */
import { buildContext } from "../../lib/cli/context.ts";
import { Redactor } from "../../lib/base/redact.ts";
import { serveMcp } from "../../lib/mcp/serve.ts";
import { processStreams } from "../../lib/term/streams.ts";

const ctx = buildContext(
  {
    streams: processStreams(),
    env: { get: (name) => Deno.env.get(name) },
    signal: new AbortController().signal,
  },
  new Redactor(),
  { home: undefined, config: undefined, noInput: true },
);
await serveMcp(ctx, { only: Deno.args });
