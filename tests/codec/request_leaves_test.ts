import assert from "node:assert/strict";
import { requestLeaves } from "../../lib/codec/request_leaves.ts";
import { describePlace } from "../../lib/correlate/leaves.ts";
import { Recording } from "../../lib/correlate/recording.ts";
import { trace, type TraceParts } from "../support/traces.ts";

function leavesOf(line: string, parts: TraceParts = {}): Record<string, string> {
  const leaves = requestLeaves(trace(line, parts).request);
  return Object.fromEntries(leaves.map(({ place, value }) => [describePlace(place), value]));
}

Deno.test("requestLeaves() breaks each part of a request into its smallest values", () => {
  const multipart = [
    "multipart/form-data; boundary=b",
    [
      "--b",
      'Content-Disposition: form-data; name="user[name]"',
      "",
      "ann",
      "--b",
      'Content-Disposition: form-data; name="photo"; filename="a.png"',
      "",
      "not a value",
      "--b--",
      "",
    ].join("\r\n"),
  ] as const;
  const cases: [string, TraceParts, Record<string, string>][] = [
    ["GET https://a.example/users/a%20b?q=1%2B1&q=2", {}, {
      "path segment 1": "users",
      "path segment 2": "a b",
      "query q": "2",
    }],
    ["GET https://a.example/", { cookie: "sid=s:1.x; theme=dark" }, {
      "path segment 1": "",
      "cookie sid": "s:1.x",
      "cookie theme": "dark",
    }],
    ["POST https://a.example/l", { form: { "user[email]": "a@b.example", next: "/x?y=1" } }, {
      "path segment 1": "l",
      "body user[email]": "a@b.example",
      "body next": "/x?y=1",
    }],
    ["POST https://a.example/l", { json: { a: { b: ["x", 7, true, null] }, c: "" } }, {
      "path segment 1": "l",
      "body a.b.0": "x",
      "body a.b.1": "7",
      "body a.b.2": "true",
      "body c": "",
    }],
    ["POST https://a.example/l", { body: multipart }, {
      "path segment 1": "l",
      "body user[name]": "ann",
      "body photo": "not a value",
    }],
    ["POST https://a.example/l", { body: ["text/xml", "<a>1</a>"] }, {
      "path segment 1": "l",
      "body a": "1",
    }],
    ["POST https://a.example/l", { body: ["text/plain", "a 1"] }, {
      "path segment 1": "l",
      "body": "a 1",
    }],
  ];
  for (const [line, parts, expected] of cases) assert.deepEqual(leavesOf(line, parts), expected);
});

Deno.test("requestLeaves() names a leaf by its own field, however it is nested", () => {
  const form = requestLeaves(
    trace("POST https://a.example/l", {
      form: {
        "user[login][name]": "1",
        "user.mail": "2",
        "ids[]": "3",
        plain: "4",
        "main$loginUser$secret": "5",
        "form:box:agree": "6",
      },
    }).request,
  ).filter(({ place }) => place.kind === "form").map(({ name }) => name);
  assert.deepEqual(form, ["name", "mail", "ids", "plain", "secret", "agree"]);
  const json = requestLeaves(
    trace("POST https://a.example/l", {
      json: { params: [0, { key: ["v"] }], secret: { value: "s" }, value: "w" },
    }).request,
  ).filter(({ place }) => place.kind === "json").map(({ name }) => name);
  assert.deepEqual(json, ["params", "key", "secret", "value"]);
});

Deno.test("requestLeaves() stops at so many leaves of each part", () => {
  const rows = Array.from({ length: 5_000 }, (_, id) => ({ id }));
  const { request } = trace("POST https://a.example/l/m?a=1&b=2", { json: rows });
  const kinds = (most?: number) =>
    Object.groupBy(requestLeaves(request, undefined, most), ({ place }) => place.kind);
  assert.equal(kinds().json?.length, 5_000);
  const { path, query, json } = kinds(1);
  assert.deepEqual([path, query, json].map((leaves) => leaves?.length), [1, 1, 1]);
});

Deno.test("a recording has no leaves of files, and not all of bulk data", () => {
  const file = '--b\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\nx\r\n--b--';
  const rows = Array.from({ length: 5_000 }, (_, id) => ({ id }));
  const { messages } = new Recording([
    trace("POST https://a.example/l", { body: ["multipart/form-data; boundary=b", file] }),
    trace("POST https://a.example/l", { json: rows }),
  ]);
  assert.deepEqual(messages.map(({ fields }) => fields.length), [0, 400]);
});
