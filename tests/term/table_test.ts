import assert from "node:assert/strict";
import { alignedTable, tabSeparated, textWidth } from "../../lib/term/table.ts";

Deno.test("alignedTable() pads cells to the widest of their column and trims line ends", () => {
  assert.deepEqual(alignedTable(["ID", "NAME"], [["1", "a"], ["100", "long name"]]), [
    "ID   NAME",
    "1    a",
    "100  long name",
  ]);
});

Deno.test("alignedTable() gives wide characters two columns", () => {
  assert.deepEqual(alignedTable(["A", "B"], [["日本", "x"], ["abcd", "y"]]), [
    "A     B",
    "日本  x",
    "abcd  y",
  ]);
});

Deno.test("tabSeparated() keeps one row on one line", () => {
  assert.deepEqual(tabSeparated([["a\tb", "c\r\nd"], ["e", "f"]]), ["a b\tc d", "e\tf"]);
});

const WIDTHS: readonly (readonly [text: string, width: number])[] = [
  ["", 0],
  ["abc", 3],
  ["é", 1],
  ["e\u0301", 1],
  ["日本", 4],
  ["한", 2],
  ["👩‍👩‍👧", 2],
];

for (const [text, width] of WIDTHS) {
  Deno.test(`textWidth() of ${JSON.stringify(text)} is ${width}`, () => {
    assert.equal(textWidth(text), width);
  });
}
