import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { parse as parseJsonc } from "jsonc-parser";
import { parse as parseToml } from "smol-toml";
import type { Context } from "../../lib/base/context.ts";
import { installMcp } from "../../lib/ops/install_mcp.ts";
import { clientFolders, MCP_CLIENTS, type McpClient } from "../../lib/ops/mcp_clients.ts";
import { fakeContext } from "../support/fake_context.ts";
import { withTempFolder } from "../support/temp_folder.ts";

const TOKEN = "helpdesk-token-value-1";

interface Machine {
  readonly ctx: Context;
  fileOf(client: McpClient): string;
  /** The server's entry in the client's file. */
  entryIn(client: McpClient): Promise<Record<string, unknown> | undefined>;
  write(client: McpClient, text: string): Promise<void>;
}

/** A person's folder with a project's configuration, and the clients that are written to it. */
async function withMachine(work: (machine: Machine) => Promise<void>): Promise<void> {
  await withTempFolder(async (home) => {
    const env: Record<string, string> = { HOME: home, APPDATA: home, HELPDESK_TOKEN: TOKEN };
    await Deno.writeTextFile(
      join(home, "keysmith.yaml"),
      "secrets: { helpdesk.a: { type: basic, username: ann, " +
        "password: { type: env, value: HELPDESK_TOKEN } } }\n",
    );
    const ctx: Context = {
      ...fakeContext({ home: join(home, "keys"), folder: home }),
      configOption: "keysmith.yaml",
      env: { get: (name) => env[name] },
    };
    const fileOf = (client: McpClient) => client.file(clientFolders(ctx.env))!;
    await work({
      ctx,
      fileOf,
      entryIn: async (client) => {
        const text = await Deno.readTextFile(fileOf(client));
        const value = client.format === "json" ? parseJsonc(text) : parseToml(text);
        return value[client.section]?.keysmith;
      },
      write: async (client, text) => {
        await Deno.mkdir(dirname(fileOf(client)), { recursive: true });
        await Deno.writeTextFile(fileOf(client), text);
      },
    });
  });
}

const SETTINGS: Record<McpClient["format"], (section: string) => string> = {
  json: (section) =>
    `{\n  // mine\n  "theme": "dark",\n  "${section}": {\n    "other": { "command": "x" }, // kept\n  },\n}\n`,
  toml: (section) =>
    `# mine\nmodel = "m" # kept\n\n[${section}.other]\ncommand = "x"\n\n[tui]\ntheme = "dark"\n`,
};

for (const client of MCP_CLIENTS) {
  Deno.test(`installMcp() adds the server to ${client.name}, keeps the rest, and takes it out again`, async () => {
    await withMachine(async ({ ctx, fileOf, entryIn, write }) => {
      const before = SETTINGS[client.format](client.section);
      await write(client, before);
      const clients = [client.id];
      const [added] = (await installMcp(ctx, { serving: ["shop"], clients })).clients;
      assert.deepEqual([added?.status, added?.file], ["added", fileOf(client)]);
      assert.equal(await Deno.readTextFile(added!.backup!), before);
      const entry = await entryIn(client);
      assert.equal(entry?.command, Deno.execPath());
      const args = entry?.args as string[];
      assert.deepEqual(args.slice(-7), [
        "--home",
        ctx.homeOption,
        "--config",
        join(ctx.workingFolder, "keysmith.yaml"),
        "mcp",
        "stdio",
        "shop",
      ]);
      const handed = client.format === "toml"
        ? entry?.env_vars
        : (entry?.env as Record<string, string>).HELPDESK_TOKEN;
      assert.deepEqual(
        handed,
        {
          "codex": ["HELPDESK_TOKEN"],
          "cursor": "${env:HELPDESK_TOKEN}",
          "vscode": "${env:HELPDESK_TOKEN}",
          "windsurf": "${env:HELPDESK_TOKEN}",
          "gemini": "${HELPDESK_TOKEN}",
          "claude-code": "${HELPDESK_TOKEN}",
        }[client.id] ?? TOKEN,
      );
      const text = await Deno.readTextFile(fileOf(client));
      for (const kept of ["mine", "kept", "dark", "other"]) assert.ok(text.includes(kept), kept);
      assert.ok(!JSON.stringify(added).includes(TOKEN), "What is shown holds no secret");

      const [again] = (await installMcp(ctx, { serving: ["shop"], clients })).clients;
      assert.deepEqual([again?.status, again?.backup], ["unchanged", null]);
      const [updated] = (await installMcp(ctx, { clients })).clients;
      assert.equal(updated?.status, "updated");
      const [removed] = (await installMcp(ctx, { clients, remove: true })).clients;
      assert.equal(removed?.status, "removed");
      const isKept = (await Deno.readTextFile(removed!.backup!)).includes(TOKEN);
      assert.deepEqual(
        removed?.keptIn,
        isKept ? ["HELPDESK_TOKEN"] : [],
        "It is said who holds it",
      );
      assert.deepEqual(added?.keptIn, []);
      assert.equal(await entryIn(client), undefined);
      const [nothing] = (await installMcp(ctx, { clients, remove: true })).clients;
      assert.equal(nothing?.status, "unchanged");
    });
  });
}

Deno.test("installMcp() writes to the clients it finds, and only says how where there is none", async () => {
  await withMachine(async ({ ctx, fileOf }) => {
    assert.deepEqual((await installMcp(ctx)).clients, []);
    const found = MCP_CLIENTS.filter(({ id }) => ["cursor", "codex"].includes(id));
    for (const client of found) await Deno.mkdir(dirname(fileOf(client)), { recursive: true });
    const planned = await installMcp(ctx, { dryRun: true });
    assert.deepEqual(planned.clients.map(({ client }) => client), ["cursor", "codex"]);
    await assert.rejects(Deno.stat(fileOf(found[0]!)), Deno.errors.NotFound);
    const { clients, snippet } = await installMcp(ctx);
    assert.deepEqual(clients.map(({ status }) => status), ["added", "added"]);
    assert.ok(!JSON.stringify(snippet).includes(TOKEN));
    for (const snippetOnly of [false, true]) {
      await assert.rejects(installMcp(ctx, { clients: ["cursor", "emacs"], snippetOnly }), {
        code: "USAGE",
        hint: `There are: ${MCP_CLIENTS.map(idOf).join(", ")}`,
      });
    }
    for (const owner of ["nobody", "nobody@ann", "nobody:staging"]) {
      await assert.rejects(installMcp(ctx, { serving: [owner], owners: [owner] }), {
        code: "NOT_FOUND",
      });
    }
    await installMcp(ctx, { owners: ["nobody"], remove: true });
  });
});

const idOf = ({ id }: McpClient) => id;

Deno.test("installMcp() leaves a damaged file as it is, quotes nothing of it, and changes the others", async () => {
  const damaged: Record<McpClient["format"], readonly string[]> = {
    json: ['{"x": {"a": {"env": {"KEY": "s3cret"', "[1]", '{"SECTION": ["s3cret"]}'],
    toml: [
      'KEY = s3cret"',
      'mcp_servers = "s3cret"',
      'mcp_servers = { keysmith = { k = "s3cret" } }',
    ],
  };
  for (const client of MCP_CLIENTS) {
    for (const text of damaged[client.format]) {
      await withMachine(async ({ ctx, fileOf, write }) => {
        const written = text.replace("SECTION", client.section);
        await write(client, written);
        const others = MCP_CLIENTS.filter(({ id }) => id !== client.id);
        const { clients, failures } = await installMcp(ctx, { clients: MCP_CLIENTS.map(idOf) });
        assert.deepEqual(clients.map((one) => one.client), others.map(idOf));
        assert.deepEqual(failures.map((one) => [one.client, one.error.code]), [
          [client.id, "BAD_INPUT"],
        ], text);
        assert.ok(!Deno.inspect(failures).includes("s3cret"), Deno.inspect(failures));
        const { failures: unread } = await installMcp(ctx, { snippetOnly: true });
        assert.deepEqual(unread, []);
        assert.equal(await Deno.readTextFile(fileOf(client)), written);
      });
    }
  }
});

Deno.test("installMcp() leaves out a folder's configuration that nobody approved, and says so", async () => {
  await withMachine(async ({ ctx }) => {
    const { snippet, notes } = await installMcp({ ...ctx, configOption: undefined });
    assert.doesNotMatch(JSON.stringify(snippet), /--config|HELPDESK_TOKEN/);
    assert.match(notes.join(), /not approved.*keysmith config approve/);
  });
});
