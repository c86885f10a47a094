import assert from "node:assert/strict";
import { join } from "node:path";
import { installMcp } from "../../lib/ops/install_mcp.ts";
import { fakeContext } from "../support/fake_context.ts";
import { withTempFolder } from "../support/temp_folder.ts";

const CONFIG_FOLDER = Deno.build.os === "darwin"
  ? ["Library", "Application Support", "Claude"]
  : Deno.build.os === "windows"
  ? ["Claude"]
  : [".config", "Claude"];

async function withDesktop(
  config: string | null,
  work: (ctx: ReturnType<typeof fakeContext>, file: string) => Promise<void>,
): Promise<void> {
  await withTempFolder(async (home) => {
    const folder = join(home, ...CONFIG_FOLDER);
    const file = join(folder, "claude_desktop_config.json");
    if (config !== null) {
      await Deno.mkdir(folder, { recursive: true });
      if (config !== "") await Deno.writeTextFile(file, config);
    }
    const env: Record<string, string> = { HOME: home, APPDATA: home };
    const ctx = {
      ...fakeContext({ home: join(home, "keys") }),
      env: { get: (name: string) => env[name] },
    };
    await work(ctx as ReturnType<typeof fakeContext>, file);
  });
}

Deno.test("installMcp() adds the server and keeps everything else", async () => {
  const before = { theme: "dark", mcpServers: { other: { command: "x", env: { KEY: "k" } } } };
  await withDesktop(JSON.stringify(before), async (ctx, file) => {
    const installed = await installMcp(ctx, { only: ["shop"] });
    assert.deepEqual([installed.status, installed.file], ["added", file]);
    const after = JSON.parse(await Deno.readTextFile(file));
    const { keysmith, ...servers } = after.mcpServers;
    assert.deepEqual({ ...after, mcpServers: servers }, before);
    assert.equal(keysmith.command, Deno.execPath());
    assert.deepEqual(keysmith.args.slice(-3), ["mcp", "stdio", "shop"]);
    assert.equal(keysmith.env.KEYSMITH_HOME, ctx.homeOption);
    assert.deepEqual(installed.snippet.mcpServers.keysmith, keysmith);
    assert.equal((await installMcp(ctx, { only: ["shop"] })).status, "unchanged");
    assert.equal((await installMcp(ctx, {})).status, "updated");
  });
});

Deno.test("installMcp() writes a configuration where there is none yet", async () => {
  await withDesktop("", async (ctx, file) => {
    assert.equal((await installMcp(ctx, { dryRun: true })).status, "dry-run");
    await assert.rejects(Deno.stat(file), Deno.errors.NotFound);
    assert.equal((await installMcp(ctx)).status, "added");
    assert.deepEqual(Object.keys(JSON.parse(await Deno.readTextFile(file))), ["mcpServers"]);
  });
});

Deno.test("installMcp() leaves a damaged configuration as it is, and quotes nothing of it", async () => {
  for (
    const damaged of ['{"mcpServers": {"a": {"env": {"KEY": "s3cret"', "[1]", '{"mcpServers": []}']
  ) {
    await withDesktop(damaged, async (ctx, file) => {
      await assert.rejects(installMcp(ctx), (error: Error) => {
        assert.equal((error as { code?: string }).code, "BAD_INPUT");
        assert.ok(!Deno.inspect(error).includes("s3cret"));
        return true;
      });
      assert.equal(await Deno.readTextFile(file), damaged);
    });
  }
});

Deno.test("installMcp() only says how where there is no client", async () => {
  await withDesktop(null, async (ctx) => {
    const installed = await installMcp(ctx);
    assert.deepEqual([installed.status, installed.file], ["not-installed", null]);
    assert.equal(installed.snippet.mcpServers.keysmith.command, Deno.execPath());
  });
});
