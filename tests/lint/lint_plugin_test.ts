import assert from "node:assert/strict";
import plugin, { roomOf } from "../../scripts/lint_plugin.ts";
import { PACKAGE_ROOMS, ROOMS } from "../../scripts/rooms.ts";
import project from "../../deno.json" with { type: "json" };

/** The rules that a source breaks, as `rule: message`. */
function lint(path: string, source: string): string[] {
  return Deno.lint.runPlugin(plugin, path, source).map(({ id, message }) => `${id}: ${message}`);
}

const CASES: readonly { name: string; path: string; source: string; wants: readonly string[] }[] = [
  {
    name: "a room imports a room below it",
    path: "lib/token/cascade.ts",
    source: `import { x } from "../store/home.ts";`,
    wants: [],
  },
  {
    name: "a room imports a room above it",
    path: "lib/http/url.ts",
    source: `import { x } from "../cli/run.ts";`,
    wants: ['keysmith/import-direction: Room "http" may not import "cli"'],
  },
  {
    name: "types of a room whose code is out of reach",
    path: "lib/script/write.ts",
    source: `import type { Step } from "../correlate/flow.ts";`,
    wants: [],
  },
  {
    name: "code of a room of which only types are within reach",
    path: "lib/token/write.ts",
    source: `import { evaluate } from "../correlate/evaluate.ts";`,
    wants: ['keysmith/import-direction: Room "token" may import only types of "correlate"'],
  },
  {
    name: "a re-export against the direction",
    path: "lib/base/error.ts",
    source: `export { x } from "../http/url.ts";`,
    wants: ['keysmith/import-direction: Room "base" may not import "http"'],
  },
  {
    name: "a dynamic import against the direction",
    path: "lib/ops/login.ts",
    source: `const m = await import("../term/prompt.ts"); m;`,
    wants: ['keysmith/import-direction: Room "ops" may not import "term"'],
  },
  {
    name: "a file deeper in a room",
    path: "lib/cli/commands/auth/login.ts",
    source: `import { x } from "../../../store/home.ts";`,
    wants: ['keysmith/import-direction: Room "cli" may not import "store"'],
  },
  {
    name: "a test imports anything",
    path: "tests/cli/run_test.ts",
    source: `import { x } from "../../lib/store/home.ts"; import "commander";`,
    wants: [],
  },
  {
    name: "a package in its room",
    path: "lib/mcp/serve.ts",
    source: `import { x } from "@modelcontextprotocol/server/stdio";`,
    wants: [],
  },
  {
    name: "a package in another room",
    path: "lib/ops/login.ts",
    source: `import { Command } from "commander";`,
    wants: ['keysmith/package-room: Package "commander" is imported by room "cli" alone'],
  },
  {
    name: "a package nobody has a place for",
    path: "lib/ops/login.ts",
    source: `import pad from "left-pad";`,
    wants: ['keysmith/package-room: Package "left-pad" belongs to no room'],
  },
  {
    name: "Deno.exit in a room",
    path: "lib/cli/run.ts",
    source: `Deno.exit(1);`,
    wants: ["keysmith/no-exit: Only main.ts ends the process"],
  },
  { name: "Deno.exit in main.ts", path: "main.ts", source: `Deno.exit(1);`, wants: [] },
  {
    name: "a default export",
    path: "lib/ops/login.ts",
    source: `export default 1;`,
    wants: ["keysmith/no-default-export: A default export has no name"],
  },
  {
    name: "a spread that may overwrite the kind",
    path: "lib/ops/login.ts",
    source:
      `const a = (rest: object) => ({ kind: "a", ...rest }); const b = { "kind": 1, ...{} }; a; b;`,
    wants: [
      "keysmith/kind-last: What is spread after `kind` may overwrite it",
      "keysmith/kind-last: What is spread after `kind` may overwrite it",
    ],
  },
  {
    name: "a spread that the kind stands after",
    path: "lib/ops/login.ts",
    source: `const a = (rest: object) => ({ ...rest, kind: "a", of: { ...rest } }); a;`,
    wants: [],
  },
  {
    name: "the clock in a pure room",
    path: "lib/correlate/occurrences.ts",
    source: `const t = Date.now(); const d = new Date(); new Date(t + d.getTime());`,
    wants: [
      'keysmith/pure-room: Room "correlate" is pure: Date.now does not belong there',
      'keysmith/pure-room: Room "correlate" is pure: new Date() does not belong there',
    ],
  },
  {
    name: "functions turned into the text of a page's program",
    path: "lib/browser/page.ts",
    source: `function look() {} export const A = look.toString(); export const N = (5).toString();
      export const B = (function () {}).toString(); export const C = (() => 1).toString();`,
    wants: Array(3).fill(
      "keysmith/no-function-text: The text of a function is another one in the executable",
    ),
  },
  {
    name: "disk, network and environment in a pure room",
    path: "lib/openapi/load.ts",
    source: `import { readFileSync } from "node:fs"; readFileSync; fetch("x"); Deno.env.get("A");`,
    wants: [
      'keysmith/pure-room: Room "openapi" is pure: "node:fs" does not belong there',
      'keysmith/pure-room: Room "openapi" is pure: fetch does not belong there',
      'keysmith/pure-room: Room "openapi" is pure: Deno.env does not belong there',
    ],
  },
  {
    name: "digests in a pure room",
    path: "lib/correlate/transform.ts",
    source: `import { createHash } from "node:crypto"; createHash("sha256");`,
    wants: [],
  },
];

for (const { name, path, source, wants } of CASES) {
  Deno.test(`lint plugin: ${name}`, () => assert.deepEqual(lint(path, source), wants));
}

Deno.test("roomOf() knows the room of a file on any platform", () => {
  assert.equal(roomOf("/home/me/keysmith/lib/http/url.ts"), "http");
  assert.equal(roomOf("C:\\work\\lib\\cli\\commands\\call.ts"), "cli");
  assert.equal(roomOf("/home/me/keysmith/lib/README.md"), null);
  assert.equal(roomOf("/home/me/keysmith/scripts/compile.ts"), null);
});

Deno.test("ROOMS has no circle: every room imports only rooms that do not import it", () => {
  const reach = (room: string, seen: Set<string> = new Set()): Set<string> => {
    const imports = ROOMS[room]!;
    for (const next of [...imports.rooms, ...(imports.types ?? [])]) {
      if (!seen.has(next)) reach(next, seen.add(next));
    }
    return seen;
  };
  for (const room of Object.keys(ROOMS)) {
    assert.ok(!reach(room).has(room), `"${room}" reaches itself`);
  }
});

Deno.test("PACKAGE_ROOMS names rooms that exist and packages that are pinned", () => {
  for (const [name, room] of Object.entries(PACKAGE_ROOMS)) {
    assert.ok(room in ROOMS, `room "${room}" of "${name}"`);
    assert.ok(name in project.imports, `package "${name}" in deno.json`);
  }
});

Deno.test("deno.json pins every package to one exact version", () => {
  for (const [name, target] of Object.entries(project.imports)) {
    if (name.startsWith("#")) continue;
    assert.match(target, /^npm:\/?(?:@[a-z0-9-]+\/)?[a-z0-9.-]+@\d+\.\d+\.\d+\/?$/, name);
  }
});
