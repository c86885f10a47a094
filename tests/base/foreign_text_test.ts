import assert from "node:assert/strict";
import fc from "fast-check";
import { escapeForeignLines, escapeForeignText } from "../../lib/base/foreign_text.ts";

Deno.test("escapeForeignText() shows what could act on a terminal or hide", () => {
  const table: [name: string, text: string, shown: string][] = [
    ["plain text", "Email (work): ä 日本 👍", "Email (work): ä 日本 👍"],
    ["escape sequence", "\x1b[2Jx", "\\x1b[2Jx"],
    ["OSC 52", "\x1b]52;c;eA==\x07", "\\x1b]52;c;eA==\\x07"],
    ["C1 control sequence introducer", "\x9b31m", "\\x9b31m"],
    ["line breaks", "a\r\nb\tc", "a\\r\\nb\\tc"],
    ["backspace and delete", "a\b\x7f", "a\\x08\\x7f"],
    ["right-to-left override", "a\u202eb", "a\\u{202e}b"],
    ["isolates", "\u2066x\u2069", "\\u{2066}x\\u{2069}"],
    ["zero width", "pass\u200bword\u2060\ufeff", "pass\\u{200b}word\\u{2060}\\u{feff}"],
    ["soft hyphen", "a\u00adb", "a\\xadb"],
    ["tag characters", "x\u{e0041}\u{e007f}", "x\\u{e0041}\\u{e007f}"],
    ["line separators", "a\u2028b\u2029", "a\\u{2028}b\\u{2029}"],
    ["Hangul filler", "\u3164", "\\u{3164}"],
    ["lone surrogate", "\ud83d", "\\u{d83d}"],
  ];
  for (const [name, text, shown] of table) assert.equal(escapeForeignText(text), shown, name);
});

Deno.test("escapeForeignText() changes nothing the second time and leaves no control character", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const once = escapeForeignText(text);
    assert.equal(escapeForeignText(once), once);
    assert.doesNotMatch(once, /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  }));
});

Deno.test("escapeForeignLines() keeps the lines apart", () => {
  assert.deepEqual(escapeForeignLines("a\n\x1bb\r\n"), ["a", "\\x1bb\\r", ""]);
});
