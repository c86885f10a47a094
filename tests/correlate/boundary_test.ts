import assert from "node:assert/strict";
import fc from "fast-check";
import { boundaryLocator } from "../../lib/correlate/boundary.ts";
import { applyLocator } from "../../lib/correlate/locate.ts";
import { applyOpeners } from "../../lib/correlate/open.ts";

function taken(text: string, value: string): string | undefined {
  const found = boundaryLocator(text, value);
  assert.ok(found !== null, `no boundary for ${value} in ${text}`);
  const response = {
    status: 200,
    headers: [["Content-Type", "text/plain; charset=utf-8"]] as const,
    body: new TextEncoder().encode(text),
  };
  const located = applyLocator(found.locator, response, "https://a.example/");
  return located === undefined ? undefined : applyOpeners(found.openers, located);
}

Deno.test("boundaryLocator() yields exactly the value, in whatever encoding the page holds it", () => {
  const cases: [string, string][] = [
    [`<script>var csrfToken = "k3y-1";</script>`, "k3y-1"],
    [`{"a":1,"url":"https:\\/\\/a.example\\/x?y=1"}`, "https://a.example/x?y=1"],
    [`data-href="/go?a=1&amp;b=2" x`, "/go?a=1&b=2"],
    [`window.next='%2Fhome%3Fa%3D1';`, "/home?a=1"],
    [`token: other1\ntoken: other2\napi_key: k9\n`, "k9"],
    [`var one = "t1";\nvar two = "t1x";\nvar three = "t2";`, "t2"],
    [`the token is t0k3n`, "t0k3n"],
  ];
  for (const [text, value] of cases) assert.equal(taken(text, value), value, text);
});

Deno.test("boundaryLocator() answers null where nothing distinctive stands before the value", () => {
  const cases: [string, string][] = [
    ["no such value", "k3y-1"],
    ["k3y-1", "k3y-1"],
    ["== k3y-1 ==", "k3y-1"],
    [`id="first"; id="k3y-1"`.replace("first", "k3y-1x").replace("; id", "; id"), "q"],
  ];
  for (const [text, value] of cases) assert.equal(boundaryLocator(text, value), null, text);
});

Deno.test("boundaryLocator() never yields another text than the value", () => {
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
        const found = boundaryLocator(text, wanted);
        if (found === null) return;
        assert.equal(taken(text, wanted), wanted);
      },
    ),
    { numRuns: 300 },
  );
});
