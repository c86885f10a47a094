import assert from "node:assert/strict";
import { command as install } from "../../lib/cli/commands/mcp/install.ts";
import { command as stdio } from "../../lib/cli/commands/mcp/stdio.ts";
import { understand } from "../../lib/cli/program.ts";

const UNREAD = { out: () => {}, err: () => {} };

async function inputOf(words: readonly string[]): Promise<unknown> {
  const understood = await understand(words, UNREAD);
  return understood.kind === "run" ? understood.input : assert.fail(words.join(" "));
}

/** What the server that `mcp install` registers understands. */
async function served(words: readonly string[]): Promise<unknown> {
  const { serving } = await inputOf(["mcp", "install", ...words]) as { serving: string[] };
  return await inputOf(["mcp", "stdio", ...serving]);
}

/** One use of each option; two values where it takes several. */
const USES: Readonly<Record<string, readonly string[]>> = {
  "--app": ["--app", "shop@bob", "notes"],
  "--read-only": ["--read-only"],
  "--confirm-writes": ["--confirm-writes"],
  "--tools": ["--tools", "search"],
  "--pin": ["--pin", "shop_list_*", "*_me"],
  "--tag": ["--tag", "a group", "--tag=-odd"],
  "--method": ["--method", "get", "QUERY"],
  "--path": ["--path", "/orders", "/a b/*"],
  "--match": ["--match", "GET /pets/*"],
  "--timeout": ["--timeout", "2.5"],
};
/** Put into the names of apps before a command is parsed. */
const IN_NAMES = ["--env", "--base"];

Deno.test("mcp install has the server started with every option that mcp stdio takes", async () => {
  const names = stdio.options.map(({ flags }) => flags.split(" ")[0]!);
  assert.deepEqual(names.filter((name) => !IN_NAMES.includes(name)), Object.keys(USES));
  for (const words of [...Object.values(USES), ["helpdesk", ...Object.values(USES).flat()], []]) {
    const direct = await inputOf(["mcp", "stdio", ...words]);
    assert.deepEqual(await served(words), direct, words.join(" "));
  }
});

Deno.test("mcp install takes the environments of apps that mcp stdio takes", () => {
  const taken = install.options.map(({ flags }) => flags);
  for (const { flags } of stdio.options) assert.ok(taken.includes(flags), flags);
});
