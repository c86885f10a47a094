import assert from "node:assert/strict";
import {
  alignedTable,
  fitsColumns,
  stackedTable,
  tabSeparated,
  textWidth,
} from "../../lib/term/table.ts";

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

Deno.test("stackedTable() puts cells below each other where only the last column may be wrapped", () => {
  const rows = [["s1", "t_0001", "https://shop.example.com/login"], ["s2", "t_0004", "日本"]];
  const header = ["STEP", "TRACE", "URL"];
  for (const [columns, fits] of [[40, true], [27, true], [25, false]] as const) {
    assert.equal(fitsColumns(header, rows, columns), fits, String(columns));
  }
  assert.deepEqual(stackedTable(header, rows), [
    "STEP   s1",
    "TRACE  t_0001",
    "URL    https://shop.example.com/login",
    "",
    "STEP   s2",
    "TRACE  t_0004",
    "URL    日本",
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
