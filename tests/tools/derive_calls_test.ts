import assert from "node:assert/strict";
import { isRecord, type JsonValue } from "../../lib/base/json.ts";
import { buildAppRequest } from "../../lib/tools/build_request.ts";
import type { ToolDefinition } from "../../lib/tools/definition.ts";
import { NO_SPOTS } from "../../lib/tools/derive/credential_spots.ts";
import { xmlSkeleton } from "../../lib/tools/derive/xml_message.ts";
import { deriveTools } from "../../lib/tools/from_traces.ts";
import { validateTool } from "../../lib/tools/tool_file.ts";
import { API, type Exchanged, recording } from "./trace_builder.ts";

function derive(exchanges: readonly Exchanged[]): Map<string, ToolDefinition> {
  const tools = deriveTools(recording(exchanges), {
    apiOrigins: [API],
    credentials: { ...NO_SPOTS, headers: ["authorization"] },
  });
  for (const tool of tools) validateTool(JSON.parse(JSON.stringify(tool)));
  return new Map(tools.map((tool) => [tool.name, tool]));
}

function bodyOf(tool: ToolDefinition, args: Record<string, unknown>): JsonValue {
  const { body } = buildAppRequest(tool, args);
  return JSON.parse(new TextDecoder().decode(body!));
}

function soap(
  operation: string,
  { action, type = "text/xml" }: { action?: string; type?: string } = {},
): Exchanged {
  return {
    to: "POST /ws/Depot",
    headers: [
      ["Content-Type", type],
      ...(action === undefined ? [] : [["SOAPAction", action] as const]),
    ],
    text: `<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">` +
      `<s:Body><d:${operation} xmlns:d="urn:depot"><d:holder kind="vip">Ada L</d:holder>` +
      `<!-- Ada --><d:note><![CDATA[<Ada>]]></d:note></d:${operation}></s:Body></s:Envelope>`,
    answerText: "<ok/>",
    answerHeaders: [["Content-Type", "text/xml"]],
  };
}

Deno.test("deriveTools() tells SOAP operations of one path apart, by header or by element", async (t) => {
  const pairs: readonly [name: string, of: (operation: string) => Exchanged][] = [
    ["an empty SOAPAction", (operation) => soap(operation, { action: '""' })],
    ["none", (operation) => soap(operation)],
    ["one for all", (operation) => soap(operation, { action: "urn:depot:call" })],
    ["its own", (operation) => soap(operation, { action: `"urn:depot#${operation}"` })],
    [
      "SOAP 1.2",
      (operation) =>
        soap(operation, { type: `application/soap+xml; action="urn:depot/${operation}"` }),
    ],
  ];
  for (const [name, of] of pairs) {
    await t.step(name, () => {
      const recorded = [of("ReserveShelf"), of("ListShelves")];
      const tools = derive(recorded);
      assert.deepEqual([...tools.keys()], ["reserve_shelf", "list_shelves"]);
      const sent = buildAppRequest(tools.get("list_shelves")!, { body: "<x/>" });
      const own = sent.headers.filter(([header]) => /^(soapaction|content-type)$/i.test(header));
      assert.deepEqual(own.toSorted(), recorded[1]!.headers!.toSorted());
      assert.match(tools.get("reserve_shelf")!.description, /^Operation "ReserveShelf"\. /);
      const text = JSON.stringify([...tools.values()]);
      assert.match(text, /<d:holder kind=\\"\\"><\/d:holder>/);
      assert.doesNotMatch(text, /Ada|vip/);
    });
  }
});

Deno.test("deriveTools() makes one tool per method of XML-RPC", () => {
  const call = (method: string): Exchanged => ({
    to: "POST /RPC2",
    headers: [["Content-Type", "text/xml"]],
    text: `<methodCall><methodName>${method}</methodName><params><param><value><struct>` +
      "<member><name>owner</name><value>Ada L</value></member></struct></value></param></params></methodCall>",
    answerText: "<methodResponse/>",
    answerHeaders: [["Content-Type", "text/xml"]],
  });
  const tools = derive([call("shelf.list"), call("shelf.reserve")]);
  assert.deepEqual([...tools.keys()], ["shelf_list", "shelf_reserve"]);
  const text = JSON.stringify(tools.get("shelf_reserve"));
  assert.match(text, /<methodName>shelf.reserve<\/methodName>.*<name>owner<\/name>/);
  assert.doesNotMatch(text, /Ada/);
});

Deno.test("xmlSkeleton() keeps names of the protocol alone, and says nothing of a long message", () => {
  assert.equal(
    xmlSkeleton(`<a xmlns="urn:x" type="Ada" x:type="xsd:int"><name>Ada</name><b c='1'/></a>`),
    `<a xmlns="urn:x" type="" x:type="xsd:int"><name></name><b c=""/></a>`,
  );
  assert.equal(xmlSkeleton(`<a>${"<b>x</b>".repeat(900)}</a>`), null);
  assert.equal(xmlSkeleton("no element"), null);
});

Deno.test("deriveTools() takes batches of JSON-RPC apart, and finds each answer by its id", () => {
  const call = (method: string, id: number | string | undefined, params: JsonValue) => ({
    jsonrpc: "2.0",
    method,
    params,
    ...(id === undefined ? {} : { id }),
  });
  const tools = derive([{
    to: "POST /rpc",
    send: [
      call("shelf.list", "a", { limit: 5 }),
      call("shelf.seen", undefined, { shelf: 9 }),
      call("shelf.read", "b", { shelf: 9 }),
    ],
    answer: [
      { jsonrpc: "2.0", id: "b", result: { wood: "oak" } },
      { jsonrpc: "2.0", id: "a", result: [{ shelf: 9 }] },
    ],
  }]);
  assert.deepEqual([...tools.keys()], ["shelf_list", "shelf_seen", "shelf_read"]);
  const answers = [...tools.values()].map(({ answer }) => JSON.stringify(answer?.schema));
  assert.match(answers[0]!, /"shelf"/);
  assert.equal(answers[1], "null");
  assert.match(answers[2]!, /"wood"/);
  assert.deepEqual(bodyOf(tools.get("shelf_read")!, { shelf: 3 }), [
    { jsonrpc: "2.0", method: "shelf.read", params: { shelf: 3 }, id: 1 },
  ]);
  assert.deepEqual(bodyOf(tools.get("shelf_seen")!, { shelf: 3 }), [
    { jsonrpc: "2.0", method: "shelf.seen", params: { shelf: 3 } },
  ]);
});

Deno.test("deriveTools() knows calls without a version, and batches of requests as what they are", () => {
  const tools = derive([
    {
      to: "POST /api",
      send: [{ method: "list", params: { q: "x" } }, { method: "deals.get", params: { deal: 3 } }],
      answer: [{ result: [] }, { result: {} }],
    },
    { to: "POST /v1", send: { method: "deals.close", params: { deal: 3 } }, answer: {} },
    { to: "POST /pay", send: { method: "card", params: { cents: 5 } }, answer: {} },
    {
      to: "POST /batch",
      send: [{ method: "GET", path: "/a" }, { method: "GET", path: "/b" }],
      answer: [{}, {}],
    },
  ]);
  assert.deepEqual([...tools.keys()], ["list", "deals_get", "deals_close", "post_pay", "batch"]);
  assert.deepEqual(bodyOf(tools.get("deals_close")!, { deal: 4 }), {
    method: "deals.close",
    params: { deal: 4 },
  });
});

Deno.test("deriveTools() sends by itself what was sent in a batch, too, and alone", () => {
  const call = (id: number, limit: number) => ({
    jsonrpc: "2.0",
    id,
    method: "a.list",
    params: { limit },
  });
  const answer = (id: number) => ({ jsonrpc: "2.0", id, result: [{ wood: "oak" }] });
  const tool = derive([
    { to: "POST /rpc", send: [call(1, 2), call(2, 3)], answer: [answer(1), answer(2)] },
    { to: "POST /rpc", send: call(3, 4), answer: answer(3) },
  ]).get("a_list")!;
  assert.ok(isRecord(bodyOf(tool, { limit: 1 })));
  assert.equal(isRecord(tool.answer?.schema) && tool.answer.schema["type"], "object");
  const graphql = derive([
    {
      to: "POST /graphql",
      send: [{ query: "{ shelf }" }, { query: "{ wood }" }],
      answer: [{ data: {} }, { data: {} }],
    },
    { to: "POST /graphql", send: { query: "{ shelf }" }, answer: { data: {} } },
  ]);
  assert.deepEqual(bodyOf(graphql.get("shelf")!, {}), { query: "{ shelf }" });
  assert.deepEqual(bodyOf(graphql.get("wood")!, {}), [{ query: "{ wood }" }]);
});

Deno.test("deriveTools() knows a POST that only asks, by what it names", () => {
  const rpc = (method: string): Exchanged => ({
    to: "POST /rpc",
    send: { jsonrpc: "2.0", id: 1, method, params: {} },
    answer: {},
  });
  const tools = derive([
    rpc("shelf.list"),
    rpc("shelf.listAndClear"),
    soap("GetShelf"),
    soap("MoveShelf"),
    { to: "POST /api/shelves/search", send: { wood: "oak" }, answer: [] },
    { to: "POST /api/shelves/query", send: { _method: "DELETE", a: 1 }, answer: {} },
    { to: "POST /api/shelves", send: { wood: "oak" }, status: 201, answer: {} },
    { to: "POST /api.php", send: new URLSearchParams({ action: "delete_list" }), answer: {} },
  ]);
  const safe = [...tools.values()].filter((tool) => tool.safe).map(({ name }) => name);
  assert.deepEqual(safe, ["shelf_list", "get_shelf", "search_shelves"]);
});
