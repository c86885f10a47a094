import assert from "node:assert/strict";
import { escapeForeignText } from "../../lib/base/foreign_text.ts";
import { Redactor } from "../../lib/base/redact.ts";

const SECRET = "P&s/w+rd=<'x'>";

Deno.test("Redactor masks a secret however an encoder writes its marks", () => {
  const redactor = new Redactor();
  redactor.add(SECRET);
  const json = JSON.stringify(SECRET).slice(1, -1);
  const code = (mark: string) => mark.charCodeAt(0).toString(16);
  for (
    const text of [
      SECRET,
      encodeURIComponent(SECRET).replace(/%../g, (octet) => octet.toLowerCase()),
      json.replaceAll("/", "\\/"),
      json.replace(/[&<>'+/=]/g, (mark) => `\\u00${code(mark)}`),
      json.replace(/[&<>'+/=]/g, (mark) => `\\u00${code(mark).toUpperCase()}`),
      SECRET.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
        .replaceAll("'", "&#39;"),
      SECRET.replace(/[&<>'+/=]/g, (mark) => `&#${mark.charCodeAt(0)};`),
    ]
  ) {
    assert.equal(redactor.redact(`a ${text} b`), "a ‹secret› b", text);
  }
});

Deno.test("Redactor masks a secret inside the base64 of a longer text", () => {
  const redactor = new Redactor();
  redactor.add("correct horse battery");
  for (const user of ["al", "bob", "anna", "alice"]) {
    const basic = btoa(`${user}:correct horse battery!`);
    const shown = redactor.redact(basic);
    assert.match(shown, /‹secret›/);
    assert.ok(shown.replace("‹secret›", "").length < basic.length / 2, shown);
  }
});

Deno.test("Redactor masks a secret that was escaped for a terminal first", () => {
  const redactor = new Redactor();
  const secret = "fam\u{1f468}\u200d\u{1f469}ily";
  redactor.add(secret);
  assert.equal(redactor.redact(`no: ${escapeForeignText(secret)}`), "no: ‹secret›");
});

Deno.test("Redactor takes half characters", () => {
  const redactor = new Redactor();
  redactor.add("pa\ud800ssword");
  assert.equal(redactor.redact("pa\ud800ssword"), "‹secret›");
});
