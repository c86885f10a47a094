import assert from "node:assert/strict";
import { harHeaders, type Json, linesOf, readOne } from "./har_builder.ts";

function requestLines(request: Json): string[] {
  return linesOf(readOne({ request }).request.headers);
}

function responseLines(response: Json): string[] {
  return linesOf(readOne({ response }).response!.headers);
}

const cookies = (...names: string[]) => names.map((name) => ({ name, value: "v" }));

Deno.test("readHar() keeps repeated headers and their order", () => {
  const headers = harHeaders("X-A: 1", "Link: </a>", "x-a: 2", "Link: </b>");
  assert.deepEqual(responseLines({ headers }), ["X-A: 1", "Link: </a>", "x-a: 2", "Link: </b>"]);
});

Deno.test("readHar() joins cookie headers and rebuilds one from the cookie list", () => {
  const crumbs = harHeaders("a: 1", "cookie: x=1", "b: 2", "Cookie: y=2; z=3");
  assert.deepEqual(requestLines({ headers: crumbs }), ["a: 1", "cookie: x=1; y=2; z=3", "b: 2"]);
  assert.deepEqual(
    requestLines({
      headers: harHeaders("a: 1"),
      cookies: [{ name: "s", value: "a b" }, { name: "t" }],
    }),
    ["a: 1", "Cookie: s=a b; t="],
  );
  assert.deepEqual(
    requestLines({ headers: harHeaders("cookie: s=1"), cookies: cookies("s", "t") }),
    ["cookie: s=1"],
  );
});

Deno.test("readHar() takes one Set-Cookie per cookie out of every way of joining them", () => {
  const dated = "b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT";
  const cases: [Json, string[]][] = [
    [{ headers: harHeaders("Set-Cookie: a=1", `Set-Cookie: ${dated}`) }, ["a=1", dated]],
    [
      { headers: [{ name: "Set-Cookie", value: `a=1\n${dated}` }] },
      ["a=1", dated],
    ],
    [
      { headers: [{ name: "set-cookie", value: `a=1\r\n\r\n${dated}\r\n` }] },
      ["a=1", dated],
    ],
    [
      {
        headers: harHeaders(`Set-Cookie: a=1; Path=/, ${dated},c=x,y=z`),
        cookies: cookies("a", "b", "c"),
      },
      ["a=1; Path=/", dated, "c=x,y=z"],
    ],
    [{ headers: harHeaders("Set-Cookie: a=1,b=2"), cookies: cookies("a") }, ["a=1,b=2"]],
    [{ headers: harHeaders("Set-Cookie: a=1,b=2") }, ["a=1,b=2"]],
    [
      { headers: harHeaders("Set-Cookie: a=1,b=2", "Set-Cookie: b=3"), cookies: cookies("a", "b") },
      ["a=1,b=2", "b=3"],
    ],
    [
      { headers: [], cookies: [{ name: "a", value: "1", httpOnly: true }, { value: "nameless" }] },
      ["a=1; HttpOnly"],
    ],
  ];
  for (const [response, expected] of cases) {
    assert.deepEqual(responseLines(response).map((line) => line.slice(12)), expected);
  }
});

Deno.test("readHar() adds the target of a redirect where only redirectURL has it", () => {
  assert.deepEqual(responseLines({ status: 302, redirectURL: "/next" }), ["Location: /next"]);
  assert.deepEqual(
    responseLines({ status: 302, headers: harHeaders("location: /a"), redirectURL: "/b" }),
    ["location: /a"],
  );
  assert.deepEqual(responseLines({ status: 200, redirectURL: "/next" }), []);
  assert.deepEqual(responseLines({ status: 302, redirectURL: "" }), []);
});
