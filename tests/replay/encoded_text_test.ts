import assert from "node:assert/strict";
import { EncodedText, type TextContext } from "../../lib/codec/encoded_text.ts";

Deno.test("EncodedText.replaceIn() keeps the encoding each occurrence is written in", () => {
  const token = "aB3+/xY9==";
  const fresh = "qW7+/zT1==";
  const cases: [string, string][] = [
    ["t=aB3+/xY9==;", "t=qW7+/zT1==;"],
    ["?t=aB3%2B%2FxY9%3D%3D&x", "?t=qW7%2B%2FzT1%3D%3D&x"],
    ["?t=aB3%2b%2fxY9%3d%3d", "?t=qW7%2b%2fzT1%3d%3d"],
    ["next=%3Ft%3DaB3%252B%252FxY9%253D%253D", "next=%3Ft%3DqW7%252B%252FzT1%253D%253D"],
    ['value="aB3&#x2B;&#47;xY9&#x3D;="', 'value="qW7&#x2B;&#47;zT1&#x3D;="'],
    ['{"t":"aB3+\\/xY9\\u003d\\u003D"}', '{"t":"qW7+\\/zT1\\u003d\\u003D"}'],
  ];
  for (const [text, expected] of cases) {
    assert.equal(new EncodedText(token).replaceIn(text, fresh, "text"), expected);
  }
});

Deno.test("EncodedText.replaceIn() encodes a value of another form for its place", () => {
  const cases: [string, TextContext, string][] = [
    ["/p?u=ann.lee%40x.example", "url", "/p?u=bo%2Bk.y%26z"],
    ["/p?u=ann.lee@x.example", "url", "/p?u=bo%2Bk.y%26z"],
    ["<b>ann.lee@x.example</b>", "html", "<b>bo+k.y&amp;z</b>"],
    ["<b>ann.lee&#64;x.example</b>", "json", "<b>bo+k.y&amp;z</b>"],
    ['"ann.lee\\u0040x.example"', "json", '"bo+k.y&z"'],
    ["ann.lee%2540x.example", "text", "bo%252Bk.y%2526z"],
  ];
  for (const [text, context, expected] of cases) {
    const found = new EncodedText("ann.lee@x.example");
    assert.equal(found.replaceIn(text, "bo+k.y&z", context), expected);
  }
});

Deno.test("EncodedText does not take a short value for part of a longer word", () => {
  const short = new EncodedText("ab12cd");
  assert.equal(short.isIn("xab12cd"), false);
  assert.equal(short.isIn("ab12cd9"), false);
  assert.equal(short.isIn("%3Dab12cd%26"), true);
  assert.equal(short.isIn("\\u003dab12cd_1"), true);
  assert.equal(short.isIn("\\nab12cd"), true);
  const long = new EncodedText("0123456789abcdef0");
  assert.equal(long.isIn("prefix0123456789abcdef0suffix"), true);
});

Deno.test("EncodedText finds values of any length, in the encoding they stand in", () => {
  const value = "PHNhbWxwOlJlc3BvbnNl/+".repeat(4000) + "==";
  const fresh = "QKOicXdyPmSmd4CxcoOm/+".repeat(4000) + "==";
  const text = new EncodedText(value);
  const page = `<input value="${value.replaceAll("+", "&#43;")}"><p>${value.slice(0, -3)}</p>`;
  assert.equal(
    text.replaceIn(page, fresh, "html"),
    `<input value="${fresh.replaceAll("+", "&#43;")}"><p>${value.slice(0, -3)}</p>`,
  );
  const form = `a=1&r=${encodeURIComponent(value)}&b=2&r=${encodeURIComponent(value)}`;
  assert.deepEqual(text.spansIn(form).map(({ start }) => start), [6, form.lastIndexOf("&r=") + 3]);
  assert.equal(text.maskIn(form, "*"), "a=1&r=*&b=2&r=*");
  assert.equal(text.isIn(form.slice(0, -20).slice(form.indexOf("&b="))), false);
});
