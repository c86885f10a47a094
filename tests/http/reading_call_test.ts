import assert from "node:assert/strict";
import { isReadingName, isReadingPost, isViewingPost } from "../../lib/http/reading_call.ts";

function post(
  path: string,
  body: unknown,
  type = "application/json",
): Parameters<typeof isReadingPost>[0] {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return {
    method: "POST",
    url: `https://shop.example${path}`,
    headers: [["content-type", type]],
    body: body === undefined ? null : new TextEncoder().encode(text),
  };
}

const rpc = (method: string) => ({ jsonrpc: "2.0", id: 3, method, params: {} });

const FORM = "application/x-www-form-urlencoded";

const READING = [
  ["a query", post("/graphql", { query: "query Me { me { id } }" })],
  ["a query without a word", post("/graphql", { query: "# all\n{ me { id } }" })],
  [
    "a fragment before the query",
    post("/g", { query: "fragment F on U { id } query Q { u { ...F } }" }),
  ],
  ["a batch of queries", post("/graphql", [{ query: "{ a }" }, { query: "{ b }" }])],
  ["a query in a form", post("/g", "query=%7B+me+%7D", "application/x-www-form-urlencoded")],
  ["a method that reads", post("/rpc", rpc("berth.getAll"))],
  ["JSON-RPC 1.0", post("/rpc", { method: "list_boats", params: [], id: 1 })],
  ["a bare call with a number", post("/rpc", { method: "list_boats", args: [4], seq: 9 })],
  ["a bare call", post("/rpc", { method: "torrent-get", arguments: { fields: ["id"] }, tag: 1 })],
  ["a path that asks", post("/v1/notes/search", { text: "tea" })],
  ["a path that lists", post("/notes/list", {})],
  ["a path without a body", post("/api/getBoats", undefined)],
  ["a form that stands for a GET", post("/boats", "_method=GET&page=2", FORM)],
  ["JSON that stands for a GET", post("/1/classes/Boat", { _method: "GET", where: {} })],
  ["the same as text", post("/1/classes/Boat", { _method: "GET" }, "text/plain")],
] as const;

const CHANGING = [
  ["a mutation", post("/graphql", { query: "mutation Pay { pay }" })],
  [
    "a mutation beside a query",
    post("/g", { query: "query Q { a } mutation M { b }", operationName: "M" }),
  ],
  ["a batch with a mutation", post("/graphql", [{ query: "{ a }" }, { query: "mutation { b }" }])],
  ["a method that changes", post("/rpc", rpc("berth.getOrCreate"))],
  ["a method that says nothing", post("/rpc", rpc("berth.all"))],
  ["a method on a path that asks", post("/notes/list", rpc("note.delete"))],
  ["a bare call with a number that changes", post("/rpc", { method: "sell", args: [4], seq: 9 })],
  ["a bare call that changes", post("/rpc", { method: "torrent-set", arguments: { ids: [4] } })],
  ["a bare call beside more", post("/rpc", { method: "torrent-get", amount: 4 })],
  ["a notification", post("/rpc", { jsonrpc: "2.0", method: "berth.get" })],
  ["a path that makes lists", post("/api/v2/list", { name: "Shopping" })],
  ["a path that changes", post("/notes/search/save", {})],
  ["a path within a change", post("/import/list", {})],
  ["a search term called query", post("/notes", { query: "tea" })],
  ["an empty batch", post("/graphql", [])],
  ["a form that stands for a DELETE", post("/boats/search", "_method=DELETE", FORM)],
  ["a query that stands for a PUT", post("/g", { query: "{ me }", _method: "PUT" })],
] as const;

for (const [what, request] of READING) {
  Deno.test(`isReadingPost() takes ${what} for a question`, () => {
    assert.equal(isReadingPost(request), true);
    assert.equal(isReadingPost({ ...request, method: "PATCH" }), false);
  });
}

for (const [what, request] of CHANGING) {
  Deno.test(`isReadingPost() takes ${what} for what may change something`, () => {
    assert.equal(isReadingPost(request), false);
  });
}

Deno.test("isReadingName() goes by whole words", () => {
  for (const name of ["getBoats", "list-orders", "user.find", "SEARCH"]) {
    assert.ok(isReadingName(name), name);
  }
  for (const name of ["gadget", "listen", "getaway", "readAndDelete", "", "boats"]) {
    assert.ok(!isReadingName(name), name);
  }
});

Deno.test("isViewingPost() takes what names something to look at and says nothing else", () => {
  const session = new Set(["s3ss10n"]);
  for (
    const request of [
      post("/v2/user/info", undefined),
      post("/basket/detail", {}),
      post("/account/overview", { session: "s3ss10n" }),
      post("/rpc", { ...rpc("user.me"), session: "s3ss10n" }),
      post("/me", "token=s3ss10n", "application/x-www-form-urlencoded"),
    ]
  ) assert.equal(isViewingPost(request, session), true, request.url);
  for (
    const request of [
      post("/v2/user/info", { name: "Ann" }),
      post("/v2/user/info?name=Ann", undefined),
      post("/rpc", { ...rpc("user.me"), params: { name: "Ann" } }),
      post("/rpc", rpc("user.delete.me")),
      post("/profile/reset/details", {}),
      post("/orders", {}),
      post("/me", "me", "text/plain"),
    ]
  ) assert.equal(isViewingPost(request), false, request.url);
});
