/** Messages in and out of the process, however much waits at either end. */
import assert from "node:assert/strict";
import { spawnKeysmith } from "../support/keysmith.ts";
import { withTempFolder } from "../support/temp_folder.ts";

/** More than pipes of any system hold. */
const PINGS = 20_000;

const ping = (id: number) => JSON.stringify({ jsonrpc: "2.0", id, method: "ping" });

async function textOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  return await new Response(stream).text();
}

Deno.test("serveMcp() reads on while its client reads nothing, and loses no answer", async () => {
  await withTempFolder(async (folder) => {
    const server = spawnKeysmith(["mcp", "stdio"], { home: `${folder}/home` });
    const errors = textOf(server.stderr);
    const params = {
      protocolVersion: "2025-06-18",
      capabilities: {},
      clientInfo: { name: "late", version: "1" },
    };
    const greeting = JSON.stringify({ jsonrpc: "2.0", id: 0, method: "initialize", params });
    const input = server.stdin.getWriter();
    // One by one, so that the server has answered some before the rest comes.
    for (const line of [greeting, ping(1), ping(2), ping(3), ping(4), ping(5)]) {
      await input.write(new TextEncoder().encode(`${line}\n`));
    }
    const rest = Array.from({ length: PINGS - 6 }, (_, at) => `${ping(at + 6)}\n`);
    await input.write(new TextEncoder().encode(rest.join("")));
    const answers = textOf(server.stdout);
    await input.close();
    const lines = (await answers).trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.equal(await errors, "");
    assert.deepEqual(lines.map(({ id }) => id), Array.from({ length: PINGS }, (_, at) => at));
    assert.equal((await server.status).code, 0);
  });
});
