import assert from "node:assert/strict";
import { evaluateExpr, runExtraction, UnknownName } from "../../lib/correlate/evaluate.ts";
import type { ExprEnv } from "../../lib/correlate/evaluate.ts";
import { AnswerView } from "../../lib/codec/answer_view.ts";
import { type Locator, takeLocated } from "../../lib/codec/locators.ts";
import { type Opener, takeOpened } from "../../lib/codec/openers.ts";
import type { Expr } from "../../lib/correlate/flow.ts";
import { applyTransform, type TransformOp } from "../../lib/codec/transforms.ts";
import type { HttpResponse } from "../../lib/http/exchange.ts";

const PAGE_URL = "https://app.example/account/login?next=%2F";

function response(
  body: string,
  headers: [string, string][] = [["content-type", "text/html"]],
): HttpResponse {
  return { status: 200, headers, body: new TextEncoder().encode(body) };
}

Deno.test("applyTransform() agrees with published vectors and encoding rules", () => {
  const cases: [TransformOp, string[], string][] = [
    ["base64", ["Aladdin:open sesame"], "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="],
    ["base64", ["ü?>"], "w7w/Pg=="],
    ["base64url", ["ü?>"], "w7w_Pg"],
    ["base64-decode", ["w7w_Pg"], "ü?>"],
    ["base64-decode", ["w7w/Pg=="], "ü?>"],
    ["url-encode", ["a b+&%ü"], "a%20b%2B%26%25%C3%BC"],
    ["form-encode", ["a b+&%ü~"], "a+b%2B%26%25%C3%BC%7E"],
    ["url-decode", ["a%20b+c"], "a b+c"],
    ["lower", ["AbC"], "abc"],
    ["upper", ["AbC"], "ABC"],
    ["md5-hex", ["abc"], "900150983cd24fb0d6963f7d28e17f72"],
    ["sha1-hex", ["abc"], "a9993e364706816aba3e25717850c26c9cd0d89d"],
    ["sha256-base64", ["abc"], "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="],
    [
      "hmac-sha256-hex",
      ["Jefe", "what do ya want for nothing?"],
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ],
    // RFC 7636 appendix B
    [
      "pkce-s256",
      ["dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"],
      "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    ],
  ];
  for (const [op, args, expected] of cases) assert.equal(applyTransform(op, args), expected, op);
});

Deno.test("applyTransform() throws where a text is not in the domain of the transform", () => {
  assert.throws(() => applyTransform("url-decode", ["%zz"]), /url-decode/);
  assert.throws(() => applyTransform("base64-decode", ["???"]), /base64-decode/);
  assert.throws(() => applyTransform("hmac-sha1-hex", ["key"]), /lacks argument 2/);
});

Deno.test("takeLocated() finds each kind of place", () => {
  const page = response(
    `<meta name="csrf-token" content="m&amp;1"><body data-key="d1">
     <form action="../signin?x=1"><input type=hidden name=t value="v1"></form>
     <div id=app data-page="{&quot;k&quot;:1}"></div><script>var nonce = "n1"; var nonce = "n2";</script>`,
  );
  const redirect: HttpResponse = {
    status: 302,
    headers: [
      ["Location", "/cb?code=c%2B1#access_token=f1"],
      ["Set-Cookie", "sid=first; Path=/"],
      ["set-cookie", "sid=second==; HttpOnly"],
      ["Set-Cookie", "sid=; Max-Age=0"],
      ["X-Token", "h1"],
    ],
    body: null,
  };
  const json = response(`)]}',\n{"a":{"b":[1,"two",true,null,{"c":"3"}]}}`);
  const cases: [Locator, HttpResponse, string | undefined][] = [
    [{ kind: "meta", name: "csrf-token" }, page, "m&1"],
    [{ kind: "form-field", form: 0, name: "t" }, page, "v1"],
    [{ kind: "form-field", form: 1, name: "t" }, page, undefined],
    [{ kind: "form-field", form: null, name: "t" }, page, "v1"],
    [{ kind: "form-action", form: 0 }, page, "https://app.example/signin?x=1"],
    [{ kind: "attribute", selector: "#app", attribute: "data-page" }, page, '{"k":1}'],
    [{ kind: "attribute", selector: "body", attribute: "data-key" }, page, "d1"],
    [{ kind: "between", before: 'nonce = "', after: '"' }, page, "n1"],
    [{ kind: "between", before: "absent", after: '"' }, page, undefined],
    [{ kind: "cookie", name: "sid" }, redirect, "second=="],
    [{ kind: "header", name: "x-token" }, redirect, "h1"],
    [{ kind: "location" }, redirect, "https://app.example/cb?code=c%2B1#access_token=f1"],
    [{ kind: "location-param", part: "query", name: "code" }, redirect, "c+1"],
    [{ kind: "location-param", part: "fragment", name: "access_token" }, redirect, "f1"],
    [{ kind: "json", path: ["a", "b", 1] }, json, "two"],
    [{ kind: "json", path: ["a", "b", 0] }, json, "1"],
    [{ kind: "json", path: ["a", "b", 3] }, json, undefined],
    [{ kind: "json", path: ["a", "b", 4] }, json, undefined],
    [{ kind: "json", path: ["a", "b", 4, "c"] }, json, "3"],
    [{ kind: "body" }, response("  raw \n"), "raw"],
    [{ kind: "body" }, redirect, undefined],
  ];
  for (const [locator, source, expected] of cases) {
    assert.equal(
      takeLocated(locator, new AnswerView(source, PAGE_URL)),
      expected,
      JSON.stringify(locator),
    );
  }
});

Deno.test("takeOpened() opens left to right and answers undefined where one does not fit", () => {
  const jwt = `e30.${btoa('{"sub":"u1","n":{"v":7}}').replaceAll("=", "")}.sig`;
  const cases: [Opener[], string, string | undefined][] = [
    [[], "as is", "as is"],
    [[{ kind: "url-decode" }, { kind: "json", path: ["t"] }], "%7B%22t%22%3A%22x%22%7D", "x"],
    [[{ kind: "base64-decode" }], "eyJhIjoxfQ", '{"a":1}'],
    [[{ kind: "html-unescape" }], "a&lt;b&#x2F;&amp;amp;<i>", "a<b/&amp;<i>"],
    [[{ kind: "json-unescape" }], "a\\/b\\u0026", "a/b&"],
    [[{ kind: "jwt-payload" }, { kind: "json", path: ["n", "v"] }], jwt, "7"],
    [[{ kind: "param", name: "q" }], "https://x.example/p?q=a%2Bb#q=no", "a+b"],
    [[{ kind: "param", name: "z" }], "https://x.example/p?q=1#z=2", "2"],
    [[{ kind: "param", name: "q" }], "p=0&q=1", "1"],
    [[{ kind: "strip", prefix: "s:", suffix: ";" }], "s:abc;", "abc"],
    [[{ kind: "strip", prefix: "s:", suffix: ";" }], "abc;", undefined],
    [[{ kind: "strip", prefix: "aa", suffix: "aa" }], "aaa", undefined],
    [[{ kind: "json", path: ["t"] }, { kind: "base64-decode" }], "no json", undefined],
    [[{ kind: "jwt-payload" }], "no-dots", undefined],
  ];
  for (const [openers, text, expected] of cases) {
    assert.equal(takeOpened(openers, text), expected, JSON.stringify(openers));
  }
});

Deno.test("evaluateExpr() resolves names, concatenations and nested transforms", () => {
  const env: ExprEnv = {
    values: new Map([["username", "ann.b"], ["password", "p+&%"], ["salt", "s1"]]),
    refreshToken: "r1",
  };
  const basic: Expr = {
    kind: "concat",
    parts: [
      { kind: "constant", value: "Basic " },
      {
        kind: "transform",
        op: "base64",
        args: [{
          kind: "concat",
          parts: [
            { kind: "input", input: "username" },
            { kind: "constant", value: ":" },
            { kind: "input", input: "password" },
          ],
        }],
      },
    ],
  };
  assert.equal(evaluateExpr(basic, env), `Basic ${btoa("ann.b:p+&%")}`);
  assert.equal(evaluateExpr({ kind: "extracted", extraction: "salt" }, env), "s1");
  assert.equal(evaluateExpr({ kind: "refresh-token" }, env), "r1");
  assert.throws(() => evaluateExpr({ kind: "generated", generated: "g1" }, env), UnknownName);
});

Deno.test("runExtraction() locates, then opens", () => {
  const extraction = {
    id: "token",
    step: "s1",
    locator: { kind: "cookie", name: "auth" },
    openers: [{ kind: "url-decode" }, { kind: "json", path: ["token"] }],
    recorded: "abc",
  } as const;
  const answer = response("", [["set-cookie", "auth=%7B%22token%22%3A%22abc%22%7D; Path=/"]]);
  assert.equal(runExtraction(extraction, answer, PAGE_URL), "abc");
  assert.equal(runExtraction({ ...extraction, openers: [] }, response(""), PAGE_URL), undefined);
});
