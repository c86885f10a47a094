/** docs/json.md against what the commands print. */
import assert from "node:assert/strict";
import { testedKeysmith } from "../support/keysmith.ts";
import { withTempFolder } from "../support/temp_folder.ts";

const ROOT = new URL("../../", import.meta.url);

/** By command: the members that the table names before anything that holds in one case alone. */
async function documented(): Promise<Map<string, string[]>> {
  const text = await Deno.readTextFile(new URL("docs/json.md", ROOT));
  const rows = [...text.matchAll(/^\| `([^`]+)`\s*\| ([^;|]*)/gm)];
  return new Map(
    rows.map(([, command = "", cell = ""]) =>
      [command, [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name!).sort()] as const
    ),
  );
}

Deno.test("docs/json.md names the members of what --json prints", () =>
  withTempFolder(async (home) => {
    const members = await documented();
    const recording = new URL("fixtures/recordings/json_bearer.har", ROOT).pathname;
    const run = (args: string, stdin?: string) =>
      testedKeysmith([...args.split(" "), "--json"], {
        home,
        cwd: home,
        env: { XDG_CONFIG_HOME: home },
        ...stdin === undefined ? {} : { stdin },
      });
    const imported = await run(`capture import shop ${recording}`);
    assert.deepEqual(
      Object.keys(JSON.parse(imported.stdout)).sort(),
      members.get("capture import"),
    );
    assert.equal((await run("auth set shop --yes", "tok_live_123456")).code, 0);
    const commands = [
      "capture list",
      "capture show shop",
      "capture inspect shop",
      "app list",
      "auth analyze shop --no-llm",
      "auth status shop",
      "auth list",
      "auth headers shop",
      "auth explain shop",
      "auth logout shop",
      "tools",
      "tools analyze shop --no-llm",
      "doctor",
      "config check",
      "config set model small",
      "config approve",
      "mcp install --print",
      "capture remove shop c_01 --yes",
      "app rename shop store",
      "app remove store --yes",
    ];
    for (const command of commands) {
      const { stdout, stderr } = await run(command);
      const [first = "", second = ""] = command.split(" ");
      const expected = members.get(`${first} ${second}`) ?? members.get(first);
      assert.deepEqual(Object.keys(JSON.parse(stdout)).sort(), expected, command + stderr);
    }
    const { stdout } = await run("auth status nobody");
    const { error } = JSON.parse(stdout);
    assert.deepEqual(Object.keys(error), ["code", "message", "hint", "details"]);
  }));
