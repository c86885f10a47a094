import assert from "node:assert/strict";
import { SUPPORTED_PROTOCOL_VERSIONS } from "@modelcontextprotocol/server";
import { HANDSHAKE_REVISIONS, plainRequest } from "../../lib/mcp/plain_request.ts";
import { APP } from "../support/token_home.ts";
import { hello, library, type Message, own, request, withServing } from "./talk.ts";

Deno.test("HandshakeServer knows the revisions that the library knows", () => {
  const beforeEnvelopes = SUPPORTED_PROTOCOL_VERSIONS.filter((version) => version < "2026");
  assert.deepEqual(HANDSHAKE_REVISIONS, beforeEnvelopes);
});

const CALL = { name: `${APP}_get_note`, arguments: { note_id: 7 } };

/** What is answered without the library. */
const PLAIN = [
  request(1, "ping"),
  request("two", "tools/list"),
  request(3, "tools/list", {}),
  request(4, "tools/list", { cursor: "none of this list" }),
  request(5, "tools/call", CALL),
  request(6, "tools/call", { ...CALL, _meta: { progressToken: "p", "client/id": 1 } }),
  request(7, "tools/call", { name: CALL.name }),
  request(8, "tools/call", { name: CALL.name, arguments: { note_id: {} } }),
  request(9, "tools/call", { name: "nothing_of_this_name", arguments: {} }),
  request(10, "tools/call", { name: "search_tools", arguments: { query: "note" } }),
  request(11, "resources/list"),
  request(12, "resources/templates/list", {}),
  request(13, "resources/read", { uri: "keysmith://answers/none" }),
  request(14, "logging/setLevel", { level: "error" }),
];

const OTHER = [
  request(20, "tools/list", { cursor: 5 }),
  request(21, "tools/list", { unknown: "member" }),
  request(22, "tools/list", { _meta: { progressToken: {} } }),
  request(23, "tools/call", { name: CALL.name, arguments: [7] }),
  request(24, "tools/call", { arguments: {} }),
  request(25, "tools/call"),
  request(26, "tools/call", { ...CALL, task: { ttl: 1 } }),
  request(27, "resources/read", { uri: 16 }),
  request(28, "prompts/list"),
  request(29, "nobody/knows", { this: "method" }),
  request(30, "constructor"),
  request(31, "logging/setLevel", { level: "loud" }),
];

Deno.test("HandshakeServer answers as the library answers", async () => {
  for (const message of PLAIN) assert.ok(plainRequest(message), JSON.stringify(message));
  for (const message of OTHER) assert.equal(plainRequest(message), null, JSON.stringify(message));
  await withServing({}, () => Response.json({ id: 7, tags: ["a"] }), async (serving) => {
    const other = library(serving);
    await other.ask(hello("2025-06-18"));
    for (const message of [...PLAIN, ...OTHER]) {
      const one = own(serving);
      await one.ask(hello("2025-06-18"));
      await one.tell({ jsonrpc: "2.0", method: "notifications/initialized" });
      const [answer, expected] = [await one.ask(message), await other.ask(message)];
      assert.deepEqual(answer, expected, JSON.stringify(message));
      await one.end();
    }
    await other.end();
  });
});

Deno.test("HandshakeServer greets as the library greets", async () => {
  await withServing({}, () => Response.json({}), async (serving) => {
    for (const version of [...HANDSHAKE_REVISIONS, "2099-01-01", ""]) {
      const [one, other] = [own(serving), library(serving)];
      assert.deepEqual(await one.ask(hello(version)), await other.ask(hello(version)), version);
      await Promise.all([one.end(), other.end()]);
    }
  });
});

Deno.test("HandshakeServer leaves a handshake with anything wrong or new in it to the library", async () => {
  const { params: good } = hello("2025-06-18") as Message;
  const params = [
    { ...good, clientInfo: { name: "test" } },
    { ...good, capabilities: { roots: true } },
    { ...good, protocolVersion: 7 },
    { capabilities: {}, clientInfo: good.clientInfo },
    { ...good, _meta: { "io.modelcontextprotocol/protocolVersion": "2026-07-28" } },
  ];
  await withServing({}, () => Response.json({}), async (serving) => {
    for (const one of params) {
      const talks = [own(serving), library(serving)];
      const answers = await Promise.all(
        talks.map((talk) => talk.ask(request("h", "initialize", one))),
      );
      assert.deepEqual(answers[0], answers[1], JSON.stringify(one));
      await Promise.all(talks.map((talk) => talk.end()));
    }
  });
});

Deno.test("HandshakeServer gives no answer to a call that is taken back, and stops it", async () => {
  const asked = Promise.withResolvers<void>();
  const over = Promise.withResolvers<Response>();
  const slow = () => {
    asked.resolve();
    return over.promise;
  };
  await withServing({}, slow, async (serving) => {
    const talk = own(serving);
    await talk.ask(hello("2025-06-18"));
    await talk.tell(request(1, "tools/call", {
      name: `${APP}_get_note`,
      arguments: { note_id: 1 },
    }));
    await asked.promise;
    const params = { requestId: 1, reason: "no longer wanted" };
    await talk.tell({ jsonrpc: "2.0", method: "notifications/cancelled", params });
    assert.deepEqual((await talk.ask(request(2, "ping"))).result, {});
    over.resolve(Response.json({}));
    await talk.end();
    assert.deepEqual(talk.told.filter(({ id }) => id === 1), []);
  });
});

Deno.test("HandshakeServer hands over a call that asks the user, which is made once", async () => {
  const done = () => Response.json({ done: true });
  await withServing({ confirmWrites: true }, done, async (serving, seen) => {
    const talk = own(serving);
    await talk.ask(hello("2025-06-18", { elicitation: {} }));
    const call = { name: `${APP}_delete_note`, arguments: { note_id: 1 } };
    const answer = talk.ask(request(1, "tools/call", call));
    const question = await talk.heard("elicitation/create");
    assert.match(question.params.message, /DELETE/);
    assert.equal(seen.length, 0);
    // Messages that come meanwhile, and after it, are answered too.
    assert.deepEqual((await talk.ask(request(2, "ping"))).result, {});
    const result = { action: "accept", content: { confirm: true } };
    await talk.tell({ jsonrpc: "2.0", id: question.id, result });
    assert.equal((await answer).result.structuredContent.done, true);
    assert.equal(seen.length, 1);
    assert.ok((await talk.ask(request(3, "tools/list"))).result.tools.length > 1);
    await talk.end();
  });
});
