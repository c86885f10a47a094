import assert from "node:assert/strict";
import { rulesIn, withSwitches } from "../../scripts/bench/rules.ts";
import { NOTED_FILES, noting, readTestRecordings } from "../../scripts/bench/test_recordings.ts";
import { withTempFolder } from "../support/temp_folder.ts";

const SOURCE = `/** A file. */
interface Shape { readonly a: { b: string } }

/**
 * Reads a shape: { brace.
 * @rule off: null
 */
export function shapeOf({ a }: Shape, known: Map<string, { b: string }>): { b: string } | null {
  if (a.b === "}") return known.get(a.b) ?? null;
  return a;
}

class Finder {
  /** @rule off: this.text */
  #trimmed(): string {
    return this.text.trim();
  }
  constructor(readonly text: string) {}
}
`;

Deno.test("rulesIn() finds marked functions and methods with their bodies", () => {
  const rules = rulesIn("x.ts", SOURCE);
  assert.deepEqual(rules.map(({ name, off }) => [name, off]), [
    ["shapeOf", "null"],
    ["Finder.#trimmed", "this.text"],
  ]);
});

Deno.test("withSwitches() puts a switch into each rule and leaves the rest", () => {
  const text = withSwitches(SOURCE, rulesIn("x.ts", SOURCE));
  assert.match(text, /null \{ return switchRule\("x\.ts shapeOf", \(\) => \{\n {2}if/);
  assert.match(text, /\}, \(\) => \(null\)\); \}\n\nclass Finder/);
  assert.match(text, /\(\) => \(this\.text\)\); \}\n {2}constructor/);
});

Deno.test("rulesIn() refuses a mark that no function follows", () => {
  const text = "/** @rule off: null */\nexport const a = 1;\nexport function b() {}\n";
  assert.throws(() => rulesIn("x.ts", text), /no function follows/);
});

Deno.test("the analysis has its rules marked, each once", async () => {
  const seen = new Set<string>();
  for (const room of ["correlate", "http"]) {
    for await (const { name } of Deno.readDir(new URL(`../../lib/${room}`, import.meta.url))) {
      if (!name.endsWith(".ts")) continue;
      const path = new URL(`../../lib/${room}/${name}`, import.meta.url);
      for (const rule of rulesIn(`${room}/${name}`, await Deno.readTextFile(path))) {
        const key = `${rule.file} ${rule.name}`;
        assert.ok(!seen.has(key), key);
        seen.add(key);
      }
    }
  }
});

Deno.test("readTestRecordings() reads what a noting Recording wrote, bytes and all", async () => {
  await withTempFolder(async (folder) => {
    const path = `${folder}/traces`;
    for (const file of NOTED_FILES) {
      const source = new URL(`../../lib/correlate/${file}`, import.meta.url);
      assert.match(
        noting(file, await Deno.readTextFile(source), path),
        /noteRecording\(".*traces"/,
      );
    }
    const line = (name: string, base64: string) =>
      JSON.stringify({ name, recorded: [{ id: "t", body: { base64 } }], options: {} });
    await Deno.writeTextFile(
      path,
      [line("a:1", "YQ=="), line("a:1", "Yg=="), line("b:2", "YQ==")].join("\n"),
    );
    const found = readTestRecordings(path);
    assert.deepEqual(found.map(({ name }) => name), ["a:1", "a:1/2"]);
    assert.deepEqual(
      (found[0]!.recorded[0] as unknown as { body: Uint8Array }).body,
      new TextEncoder().encode("a"),
    );
  });
});
