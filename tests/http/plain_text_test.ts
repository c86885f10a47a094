import assert from "node:assert/strict";
import fc from "fast-check";
import { plainText } from "../../lib/http/plain_text.ts";

Deno.test("plainText() leaves the words of HTML and Markdown", () => {
  const cases: [string, string][] = [
    [
      '<p>Close an <a href="#x">account</a> of &lt;you&gt;.</p>\n\n<p>Now</p>',
      "Close an account of <you>.\nNow",
    ],
    ["one<br/>two<BR>three", "one\ntwo\nthree"],
    ["<ul><li>First <code>a</code></li><li>Second</li></ul>", "First a\nSecond"],
    ["Use <owner> and <b>bold</b> where a < b", "Use <owner> and bold where a < b"],
    ["Only <owner>, 1 < 2 &amp; 3", "Only <owner>, 1 < 2 &amp; 3"],
    ["See [the guide](https://a.example/b) ![seal](c.png) **now**", "See the guide  now"],
    ["# Head\n\n\n\n> [!NOTE]\n> Two days\r\n", "Head\n\nNote:\nTwo days"],
    ["`max_size` of my__odd__name", "`max_size` of my__odd__name"],
  ];
  for (const [given, expected] of cases) assert.equal(plainText(given), expected);
});

Deno.test("plainText() leaves texts without markup as they are", () => {
  fc.assert(fc.property(fc.stringMatching(/^[a-z ,.;:()'"=0-9]*$/), (text) => {
    assert.equal(plainText(text), text.trim());
  }));
});
