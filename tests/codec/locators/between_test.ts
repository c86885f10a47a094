import assert from "node:assert/strict";
import fc from "fast-check";
import { AnswerView } from "../../../lib/codec/answer_view.ts";
import { between } from "../../../lib/codec/locators/between.ts";
import { takeFrom } from "../../../lib/codec/place.ts";
import { openersTo } from "../../../lib/codec/openers.ts";

function answerOf(text: string): AnswerView {
  const headers = [["Content-Type", "text/plain; charset=utf-8"]] as const;
  const body = new TextEncoder().encode(text);
  return new AnswerView({ status: 200, headers, body }, "https://a.example/");
}

/** What the first boundary yields; `null` when none is found. */
function taken(text: string, value: string): string | undefined | null {
  const answer = answerOf(text);
  for (const [locator, written] of between.find(answer, value)) {
    const openers = openersTo(written, value);
    return openers === null ? undefined : takeFrom({ locator, openers }, answer);
  }
  return null;
}

Deno.test("find() yields exactly the value, in whatever encoding the page holds it", () => {
  const cases: [string, string][] = [
    [`<script>var csrfToken = "k3y-1";</script>`, "k3y-1"],
    [`{"a":1,"url":"https:\\/\\/a.example\\/x?y=1"}`, "https://a.example/x?y=1"],
    [`data-href="/go?a=1&amp;b=2" x`, "/go?a=1&b=2"],
    [`window.next='%2Fhome%3Fa%3D1';`, "/home?a=1"],
    [`token: other1\ntoken: other2\napi_key: k9\n`, "k9"],
    [`var one = "t1";\nvar two = "t1x";\nvar three = "t2";`, "t2"],
    [`the token is t0k3n`, "t0k3n"],
    [`<script>go({"canary":"aB+\\/9\\u003d\\u003D1:2"})</script>`, "aB+/9==1:2"],
    [`boot({user:"t0k3n-4","k":"x\\u002By\\/z"})`, "x+y/z"],
  ];
  for (const [text, value] of cases) assert.equal(taken(text, value), value, text);
});

Deno.test("find() takes no neighbour's value along where the key before the value is one letter", () => {
  const text = `<script>var u={"who":"ann.b","k":"Wq8+x2Zr"}</script>`;
  const [[locator] = []] = [...between.find(answerOf(text), "Wq8+x2Zr")];
  assert.deepEqual(locator, { kind: "between", before: '"k":"', after: '"' });
});

Deno.test("find() answers nothing where nothing distinctive stands before the value", () => {
  const cases: [string, string][] = [
    ["no such value", "k3y-1"],
    ["k3y-1", "k3y-1"],
    ["== k3y-1 ==", "k3y-1"],
    [`id="first"; id="k3y-1"`.replace("first", "k3y-1x").replace("; id", "; id"), "q"],
  ];
  for (const [text, value] of cases) assert.equal(taken(text, value), null, text);
});

Deno.test("find() never yields another text than the value", () => {
  const word = fc.stringMatching(/^[a-z]{2,8}$/);
  const value = fc.stringMatching(/^[A-Za-z0-9+/=_&"<.-]{1,24}$/);
  const markup = fc.constantFrom('="', ": ", "='", '":"', " = ", "\n", "; ", ">");
  fc.assert(
    fc.property(
      fc.array(fc.tuple(word, markup, value)),
      word,
      markup,
      value,
      (noise, name, mark, wanted) => {
        const text = `${noise.flat().join("")} ${name}${mark}${wanted}" end`;
        const found = taken(text, wanted);
        assert.ok(found === null || found === wanted);
      },
    ),
    { numRuns: 300 },
  );
});
