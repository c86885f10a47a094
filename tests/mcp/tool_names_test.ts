import assert from "node:assert/strict";
import fc from "fast-check";
import { byMcpName, mayBeToolOf, mcpToolNames, OWN_TOOLS } from "../../lib/mcp/tool_names.ts";

/** What Claude Code and Cursor leave of a name, with the server called `keysmith`. */
const CLAUDE_CODE = 64 - "mcp__keysmith__".length;
const CURSOR = 60 - "keysmith:".length;

Deno.test("mcpToolNames() puts the owner before the tool", () => {
  assert.deepEqual(mcpToolNames("my-shop", ["get_note"]), ["my-shop_get_note"]);
});

Deno.test("mcpToolNames() makes long names of the words that fit, apart and always the same", () => {
  const tools = [
    "reports.archive.folder.members.contributor.ListSharedAnnotations",
    "reports.archive.folder.members.contributor.ListSharedAnnotationsByYear",
    "reports.archive.folder.members.reviewer.ListSharedAnnotations",
    "reports_list_shared",
  ];
  const names = mcpToolNames("library", tools);
  assert.equal(new Set(names).size, tools.length);
  assert.equal(names[3], "library_reports_list_shared", "A name that fits stays");
  const words = tools.join(" ").replaceAll(/([a-z])([A-Z])/g, "$1 $2").toLowerCase().split(/\W|_/);
  for (const name of names) {
    assert.ok(name.length <= CLAUDE_CODE && name.length <= CURSOR, name);
    assert.ok(name.split("_").every((word) => word === "library" || words.includes(word)), name);
  }
  assert.deepEqual(mcpToolNames("library", tools), names);
});

Deno.test("mcpToolNames() writes only what every client takes, no name twice", () => {
  const tools = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 90 }), { maxLength: 12 });
  fc.assert(fc.property(fc.string({ minLength: 1, maxLength: 70 }), tools, (owner, names) => {
    const given = mcpToolNames(owner, names);
    assert.equal(new Set(given).size, names.length);
    for (const name of given) {
      assert.match(name, /^[A-Za-z0-9_-]+$/);
      assert.ok(name.length <= CLAUDE_CODE && mayBeToolOf(name, owner), name);
    }
  }));
});

Deno.test("byMcpName() never gives one owner the name that another's tool might have had", () => {
  const tools = [
    { owner: "a_b", summary: { name: "c" } },
    { owner: "a", summary: { name: "b_c" } },
    { owner: "a", summary: { name: "d" } },
  ];
  const names = byMcpName(tools);
  assert.deepEqual([...names.keys()].toSorted(), ["a__b_c", "a_b__c", "a_d"]);
  assert.deepEqual([...names.values()], tools);
  assert.deepEqual([...byMcpName(tools.slice(0, 1)).keys()], ["a_b_c"]);
});

Deno.test("byMcpName() keeps the server's own names", () => {
  const own = OWN_TOOLS.map((name) => {
    const [owner = "", tool = ""] = name.split("_");
    return { owner, summary: { name: tool } };
  });
  const names = [...byMcpName(own).keys()];
  assert.equal(names.length, OWN_TOOLS.length);
  assert.ok(names.every((name) => !OWN_TOOLS.includes(name)), names.join());
});
