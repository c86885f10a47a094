import assert from "node:assert/strict";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { removeTool } from "../../lib/tools/tool_store.ts";
import { keysmith, keysmithCommand } from "../support/keysmith.ts";
import { PATHS } from "../resolve/desk.ts";
import { APP } from "../support/token_home.ts";
import { parametersOf } from "../tools/sample_tool.ts";
import { largeDocument } from "./large_document.ts";
import { type McpSetup, RawClient, textOf, type ToolAnswer, withMcpHome } from "./mcp_home.ts";

const ACCESS_TOKEN = "access-token-1";

/** One server for several steps: starting one takes most of a test's time. */
async function withClient(
  { home }: Pick<McpSetup, "home">,
  work: (client: RawClient) => Promise<void>,
): Promise<void> {
  await using client = new RawClient(home);
  await client.initialize();
  await work(client);
}

const TAGS = {
  type: "array",
  items: { type: "object", properties: { tag: { type: "string" } }, required: ["tag"] },
};

/** The client refuses a result that does not fit what the list said of it, and one without. */
async function checkTags(client: Client): Promise<void> {
  const call = async (note_id: number) => {
    const result = await client.callTool({ name: `${APP}_list_tags`, arguments: { note_id } });
    assert.notEqual(result.isError, true);
    return result.structuredContent as Record<string, unknown>;
  };
  assert.deepEqual(await call(1), { result: [{ tag: "a", uses: "12345678901234567890" }] });
  const { not_as_described: why, answer } = await call(2);
  assert.match(String(why), /^At \/result\/0\/tag: /);
  assert.deepEqual(answer, [{ tag: 7 }]);
  assert.deepEqual(await call(3), { not_as_described: "HTTP 204 without a body" });
  assert.match(String((await call(4)).not_as_described), /too large/);
  assert.deepEqual((await call(5)).answer, { tag: "a" });
}

Deno.test("serveMcp() serves tools to MCP clients of every revision", async (t) => {
  const answers: Record<string, () => Response> = {
    "/notes/17": () => Response.json({ id: 17, title: "Seeds" }),
    "/tags/1": () => Response.json([{ tag: "a", uses: 12345678901234567890n.toString() }]),
    "/tags/2": () => Response.json([{ tag: 7 }]),
    "/tags/3": () => new Response(null, { status: 204 }),
    "/tags/4": () => Response.json([{ tag: "a".repeat(120_000) }]),
    "/tags/5": () => Response.json({ tag: "a" }),
  };
  await withMcpHome(({ target }) => answers[target]!(), {}, async ({ home, site, addTool }) => {
    await addTool({
      name: "list_tags",
      path: "/tags/{note_id}",
      answer: { status: 200, contentType: "application/json", schema: TAGS },
    });
    const { program, args } = keysmithCommand();
    for (const mode of ["legacy", "auto", { pin: "2026-07-28" }] as const) {
      await t.step(JSON.stringify(mode), async () => {
        const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode } });
        await client.connect(
          new StdioClientTransport({
            command: program,
            args: [...args, "mcp", "stdio"],
            env: { ...Deno.env.toObject(), KEYSMITH_HOME: home.root },
            stderr: "inherit",
          }),
        );
        try {
          const { tools } = await client.listTools();
          assert.deepEqual(tools.map(({ name }) => name), [
            "keysmith_login",
            "keysmith_status",
            `${APP}_get_note`,
            `${APP}_list_tags`,
          ]);
          assert.deepEqual(tools[2]?.annotations, {
            readOnlyHint: true,
            destructiveHint: false,
            idempotentHint: true,
            openWorldHint: true,
          });
          const result = await client.callTool({
            name: `${APP}_get_note`,
            arguments: { note_id: "17" },
          }) as unknown as ToolAnswer;
          assert.deepEqual(result.structuredContent, { id: 17, title: "Seeds" });
          assert.equal(textOf(result), 'HTTP 200 application/json\n{"id":17,"title":"Seeds"}');
          assert.notEqual(result.isError, true);
          await checkTags(client);
        } finally {
          await client.close();
        }
      });
    }
    const once = ["/notes/17", "/tags/1", "/tags/2", "/tags/3", "/tags/4", "/tags/5"];
    assert.deepEqual(site.seen.map(({ target }) => target), [...once, ...once, ...once]);
  });
});

Deno.test("serveMcp() answers calls and their failures", async (t) => {
  const big = `${"x".repeat(60_000)}${"ü€𝄞".repeat(10_001)}`;
  const png = new Uint8Array([137, 80, 78, 71]);
  const answers: Record<string, () => Response> = {
    "/notes/1": () => Response.json({ id: 1, echo: `your token is ${ACCESS_TOKEN}` }),
    "/notes/2": () => Response.json([1, 2]),
    "/notes/3": () => new Response(`{"problem":"${ACCESS_TOKEN} is not welcome"}`, { status: 422 }),
    "/notes/4": () => new Response("down", { status: 503 }),
    "/notes/5": () => new Response(big),
    "/notes/6": () => new Response(png, { headers: { "content-type": "image/png" } }),
    "/notes/7": () =>
      new Response(new Uint8Array([0, 1]), { headers: { "content-type": "application/zip" } }),
    "/notes/10": () => new Response(png, { headers: { "content-type": "audio/mpeg" } }),
    "/notes/8": () => new Response(null, { status: 204 }),
    "/notes/9": () => Response.json({ jsonrpc: "2.0", error: { code: 1, message: "no" }, id: 1 }),
  };
  await withMcpHome(({ target }) => answers[target]!(), {}, async (setup) => {
    await withClient(setup, async (client) => {
      const name = `${APP}_get_note`;
      const call = (id: number | string) => client.call(name, { note_id: id });

      await t.step("an object also as structured content, secrets masked in both", async () => {
        const answer = await call(1);
        assert.deepEqual(answer.structuredContent, { id: 1, echo: "your token is ‹secret›" });
        assert.ok(!JSON.stringify(answer).includes(ACCESS_TOKEN));
      });
      await t.step("a list as text", async () => {
        const answer = await call(2);
        assert.equal(answer.structuredContent, undefined);
        assert.equal(textOf(answer), "HTTP 200 application/json\n[1,2]");
      });
      await t.step("a refusal with the server's own words, masked", async () => {
        const answer = await call(3);
        assert.equal(answer.isError, true);
        assert.match(textOf(answer), /was refused with status 422\nhint: /);
        assert.match(textOf(answer), /\{"problem":"‹secret› is not welcome"\}$/);
      });
      await t.step("a failure", async () => {
        const answer = await call(4);
        assert.equal(answer.isError, true);
        assert.match(textOf(answer), /failed with status 503/);
      });
      await t.step("of an oversized answer the beginning, and the rest by ranges", async () => {
        const answer = await call(5);
        assert.notEqual(answer.isError, true);
        const [, beginning, place, link] = answer.content;
        assert.equal(beginning?.text, big.slice(0, 20_000));
        assert.match(place?.text ?? "", /the beginning, 20000 of 150009 bytes/);
        const { uri = "", size = 0 } = link as { uri?: string; size?: number };
        const part = async (range: string) => {
          const { result } = await client.request("resources/read", { uri: uri + range });
          return (result as { contents: { text: string }[] }).contents[0]!.text;
        };
        assert.equal(await part(""), big);
        let joined = "";
        for (let offset = 0; offset < size; offset += 33_333) {
          joined += await part(`?offset=${offset}&length=33333`);
        }
        assert.equal(joined, big);
        assert.equal(await part(`?offset=${size + 5}`), "");
        const { error } = await client.request("resources/read", { uri: `${uri}x` });
        assert.equal(error?.code, -32602);
      });
      await t.step("an image as an image", async () => {
        const [, image] = (await call(6)).content;
        assert.deepEqual(image, { type: "image", data: "iVBORw==", mimeType: "image/png" });
      });
      await t.step("sound as sound", async () => {
        const [, sound] = (await call(10)).content;
        assert.deepEqual(sound, { type: "audio", data: "iVBORw==", mimeType: "audio/mpeg" });
      });
      await t.step("other binary answers as files", async () => {
        const answer = await call(7);
        assert.notEqual(answer.isError, true);
        const [, place, file, link] = answer.content as unknown as Record<string, unknown>[];
        const path = /the file (\S+),/.exec(String(place?.text))?.[1] ?? "";
        assert.deepEqual(await Deno.readFile(path), new Uint8Array([0, 1]));
        assert.deepEqual((file?.resource as { blob: string }).blob, "AAE=");
        assert.deepEqual([link?.type, link?.size], ["resource_link", 2]);
      });
      await t.step("an empty answer", async () => {
        assert.deepEqual((await call(8)).content, [{ type: "text", text: "HTTP 204" }]);
      });
      await t.step("an error of JSON-RPC behind status 200", async () => {
        assert.equal((await call(9)).isError, true);
      });
      await t.step("an argument that does not fit", async () => {
        const answer = await call("seven");
        assert.equal(answer.isError, true);
        assert.match(textOf(answer), /^The argument "note_id" is not valid: /);
      });
      await t.step("a tool that does not exist", async () => {
        const { error } = await client.request("tools/call", { name: "nope" });
        assert.deepEqual(error, { code: -32602, message: 'No tool is named "nope"' });
      });
    });
  });
});

Deno.test("serveMcp() names the command to run when nobody is logged in", async () => {
  await withMcpHome(() => new Response("ok"), null, async (setup) => {
    await withClient(setup, async (client) => {
      const answer = await client.call(`${APP}_get_note`, { note_id: 1 });
      assert.equal(answer.isError, true);
      const [refusal, advice] = answer.content;
      assert.equal(refusal?.text, `"${APP}" is not logged in\nhint: keysmith auth login ${APP}`);
      assert.match(advice?.text ?? "", /^Or call keysmith_login with \{"owner": "shop"\}/);
      assert.equal(setup.site.seen.length, 0);
    });
  });
});

Deno.test("serveMcp() calls side by side", async () => {
  const waiting: (() => void)[] = [];
  const answer = async () => {
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 5) { for (const go of waiting) go(); }
    });
    return Response.json({});
  };
  await withMcpHome(answer, {}, async (setup) => {
    await withClient(setup, async (client) => {
      const answers = await Promise.all(
        [1, 2, 3, 4, 5].map((id) => client.call(`${APP}_get_note`, { note_id: id })),
      );
      assert.ok(answers.every(({ isError }) => isError !== true));
    });
  });
});

Deno.test("serveMcp() lists tools as they are now, and skips damaged ones", async () => {
  await withMcpHome(() => Response.json({}), {}, async (setup) => {
    const { home, addTool } = setup;
    await using client = new RawClient(home);
    await client.initialize();
    const names = async () => {
      const { result } = await client.request("tools/list");
      const { tools } = result as { tools: { name: string }[] };
      return tools.map(({ name }) => name).filter((name) => !name.startsWith("keysmith_"));
    };
    assert.deepEqual(await names(), [`${APP}_get_note`]);
    await addTool({ name: "delete_note", method: "DELETE", safe: false });
    await Deno.writeTextFile(home.appFile(APP, "tools/broken.json"), "{");
    assert.deepEqual(await names(), [`${APP}_delete_note`, `${APP}_get_note`]);
    await addTool({ name: "late", path: "/late", parameters: parametersOf({}) });
    assert.equal((await client.call(`${APP}_late`)).isError, undefined);
    await removeTool(home, APP, "get_note");
    assert.deepEqual(await names(), [`${APP}_delete_note`, `${APP}_late`]);
    const status = await client.call("keysmith_status") as unknown as {
      structuredContent: { owners: { login: string; skipped: { name: string }[] }[] };
    };
    const [owner] = status.structuredContent.owners;
    assert.deepEqual(owner?.skipped.map(({ name }) => name), ["broken"]);
    assert.equal(owner?.login, "logged in");
    const { stderr } = await client.end();
    assert.match(stderr, /skipped shop broken: .*broken\.json/);
  });
});

Deno.test("serveMcp() goes on with what it has while the configuration cannot be read, and says so", async () => {
  await withMcpHome(() => Response.json({ ok: true }), {}, async ({ home, site }) => {
    const document = { openapi: "3.1.0", servers: [{ url: site.origin }], paths: PATHS };
    await Deno.writeTextFile(home.path("desk.json"), JSON.stringify(document));
    const config = home.path("keysmith.yaml");
    await Deno.writeTextFile(config, "services: { desk: { openapi: desk.json } }\n");
    await using client = new RawClient(home, ["--config", config]);
    await client.initialize();
    const listed = async () => JSON.stringify((await client.request("tools/list")).result);
    assert.match(await listed(), /desk_listTickets/);
    const refused = await client.call("keysmith_login", { owner: "desk" });
    assert.match(textOf(refused), /Service "desk" uses no OAuth secret to log in with/);
    assert.match(textOf(await client.call("keysmith_status")), /"login": "none is needed"/);
    await Deno.writeTextFile(config, "services: [nonsense\n");
    assert.match(await listed(), /desk_listTickets/);
    assert.notEqual((await client.call("desk_listTickets")).isError, true);
    assert.notEqual((await client.call(`${APP}_get_note`, { note_id: 1 })).isError, true);
    assert.match(textOf(await client.call("keysmith_status")), /keysmith\.yaml\\":\d+:\d+: /);
    const { error } = await client.request("tools/call", { name: "other_tool" });
    assert.match(error?.message ?? "", /No tool is named "other_tool"\. .*keysmith\.yaml/);
    await Deno.writeTextFile(config, "services: {}\n");
    assert.doesNotMatch(await listed(), /desk_listTickets/);
    assert.match(textOf(await client.call("keysmith_status")), /"problem": null/);
  });
});

Deno.test("serveMcp() starts where the configuration cannot be read", async () => {
  await withMcpHome(() => Response.json({ ok: true }), {}, async ({ home }) => {
    const config = home.path("keysmith.yaml");
    await Deno.writeTextFile(config, "nonsense: 1\n");
    await using client = new RawClient(home, ["--config", config, APP]);
    await client.initialize();
    assert.notEqual((await client.call(`${APP}_get_note`, { note_id: 1 })).isError, true);
    assert.match(textOf(await client.call("keysmith_status")), /"nonsense\\" is not a known key/);
  });
});

Deno.test("serveMcp() serves the owners it is told, and refuses unknown ones", async () => {
  await withMcpHome(() => Response.json({}), {}, async ({ home }) => {
    const { code, stdout, stderr } = await keysmith(["mcp", "stdio", "other"], { home: home.root });
    assert.equal(code, 1);
    assert.equal(stdout, "");
    assert.match(stderr, /No app or service is named "other"/);
    await using client = new RawClient(home, [APP]);
    assert.equal((await client.initialize()).error, undefined);
  });
});

Deno.test("serveMcp() ends with stdin, after it has answered what it had read", async () => {
  await withMcpHome(() => Response.json({}), {}, async ({ home }) => {
    const requests = [
      {
        jsonrpc: "2.0",
        id: 1,
        method: "initialize",
        params: {
          protocolVersion: "2025-06-18",
          capabilities: {},
          clientInfo: { name: "t", version: "1" },
        },
      },
      { jsonrpc: "2.0", method: "notifications/initialized" },
      { jsonrpc: "2.0", id: 2, method: "tools/list" },
      {
        jsonrpc: "2.0",
        id: 3,
        method: "tools/call",
        params: { name: `${APP}_get_note`, arguments: { note_id: 1 } },
      },
    ];
    const stdin = requests.map((request) => `${JSON.stringify(request)}\n`).join("");
    const { code, stdout, stderr } = await keysmith(["mcp", "stdio"], { home: home.root, stdin });
    assert.deepEqual([code, stderr], [0, ""]);
    const ids = stdout.trim().split("\n").map((line) => JSON.parse(line).id);
    assert.deepEqual(ids.sort(), [1, 2, 3]);
  });
});

Deno.test("serveMcp() ends on SIGTERM in the middle of a call", async () => {
  const called = Promise.withResolvers<void>();
  const answer = () => {
    called.resolve();
    return new Response(new ReadableStream());
  };
  await withMcpHome(answer, {}, async ({ home }) => {
    const client = new RawClient(home);
    await client.initialize();
    void client.request("tools/call", { name: `${APP}_get_note`, arguments: { note_id: 1 } });
    await called.promise;
    client.kill("SIGTERM");
    const { code } = await client.end();
    assert.ok(code === 0 || code === 130 || code === 143, String(code));
  });
});

Deno.test("serveMcp() keeps stdout for the protocol whatever arrives on stdin", async () => {
  await withMcpHome(() => Response.json({}), {}, async ({ home }) => {
    await using client = new RawClient(home);
    await client.initialize();
    const odd = [
      "",
      "not json",
      "[]",
      "null",
      "{}",
      '{"jsonrpc":"2.0"}',
      '{"jsonrpc":"1.0","id":7,"method":"ping"}',
      '{"jsonrpc":"2.0","id":null,"method":"ping"}',
      '{"jsonrpc":"2.0","method":"notifications/nothing"}',
      '{"jsonrpc":"2.0","id":901,"result":{}}',
      "\u0000",
      '{"jsonrpc":"2.0","id":902,"method":"no/such"}',
      '{"jsonrpc":"2.0","id":903,"method":"tools/call"}',
      '{"jsonrpc":"2.0","id":904,"method":"tools/call","params":{"name":5,"arguments":[]}}',
      `{"jsonrpc":"2.0","id":905,"method":"tools/call","params":{"name":"${APP}_get_note","arguments":{"__proto__":{"note_id":1}}}}`,
      `{"jsonrpc":"2.0","id":906,"method":"tools/list","params":{"cursor":"${
        "c".repeat(100_000)
      }"}}`,
    ];
    for (const line of odd) await client.send(line);
    const { result } = await client.request("tools/list");
    assert.equal((result as { tools: unknown[] }).tools.length, 3);
    for (const line of client.lines) assert.equal(JSON.parse(line).jsonrpc, "2.0");
    const { stderr } = await client.end();
    assert.doesNotMatch(client.lines.join("\n") + stderr, /invalid_type|Zod/);
  });
});

Deno.test("serveMcp() reads messages of many megabytes, answers larger ones with an error, and goes on", async () => {
  await withMcpHome(() => Response.json({}), {}, async ({ home }) => {
    await using client = new RawClient(home);
    await client.initialize();
    const padded = (megabytes: number) => ({ padding: "x".repeat(megabytes * 1024 * 1024) });
    assert.deepEqual((await client.request("ping", padded(12))).result, {});
    const { error } = await client.request("ping", padded(65));
    assert.deepEqual(error, { code: -32600, message: "The message is larger than 64 MiB" });
    assert.deepEqual((await client.request("ping")).result, {});
    const { code, stderr } = await client.end();
    assert.deepEqual([code, stderr], [0, ""]);
  });
});

Deno.test("a document that is read by a child of the program offers its tools", async () => {
  const folder = await Deno.makeTempDir({ prefix: "keysmith-large-" });
  try {
    const text = JSON.stringify(largeDocument(900, "http://127.0.0.1:9"));
    assert.ok(text.length > 1024 * 1024, "smaller ones are read by the program itself");
    await Deno.writeTextFile(`${folder}/large.json`, text);
    const services = { large: { openapi: `${folder}/large.json` } };
    await Deno.writeTextFile(`${folder}/keysmith.json`, JSON.stringify({ services }));
    const { code, stdout, stderr } = await keysmith(
      ["tools", "large", "--json", "--config", `${folder}/keysmith.json`],
      { home: `${folder}/home`, cwd: folder },
    );
    assert.equal(code, 0, stderr);
    assert.equal(JSON.parse(stdout).tools.length, 900);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
