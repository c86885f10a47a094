import assert from "node:assert/strict";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { keysmithCommand } from "../support/keysmith.ts";
import { fakeContext } from "../support/fake_context.ts";
import { PASSWORD, Provider } from "../support/provider.ts";
import { withTempFolder } from "../support/temp_folder.ts";
import { adoptScript } from "../../lib/ops/adopt_script.ts";
import { openHome } from "../../lib/store/home.ts";
import { writeTool } from "../../lib/tools/tool_store.ts";
import { parametersOf, sampleTool } from "../tools/sample_tool.ts";
import { RawClient, textOf, type ToolAnswer } from "./mcp_home.ts";
import { PageUser } from "./page_user.ts";

const APP = "notes";

/** An app with a login script that nobody agreed to yet, and a tool that needs a login. */
async function withNotes(work: (root: string, provider: Provider) => Promise<void>): Promise<void> {
  await withTempFolder(async (root) => {
    await using provider = new Provider();
    const ctx = fakeContext({ home: root, nowMs: Date.now() });
    const file = `${root}/by_hand.ts`;
    await Deno.writeTextFile(file, provider.script);
    await adoptScript(ctx, { app: APP, file, hosts: [provider.host] });
    const { origin } = provider;
    await writeTool(
      openHome(ctx),
      APP,
      sampleTool({ name: "get_me", origin, path: "/me", parameters: parametersOf({}) }),
    );
    await work(root, provider);
  });
}

/** Goes through the page as a person does: begins, agrees, types; a first password is wrong. */
async function logIn(address: string, provider: Provider): Promise<string> {
  const user = await PageUser.open(address);
  assert.match(user.text, new RegExp(`Log in to ${APP}`));
  assert.ok(user.text.includes(provider.host), "The hosts are named before anything runs");
  assert.match(user.text, /auth_acquire\.ts/);
  await user.submit({});
  for (let answers = 0; user.question !== null; answers++) {
    assert.ok(answers < 12, user.text);
    const { label, input } = user.question;
    assert.doesNotMatch(user.text, /against these hosts/, "what the first page showed is begun");
    if (input === "confirm") await user.submit({ value: "yes" });
    else if (input === "password") await user.submit({ value: PASSWORD });
    else if (/user/i.test(label)) await user.submit({ value: "ada" });
    else assert.fail(`Unknown question ${label}`);
    await user.waitWhileWorking();
  }
  return user.text;
}

Deno.test("serveMcp() logs in by a page that the client offers, and the call goes on", async (t) => {
  const { program, args } = keysmithCommand();
  for (const mode of ["legacy", { pin: "2026-07-28" }] as const) {
    await t.step(JSON.stringify(mode), async () => {
      await withNotes(async (root, provider) => {
        const pages: Promise<string>[] = [];
        const client = new Client({ name: "test", version: "1" }, {
          versionNegotiation: { mode },
          capabilities: { elicitation: { url: {} } },
        });
        client.setRequestHandler("elicitation/create", ({ params }) => {
          assert.equal(params.mode, "url");
          const page = logIn((params as { url: string }).url, provider);
          page.catch(() => {});
          pages.push(page);
          return { action: "accept" };
        });
        await client.connect(
          new StdioClientTransport({
            command: program,
            args: [...args, "mcp", "stdio"],
            env: { ...Deno.env.toObject(), KEYSMITH_HOME: root },
            stderr: "inherit",
          }),
        );
        try {
          const answer = await client.callTool({ name: `${APP}_get_me`, arguments: {} });
          assert.notEqual(answer.isError, true, JSON.stringify(answer));
          assert.deepEqual(answer.structuredContent, { name: "ada" });
          assert.match(await pages[0]!, /You are logged in/);
          assert.ok(!JSON.stringify(answer).includes(PASSWORD));
        } finally {
          await client.close();
        }
      });
    });
  }
});

Deno.test("serveMcp() answers the address of a login page where the client offers none", async () => {
  await withNotes(async (root, provider) => {
    await using client = new RawClient(openHome(fakeContext({ home: root })));
    await client.initialize();
    const refused = await client.call(`${APP}_get_me`);
    assert.equal(refused.isError, true);
    assert.match(textOf(refused), /hint: keysmith auth login notes[^]*keysmith_login/);
    const unknown = await client.call("keysmith_login", { owner: "nothing" });
    assert.match(textOf(unknown), /No app or service is named "nothing"/);
    const { structuredContent } = await client.call("keysmith_login", { owner: APP });
    assert.match(await logIn(String(structuredContent?.address), provider), /You are logged in/);
    const answer: ToolAnswer = await client.call(`${APP}_get_me`);
    assert.deepEqual(answer.structuredContent, { name: "ada" });
    assert.ok(!client.lines.join("\n").includes(PASSWORD), "The password passes no client");
  });
});
