import assert from "node:assert/strict";
import fc from "fast-check";
import { AppError } from "../../lib/base/error.ts";
import { prepareScript } from "../../lib/script/prepare.ts";

const ACQUIRE = "export async function acquire_token() { return { headers: {} } }";

/** Evaluates a prepared script without the sandbox: the texts below are our own. */
async function evaluate(source: string): Promise<Record<string, () => unknown>> {
  return await (0, eval)(prepareScript(source, "x.ts").javascript);
}

Deno.test("prepareScript() finds the contract's functions however they are exported", async () => {
  const sources = [
    "export async function acquire_token() { return 1 }\nexport async function refresh_token() {}",
    "export const acquire_token = async () => 1, refresh_token = async () => {};",
    "async function login() { return 1 }\nfunction again() {}\nexport { login as acquire_token, again as refresh_token };",
    "const a = () => 1;\nconst b = () => 2;\nexport {\n  a as acquire_token, // one\n  b as refresh_token, /* two */\n};",
    'const a = () => 1;\nconst b = () => 2;\nexport { a as "acquire_token", b as "refresh_token" };',
  ];
  for (const source of sources) {
    assert.deepEqual([...prepareScript(source, "x.ts").exports].sort(), [
      "acquire_token",
      "refresh_token",
    ]);
    assert.equal(await (await evaluate(source)).acquire_token?.(), 1, source);
  }
});

Deno.test("prepareScript() keeps every line where it was", () => {
  const source = [
    "// a comment",
    "interface Answer {",
    "  token: string;",
    "}",
    "/* two",
    "   lines */ const text = `a",
    "b`;",
    "const other = () => {};",
    "export {",
    "  other as refresh_token, // a list",
    "};",
    "export async function acquire_token(): Promise<unknown> {",
    "  throw new Error(text);",
    "}",
  ].join("\n");
  const { javascript, lineOf } = prepareScript(source, "x.ts");
  const line = javascript.split("\n").findIndex((text) => text.includes("throw new Error")) + 1;
  assert.equal(lineOf(line), 13);
  assert.equal(lineOf(15), null);
  assert.equal(lineOf(0), null);
});

Deno.test("prepareScript() leaves text alone that only reads like an import or a comment", async () => {
  const source = `
    const texts = ["<!-- a -->", 'import("x")', \`--> \${1} import (\`, "import /* y"];
    const found = ["<!--", "x-->"].map((text) => /(?<a><!--)|-->/.test(text));
    const behind = /(?<!--)>/.test("-->");
    // import("x") <!-- here -->
    let n = 2;
    let count = 0;
    while (n-->0) count++;
    const regex = /[!--]/.test("#") && /import\\(/.test("import(");
    export const acquire_token = async () => ({ texts, found, behind, count, regex });`;
  assert.deepEqual(await (await evaluate(source)).acquire_token?.(), {
    texts: ["<!-- a -->", 'import("x")', "--> 1 import (", "import /* y"],
    found: [true, true],
    behind: false,
    count: 2,
    regex: true,
  });
});

Deno.test("prepareScript() runs modules as modules: strict, with top-level await, without arguments", async () => {
  const source = `
    const waited = await Promise.resolve(3);
    const self = (function () { return this })();
    export const acquire_token = async () => [waited, self];`;
  assert.deepEqual(await (await evaluate(source)).acquire_token?.(), [3, undefined]);
});

Deno.test("prepareScript() refuses what is not an auth script, with the line", () => {
  const table: [name: string, source: string, line: number | null, problem: RegExp][] = [
    ["static import", 'import x from "node:fs";', 2, /imports/],
    ["bare import", 'import "https://example.com/x.js";', 2, /imports/],
    ["dynamic import", "const x = await import(name);", 2, /imports/],
    [
      "import with attributes",
      'await import("/etc/x.json", { with: { type: "json" } });',
      2,
      /imports/,
    ],
    ["source phase", 'await import.source("x");', 2, /import/],
    ["deferred", 'await import.defer("x");', 2, /import/],
    ["import.meta", "const x = import.meta.url;", 2, /import\.meta/],
    ["escaped import", '\\u0069mport("x");', 2, /[Ee]scape/],
    ["import behind a comment", 'import/**/("x");', 2, /imports/],
    ["import behind an HTML comment", '<!--\nimport("x");', 2, /comment|Unexpected|Expression/i],
    ["export from", 'export { a } from "x";', 2, /export … from/],
    ["export all", 'export * from "x";', 2, /export … from/],
    ["default export", "export default 1;", 2, /default/],
    ["enum", "enum A { B }", 2, /enum/],
    ["namespace", "namespace A { export const b = 1 }", 2, /namespace|module/i],
    ["syntax error", "const = 1;", 2, /./],
    ["unclosed brace", "function f() {", null, /./],
    ["return at top level", "return 1;", 2, /return/i],
    ["closing the wrapper", "}); (function () {", 2, /./],
    ["tagged template", "String.raw`<!--`;", 2, /tagged template/],
    ["with statement", "with ({}) {}", 2, /./],
  ];
  for (const [name, text, line, problem] of table) {
    const source = `${ACQUIRE}\n${text}`;
    assert.throws(() => prepareScript(source, "x.ts"), (thrown) => {
      assert.ok(thrown instanceof AppError, name);
      assert.equal(thrown.code, "SCRIPT_REFUSED", name);
      assert.match(thrown.message, problem, name);
      if (line !== null) assert.equal(thrown.details["line"], line, name);
      return true;
    }, name);
  }
});

Deno.test("prepareScript() refuses a script without acquire_token and one that is too long", () => {
  for (const source of ["", "function acquire_token() {}", "export function refresh_token() {}"]) {
    assert.throws(() => prepareScript(source, "x.ts"), /exports no function `acquire_token`/);
  }
  assert.throws(() => prepareScript(`${ACQUIRE}//${"x".repeat(300_000)}`, "x.ts"), /longer than/);
});

Deno.test("prepareScript() answers or refuses, whatever the text", () => {
  const pieces = fc.constantFrom(
    ...[
      "import",
      "(",
      ")",
      "`",
      "${",
      "}",
      "{",
      "<!--",
      "-->",
      "/",
      "*/",
      "/*",
      "//",
      "\n",
      "'",
      '"',
    ],
    ...[
      "export",
      "async",
      "=>",
      "<",
      ">",
      "a",
      "1",
      ".",
      ";",
      "\\u0069",
      "#",
      "@",
      "?",
      ":",
      " ",
      "enum",
    ],
  );
  const texts = fc.array(pieces, { maxLength: 12 }).map((parts) =>
    `${parts.join("")}\n;${ACQUIRE}`
  );
  fc.assert(
    fc.property(texts, (text) => {
      try {
        const { javascript } = prepareScript(text, "x.ts");
        assert.doesNotMatch(javascript, /<!--|-->|(?:^|[^.\w$])import\s*\(/);
      } catch (thrown) {
        assert.ok(thrown instanceof AppError && thrown.code === "SCRIPT_REFUSED", String(thrown));
      }
    }),
    { numRuns: 3000 },
  );
});
