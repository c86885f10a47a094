/** Forms that a browser sent in the encoding of their page. */
import assert from "node:assert/strict";
import { parseBody } from "../../lib/http/body.ts";
import { withFormCharsets } from "../../lib/http/form_charset.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import { formPairs } from "../../lib/http/url.ts";
import { capture, trace } from "../support/traces.ts";

const FORM = "application/x-www-form-urlencoded";
const BREAD = "login=%D5%EB%E5%E1&go=1";

const page = (contentType: string, html = "<form>") => {
  const made = trace("GET https://mill.example/enter", { html });
  return {
    ...made,
    response: { ...made.response!, headers: [["Content-Type", contentType]] as const },
  };
};
const submit = (body: string) =>
  trace("POST https://mill.example/enter", { body: [FORM, body], text: "" });

function fieldsOf(...traces: Trace[]) {
  const { headers, body } = withFormCharsets(capture(...traces)).at(-1)!.request;
  const parsed = parseBody(headers, body);
  return parsed.kind === "form" ? Object.fromEntries(parsed.fields) : parsed;
}

Deno.test("formPairs() reads escapes as bytes of the encoding, and references for what it lacks", () => {
  const CASES = [
    ["koi8-r", "q=%C8%CC%C5%C2+%26+x", [["q", "хлеб & x"]]],
    ["euc-kr", "q=%BB%A7", [["q", "빵"]]],
    ["gbk", "%C3%B9=%C3%E6%B0%FC&e=", [["霉", "面包"], ["e", ""]]],
    ["iso-8859-1", "q=%26%238364%3B%E9", [["q", "€é"]]],
    ["no-such-encoding", "q=%C3%A9", [["q", "é"]]],
  ] as const;
  for (const [charset, text, expected] of CASES) {
    assert.deepEqual(formPairs(text, charset), expected, charset);
  }
});

Deno.test("withFormCharsets() takes the encoding of a form from its page, header or meta element", () => {
  const expected = { login: "Хлеб", go: "1" };
  for (
    const before of [
      page("text/html; charset=windows-1251"),
      page("text/html", "<html><head><META charset='cp1251'>"),
      page(
        "text/html",
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">',
      ),
    ]
  ) assert.deepEqual(fieldsOf(before, submit(BREAD)), expected);
});

Deno.test("withFormCharsets() leaves a form alone that is UTF-8, and one of which no page tells", () => {
  const legacy = page("text/html; charset=windows-1251");
  const names = (traces: Trace[]) => withFormCharsets(traces).map(({ request }) => request.headers);
  for (
    const traces of [
      capture(legacy, submit("login=%D0%A5")),
      capture(legacy, submit("login=ann")),
      capture(page("text/html; charset=utf-8"), submit(BREAD)),
      capture(page("text/html; charset=no-such-encoding"), submit(BREAD)),
      capture(submit(BREAD), legacy),
    ]
  ) assert.deepEqual(names(traces), traces.map(({ request }) => request.headers));
});

Deno.test("parseBody() reads JSON that is sent as bytes of unknown type, and no other bytes", () => {
  const parse = (text: string, type = "application/octet-stream") =>
    parseBody([["Content-Type", type]], new TextEncoder().encode(text));
  assert.deepEqual(parse('{"user":"ole"}'), { kind: "json", value: { user: "ole" } });
  assert.deepEqual(parse("{not json"), { kind: "binary" });
  assert.deepEqual(parse("user=ole"), { kind: "binary" });
  assert.deepEqual(parse('{"user":"ole"}', "application/pdf"), { kind: "binary" });
});
