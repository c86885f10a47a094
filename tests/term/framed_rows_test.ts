import assert from "node:assert/strict";
import { framedRows } from "../../lib/term/framed_rows.ts";
import { textWidth } from "../../lib/term/table.ts";

Deno.test("framedRows() frames every row a terminal would make of a line", () => {
  const line = `[shop] ${".".repeat(73)}keysmith: enter your master password:`;
  assert.deepEqual(framedRows(line, 80), [
    `[shop] ${".".repeat(73)}`,
    "[shop] keysmith: enter your master password:",
  ]);
});

Deno.test("framedRows() counts wide characters twice", () => {
  const rows = framedRows(`[shop] ${"\u6f22".repeat(100)}`, 40);
  for (const row of rows) {
    assert.ok(row.startsWith("[shop] "));
    assert.ok(textWidth(row) <= 40);
  }
});

Deno.test("framedRows() leaves lines of the tool and short lines alone", () => {
  for (const line of [`keysmith: ${"x".repeat(200)}`, "[shop] Password", "[shop] ", ""]) {
    assert.deepEqual(framedRows(line, 80), [line]);
  }
});
