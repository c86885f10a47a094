import assert from "node:assert/strict";
import { parseHtml } from "../../lib/http/html.ts";

const FORM = "<form id=f action=/in><input name=user><input name=pass type=password></form>";

/** Each would take minutes in time that grows with the square of its length. */
const FLOODS: readonly string[] = [
  "<b>",
  "<svg>",
  "<math><mi>",
  "<div></i>",
  "<table><tr><td>",
  "<ul><li>",
  "<form>",
  "<form id=a></form><input form=z name=q>",
  "<select><option>",
  "<svg><foreignObject>",
  "</p></br>",
  "<!--",
  "<a b='",
  "&#x1",
  "<![CDATA[",
];

Deno.test("parseHtml() reads hostile pages in time that grows with their length", () => {
  for (const part of FLOODS) parseHtml(part.repeat(150_000 / part.length));
});

Deno.test("parseHtml() reads what lies deep, and what follows it", () => {
  for (const tag of ["b", "div", "svg", "section"]) {
    const deep = parseHtml(`${`<${tag}>`.repeat(3_000)}${FORM}${`</${tag}>`.repeat(3_000)}${FORM}`);
    assert.deepEqual(deep.forms.map(({ inputs }) => inputs.length), [2, 2], tag);
  }
});

Deno.test("parseHtml() gives fields that name a form to the first form of that id", () => {
  const page = parseHtml(
    `<input form=f name=a><form id=f></form><form id=f></form><input form=g name=b>`,
  );
  assert.deepEqual(page.forms.map(({ inputs }) => inputs.map(({ name }) => name)), [["a"], []]);
  assert.deepEqual(page.looseInputs.map(({ name }) => name), ["b"]);
});
