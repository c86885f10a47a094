/**
 * `deno task check:clients [EXECUTABLE]`: the MCP server under clients that others wrote, as they run at a user's: the
 * client of SDK v1 and the Inspector, both from npm under Node. Lists the tools, calls one, reads an error. Needs npm
 * and `deno task compile`. Ends in exit code 1 when a client saw something else than it should.
 */
import { ROOT } from "./build/bundle.ts";
import { parametersOf, sampleTool } from "../tests/tools/sample_tool.ts";
import { Site } from "../tests/tools/site.ts";
import { Home } from "../lib/store/home.ts";
import { writeTool } from "../lib/tools/tool_store.ts";
import { writeToken } from "../lib/token/token_file.ts";
import { APP, tokenState, withApp } from "../tests/support/token_home.ts";

const PACKAGES = ["@modelcontextprotocol/sdk@1.32.2", "@modelcontextprotocol/inspector@2.12.0"];

/** Run by Node: everything that a client of SDK v1 does with a server. */
const V1_CLIENT = `
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
const [command, home, tool] = process.argv.slice(2);
let tellChange;
const changed = new Promise((resolve) => tellChange = resolve);
const client = new Client({ name: "v1", version: "1" }, { capabilities: {} });
const { ToolListChangedNotificationSchema } = await import("@modelcontextprotocol/sdk/types.js");
client.setNotificationHandler(ToolListChangedNotificationSchema, () => tellChange(true));
const env = { ...process.env, KEYSMITH_HOME: home };
await client.connect(new StdioClientTransport({ command, args: ["mcp", "stdio"], env }));
const { tools } = await client.listTools();
const good = await client.callTool({ name: tool, arguments: { note_id: 17 } });
const bad = await client.callTool({ name: tool, arguments: {} });
const unknown = await client.callTool({ name: "no_such_tool", arguments: {} }).catch((e) => e.code);
await client.setLoggingLevel("error");
const { resources } = await client.listResources();
const { appendFileSync } = await import("node:fs");
await new Promise((resolve) => setTimeout(resolve, 2500));
appendFileSync(home + "/apps/${APP}/tools/" + tool.slice("${APP}_".length) + ".json", "\\n");
const wasTold = await Promise.race([changed, new Promise((r) => setTimeout(r, 9000, false))]);
await client.ping();
await client.close();
console.log(JSON.stringify({
  version: client.getServerVersion()?.name,
  tools: tools.map(({ name }) => name),
  good: good.structuredContent,
  bad: bad.isError === true,
  unknown,
  resources: resources.length,
  wasTold,
}));
`;

if (import.meta.main) {
  const executable = Deno.args[0] ?? `${ROOT}/dist/keysmith`;
  const folder = await Deno.makeTempDir({ prefix: "keysmith-clients-" });
  try {
    const isGood = await withTools((home) => check(folder, executable, home.root));
    Deno.exitCode = isGood ? 0 : 1;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function withTools(work: (home: Home) => Promise<boolean>): Promise<boolean> {
  await using site = new Site(() => Response.json({ id: 17, title: "Seeds" }));
  let isGood = false;
  await withApp(async (home) => {
    await writeToken(home, APP, tokenState({ origins: [site.origin] }));
    const parameters = parametersOf({ note_id: { type: "integer" } }, ["note_id"]);
    await writeTool(home, APP, sampleTool({ origin: site.origin, parameters }));
    isGood = await work(home);
  });
  return isGood;
}

async function check(folder: string, executable: string, home: string): Promise<boolean> {
  await Deno.writeTextFile(`${folder}/package.json`, '{ "private": true, "type": "module" }');
  await Deno.writeTextFile(`${folder}/v1.js`, V1_CLIENT);
  await run("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", ...PACKAGES], folder);
  const tool = `${APP}_get_note`;
  const v1 = JSON.parse(await run("node", ["v1.js", executable, home, tool], folder));
  const inspector = `${folder}/node_modules/.bin/mcp-inspector`;
  const inspect = async (...method: string[]) => {
    const args = ["--cli", "-e", `KEYSMITH_HOME=${home}`, executable, "mcp", "stdio"];
    return JSON.parse(await run(inspector, [...args, "--method", ...method], folder));
  };
  const listed = await inspect("tools/list");
  const call = ["tools/call", "--tool-name", tool, "--tool-arg", "note_id=17"];
  const called = await inspect(...call);
  const findings: [string, boolean][] = [
    ["SDK v1: knows the server", v1.version === "keysmith"],
    ["SDK v1: lists the tools", v1.tools.includes(tool)],
    ["SDK v1: calls one", v1.good?.title === "Seeds"],
    ["SDK v1: hears of a missing argument", v1.bad],
    ["SDK v1: hears of an unknown tool", v1.unknown === -32602],
    ["SDK v1: lists resources", v1.resources === 0],
    ["SDK v1: is told of another list", v1.wasTold],
    [
      "Inspector: lists the tools",
      listed.tools.some(({ name }: { name: string }) => name === tool),
    ],
    ["Inspector: calls one", called.structuredContent?.title === "Seeds"],
  ];
  for (const [what, isGood] of findings) console.log(isGood ? "ok     " : "FAILED ", what);
  return findings.every(([, isGood]) => isGood);
}

/** What it printed. @throws {Error} with what it said when it failed. */
async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    cwd,
    stdin: "null",
  }).output();
  const [printed, said] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (!success) throw new Error(`${command} ${args[0]}: ${said || printed}`);
  return printed!;
}
