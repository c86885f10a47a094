import assert from "node:assert/strict";
import fc from "fast-check";
import { byMcpName, mcpToolNames, OWN_TOOLS, ownerPrefixes } from "../../lib/mcp/tool_names.ts";

/** What Claude Code and Cursor leave of a name, with the server called `keysmith`. */
const CLAUDE_CODE = 64 - "mcp__keysmith__".length;
const CURSOR = 60 - "keysmith:".length;

Deno.test("mcpToolNames() puts the owner before the tool", () => {
  assert.deepEqual(mcpToolNames("my-shop_", ["get_note"]), ["my-shop_get_note"]);
});

Deno.test("mcpToolNames() makes long names of the words that fit, apart and always the same", () => {
  const tools = [
    "reports.archive.folder.members.contributor.ListSharedAnnotations",
    "reports.archive.folder.members.contributor.ListSharedAnnotationsByYear",
    "reports.archive.folder.members.reviewer.ListSharedAnnotations",
    "reports_list_shared",
  ];
  const names = mcpToolNames("library_", tools);
  assert.equal(new Set(names).size, tools.length);
  assert.equal(names[3], "library_reports_list_shared", "A name that fits stays");
  const words = tools.join(" ").replaceAll(/([a-z])([A-Z])/g, "$1 $2").toLowerCase().split(/\W|_/);
  for (const name of names) {
    assert.ok(name.length <= CLAUDE_CODE && name.length <= CURSOR, name);
    assert.ok(name.split("_").every((word) => word === "library" || words.includes(word)), name);
  }
  assert.deepEqual(mcpToolNames("library_", tools), names);
});

Deno.test("mcpToolNames() writes only what every client takes, no name twice", () => {
  const tools = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 90 }), { maxLength: 12 });
  fc.assert(fc.property(fc.string({ minLength: 1, maxLength: 70 }), tools, (owner, names) => {
    const prefix = ownerPrefixes([owner]).get(owner)!;
    const given = mcpToolNames(prefix, names);
    assert.equal(new Set(given).size, names.length);
    for (const name of given) {
      assert.match(name, /^[A-Za-z0-9_-]+$/);
      assert.ok(name.length <= CLAUDE_CODE && name.startsWith(prefix), name);
    }
  }));
});

Deno.test("ownerPrefixes() begins the names of no owner with what another's begin with", () => {
  const cases: [owners: string[], prefixes: string[]][] = [
    [["c", "c_a", "d"], ["c__", "c_a__", "d_"]],
    [["c", "c-a", "ca"], ["c_", "c-a_", "ca_"]],
    [["c", "c__a"], ["c___", "c__a__"]],
    [["shop", "shop:eu", "shop@eu"], ["shop__", "shop_eu_2__", "shop_eu_3__"]],
  ];
  for (const [owners, expected] of cases) {
    const prefixes = ownerPrefixes(owners);
    assert.deepEqual(owners.map((owner) => prefixes.get(owner)), expected);
    assert.deepEqual(new Map(ownerPrefixes(owners.toReversed())), new Map(prefixes));
  }
  const name = fc.string({ unit: fc.constantFrom("a", "_", "@"), minLength: 1, maxLength: 30 });
  fc.assert(fc.property(fc.uniqueArray(name, { maxLength: 8 }), (owners) => {
    const prefixes = [...ownerPrefixes(owners).values()];
    assert.equal(prefixes.length, owners.length);
    for (const [at, one] of prefixes.entries()) {
      assert.ok(prefixes.every((other, place) => place === at || !other.startsWith(one)), one);
    }
  }));
});

Deno.test("byMcpName() names the tools of an owner whatever the others have", () => {
  const prefixes = ownerPrefixes(["a", "a_b"]);
  const tools = [
    { owner: "a_b", summary: { name: "c" } },
    { owner: "a", summary: { name: "b_c" } },
    { owner: "a", summary: { name: "d" } },
  ];
  const names = ["a_b__c", "a__b_c", "a__d"];
  assert.deepEqual([...byMcpName(tools, prefixes).keys()], names);
  assert.deepEqual([...byMcpName(tools, prefixes).values()], tools);
  for (const [at, tool] of tools.entries()) {
    assert.deepEqual([...byMcpName([tool], prefixes).keys()], [names[at]]);
  }
});

Deno.test("byMcpName() keeps the server's own names", () => {
  const own = OWN_TOOLS.map((name) => {
    const [owner = "", tool = ""] = name.split("_");
    return { owner, summary: { name: tool } };
  });
  const names = [...byMcpName(own, ownerPrefixes(own.map(({ owner }) => owner))).keys()];
  assert.equal(names.length, OWN_TOOLS.length);
  assert.ok(names.every((name) => !OWN_TOOLS.includes(name)), names.join());
});
