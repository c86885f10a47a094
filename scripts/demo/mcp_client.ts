/** A real MCP client on the other end of `keysmith mcp stdio`. */
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import type { CommandLine } from "./narrator.ts";

/** Connects, lets `work` use the client, and ends the server. */
export async function withMcpClient(
  { program, args, env, cwd }: CommandLine,
  work: (client: Client) => Promise<void>,
): Promise<void> {
  const client = new Client({ name: "keysmith-demo", version: "1.0.0" });
  await client.connect(
    new StdioClientTransport({
      command: program,
      args: [...args, "mcp", "stdio"],
      cwd,
      env: { ...Deno.env.toObject(), ...env },
    }),
  );
  try {
    await work(client);
  } finally {
    await client.close();
  }
}
