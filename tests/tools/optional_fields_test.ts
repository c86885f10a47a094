import assert from "node:assert/strict";
import { isRecord, type JsonValue } from "../../lib/base/json.ts";
import type { ToolDefinition } from "../../lib/tools/definition.ts";
import { type DeriveOptions, deriveTools } from "../../lib/tools/from_traces.ts";
import { NO_SPOTS } from "../../lib/tools/derive/credential_spots.ts";
import { validateTool } from "../../lib/tools/tool_file.ts";
import { API, type Exchanged, recording } from "./trace_builder.ts";

function derive(
  exchanges: readonly Exchanged[],
  options: Partial<DeriveOptions> = {},
): Map<string, ToolDefinition> {
  const tools = deriveTools(recording(exchanges), {
    apiOrigins: [API],
    credentials: { ...NO_SPOTS, headers: ["authorization"] },
    ...options,
  });
  for (const tool of tools) validateTool(JSON.parse(JSON.stringify(tool)));
  return new Map(tools.map((tool) => [tool.name, tool]));
}

function required(tool: ToolDefinition | undefined): JsonValue {
  assert.ok(tool !== undefined && isRecord(tool.parameters));
  return tool.parameters["required"] as JsonValue ?? [];
}

Deno.test("deriveTools() requires no page, order or filter of a list that was read once", () => {
  const tools = derive([
    {
      to: "GET /api/boats?status=moored&from=2026-01-01&minLength=4&created_after=1&includeSold=1" +
        "&filter[wood]=oak&harbour=7&q=red&sortOrder=asc",
      answer: { boats: [] },
    },
    { to: "GET /api/boats/search?q=red&page_size=5", answer: { boats: [] } },
    { to: "GET /api/tide?status=high&from=2026-01-01", answer: { level: 5 } },
    { to: "POST /api/boats", send: { status: "moored", page: 3 }, answer: {} },
    {
      to: "POST /rpc",
      send: { jsonrpc: "2.0", id: 1, method: "boat.list", params: { harbour: 7, type: "x" } },
      answer: { result: [] },
    },
  ]);
  assert.deepEqual(required(tools.get("list_boats")), ["harbour"]);
  assert.deepEqual(required(tools.get("search_boats")), ["q"], "the point of a search");
  assert.deepEqual(required(tools.get("get_tide")), ["status", "from"], "no list");
  assert.deepEqual(required(tools.get("create_boat")), ["status", "page"], "what is written");
  assert.deepEqual(required(tools.get("boat_list")), ["harbour"]);
});

Deno.test("deriveTools() requires nothing that another request of the address did without", () => {
  const asked = { to: "GET /api/tide?harbour=7", answer: { level: 5 } };
  const bare: Exchanged = { to: "GET /api/tide", answer: { level: 5 }, noise: "preflight" };
  assert.deepEqual(required(derive([asked]).get("get_tide")), ["harbour"]);
  assert.deepEqual(required(derive([asked, bare]).get("get_tide")), []);
  const refused = { ...bare, status: 400 };
  assert.deepEqual(required(derive([asked, refused]).get("get_tide")), ["harbour"]);
  const page = { ...bare, answer: "<html>harbours</html>" };
  assert.deepEqual(required(derive([asked, page]).get("get_tide")), ["harbour"]);
});

Deno.test("deriveTools() requires nothing that the form of a page leaves empty", () => {
  const form = (inputs: string): Exchanged => ({
    to: "GET /harbours",
    answer: `<html><form action="/api/tide">${inputs}</form></html>`,
  });
  const asked = { to: "GET /api/tide?harbour=7&deep=on&kind=ebb", answer: { level: 5 } };
  const of = (inputs: string) => required(derive([form(inputs), asked]).get("get_tide"));
  const box = `<input type="checkbox" name="deep">`;
  const choice = `<select name="kind"><option value="">all<option>ebb</select>`;
  assert.deepEqual(of(`<input name="harbour">${box}${choice}`), []);
  assert.deepEqual(of(`<input name="harbour" required>${box}`), ["harbour", "kind"]);
  assert.deepEqual(of(`<input name="harbour" value="7">${choice}`), ["harbour", "deep"]);
});

Deno.test("deriveTools() never requires what guards a request, though no page handed it out", () => {
  const made = "Zk3v9QpL7xTn2RbW8sYd4HcF";
  const tools = derive([
    { to: "POST /api/a", send: new URLSearchParams({ _token: made, x: "1" }), answer: {} },
    { to: "POST /api/b", send: { security: "a1b2c3d4e5", x: "1" }, answer: {} },
    { to: "POST /api/c", send: { csrf: "1", x: "1" }, answer: {} },
    { to: "POST /api/d", send: { token: "blue", x: "1" }, answer: {} },
  ]);
  const lists = [...tools.values()].map(required);
  assert.deepEqual(lists, [["x"], ["x"], ["x"], ["token", "x"]]);
});

Deno.test("deriveTools() fetches what a script takes out of a hidden input of its name", () => {
  const page: Exchanged = {
    to: "GET /boats",
    answer: `<html><table><input type="hidden" name="_inline_edit" value="c9d8e7f6a5">` +
      `<input type="hidden" name="boat_key" value="a9b8c7d6e5"></table></html>`,
  };
  const send = new URLSearchParams({ _inline_edit: "c9d8e7f6a5", boat_key: "a9b8c7d6e5" });
  const tool = derive([page, { to: "POST /ajax", send, answer: {} }]).get("post_ajax");
  assert.deepEqual(required(tool), ["boat_key"], "which thing, says the caller");
  assert.deepEqual(tool?.fetches?.map(({ name, path }) => [name, path]), [
    ["_inline_edit", "/boats"],
  ]);
  assert.ok(!JSON.stringify(tool).includes("c9d8e7f6a5"));
});

Deno.test("deriveTools() knows who was logged in in fields and paths, in any case", () => {
  const tools = derive([
    { to: "GET /api/boats?owner=grace.h&harbour=7", answer: [] },
    { to: "POST /api/boats", send: { created_by: "Grace.H", name: "Ada" }, answer: {} },
    { to: "GET /users/GRACE.H/logs?author=grace.h", answer: { pages: 4 } },
    { to: "GET /api/notes?word=grace.h", answer: { pages: 4 } },
    { to: "GET /api/crew?type=grace.h&view=open", answer: [] },
  ], { personal: ["grace.h"] });
  const userOf = (name: string) => [tools.get(name)?.user, required(tools.get(name))];
  assert.deepEqual(userOf("list_boats"), ["owner", ["harbour"]]);
  assert.deepEqual(userOf("create_boat"), ["created_by", ["name"]]);
  assert.deepEqual(userOf("get_notes"), [undefined, ["word"]]);
  const logs = tools.get("get_user_logs")!;
  assert.deepEqual([logs.path, logs.user], ["/users/{user}/logs", "user"]);
  assert.deepEqual(logs.query, [["author", { kind: "param", param: "user" }]], "the same person");
  const texts = [...tools.values()].map((tool) => JSON.stringify(tool)).join();
  assert.doesNotMatch(texts, /grace/i);
  assert.match(texts, /"examples":\["open"\]/);
});

Deno.test("deriveTools() keeps no name of a path that an address of the login begins with", () => {
  const tools = derive([{ to: "GET /people/graceh/logs", answer: { pages: 4 } }], {
    personal: ["graceh@example.org"],
  });
  const [tool] = tools.values();
  assert.deepEqual([tool!.path, tool!.user], ["/people/{person}/logs", undefined]);
});

Deno.test("deriveTools() calls an id of several paths by one name", () => {
  const id = "6f9619ff-8b86-d011-b42d-00c04fc964ff";
  const tools = derive([
    { to: `GET /api/projects/${id}`, answer: { id } },
    { to: `GET /api/projects/${id}/boards`, answer: [] },
    { to: `GET /api/project-settings/${id}`, answer: { a: 1 } },
    { to: `GET /api/merges/${id}/into/${id}`, answer: { a: 1 } },
    { to: `GET /api/votes?pid=${id}`, answer: [] },
    { to: "GET /api/boards/1/cards/1", answer: { a: 1 } },
  ]);
  const paths = [...tools.values()].map(({ path }) => path);
  assert.deepEqual(paths.slice(2), [
    "/api/project-settings/{project_id}",
    "/api/merges/{project_id}/into/{into_id}",
    "/api/votes",
    "/api/boards/{board_id}/cards/{card_id}",
  ]);
  assert.deepEqual(required(tools.get("list_votes")), ["project_id"]);
});

Deno.test("deriveTools() has a default for what all requests of the app send alike", () => {
  const tools = derive([
    { to: "GET /boats?format=json&pier=7", answer: { boats: [] } },
    { to: "GET /tide?format=json&pier=7", answer: { level: 5 } },
    { to: "POST /moor?format=json&pier=7", send: { boat: 1 }, answer: { ok: true } },
  ]);
  for (const tool of tools.values()) {
    const { properties } = tool.parameters as { properties: Record<string, { default?: unknown }> };
    assert.equal(properties["format"]?.default, "json", tool.name);
    assert.ok(!(required(tool) as string[]).includes("format"));
    assert.ok(properties["pier"]?.default === undefined, "What a number is of is not known");
  }
  const twice = derive([
    { to: "POST /moor?format=json", send: { boat: 1 }, answer: { ok: true } },
    { to: "POST /sail?format=json", send: { boat: 1 }, answer: { ok: true } },
  ]);
  assert.deepEqual(required([...twice.values()][0]), ["format", "boat"]);
});
