import assert from "node:assert/strict";
import { AppError } from "../../lib/base/error.ts";
import { buildAppRequest } from "../../lib/tools/build_request.ts";
import { parametersOf, sampleTool } from "./sample_tool.ts";

const bodyOf = (request: { body: Uint8Array | null }) =>
  request.body === null ? null : new TextDecoder().decode(request.body);

function refusal(work: () => unknown): AppError {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof AppError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: "nothing was thrown" });
}

const any = { type: "string" };
const pathTool = (path = "/notes/{id}") =>
  sampleTool({ path, parameters: parametersOf({ id: any, other: any }, ["id"]) });

Deno.test("buildAppRequest() encodes a path argument as one segment", async (t) => {
  const cases: readonly [id: string, url: string][] = [
    ["17", "/notes/17"],
    ["a b", "/notes/a%20b"],
    ["../admin?x=1#", "/notes/..%2Fadmin%3Fx%3D1%23"],
    ["%2e%2e", "/notes/%252e%252e"],
    ["a\\b", "/notes/a%5Cb"],
    ["ü/€", "/notes/%C3%BC%2F%E2%82%AC"],
    ["...", "/notes/..."],
    ["{id}", "/notes/%7Bid%7D"],
    ["@evil.net", "/notes/%40evil.net"],
  ];
  for (const [id, path] of cases) {
    await t.step(id, () => {
      const { url } = buildAppRequest(pathTool(), { id });
      assert.equal(url, `https://api.example.com${path}`);
      assert.equal(new URL(url).pathname, path, "the URL parser changes nothing");
    });
  }
});

Deno.test("buildAppRequest() refuses path arguments that would leave the path", () => {
  for (const id of ["", ".", "..", "\ud800"]) {
    const error = refusal(() => buildAppRequest(pathTool(), { id }));
    assert.equal(error.code, "USAGE");
    assert.equal(error.details["argument"], "id");
  }
  assert.equal(
    buildAppRequest(pathTool("/files/{id}.json"), { id: "." }).url,
    "https://api.example.com/files/..json",
  );
  assert.throws(() => buildAppRequest(pathTool("/a/{id}{other}"), { id: ".", other: "." }), {
    code: "USAGE",
  });
});

Deno.test("buildAppRequest() writes queries: lists repeated, absent left out, constants kept", () => {
  const tool = sampleTool({
    path: "/notes",
    query: [
      ["v", { kind: "constant", value: 2 }],
      ["tag[]", { kind: "param", param: "tag" }],
      ["q", { kind: "param", param: "q" }],
      ["done", { kind: "param", param: "done" }],
      ["where", { kind: "param", param: "where" }],
      ["variables", {
        kind: "json-text",
        template: { kind: "object", entries: [["id", { kind: "param", param: "id" }]] },
      }],
    ],
    parameters: parametersOf({
      tag: { type: "array", items: any },
      q: any,
      done: { type: "boolean" },
      where: { type: "object" },
      id: { type: "integer" },
    }),
  });
  assert.equal(
    buildAppRequest(tool, { tag: ["a b", "c&d"], done: false, where: { x: 1 }, id: "5" }).url,
    "https://api.example.com/notes?v=2&tag%5B%5D=a%20b&tag%5B%5D=c%26d&done=false" +
      "&where=%7B%22x%22%3A1%7D&variables=%7B%22id%22%3A5%7D",
  );
  assert.equal(
    buildAppRequest(tool, {}).url,
    "https://api.example.com/notes?v=2&variables=%7B%7D",
  );
});

Deno.test("buildAppRequest() writes JSON, form, multipart and text bodies", async (t) => {
  const fields = [
    ["title", { kind: "param", param: "title" }],
    ["kind", { kind: "constant", value: "note" }],
    ["tags", { kind: "param", param: "tags" }],
  ] as const;
  const parameters = parametersOf({ title: any, tags: { type: "array", items: any } }, ["title"]);
  const base = { method: "POST", path: "/notes", parameters };
  const args = { title: "A&B é", tags: ["x", "y"] };
  const cases = [
    [
      { kind: "json", template: { kind: "object", entries: fields } },
      "application/json",
      '{"title":"A&B é","kind":"note","tags":["x","y"]}',
    ],
    [
      { kind: "form", fields },
      "application/x-www-form-urlencoded",
      "title=A%26B+%C3%A9&kind=note&tags=x&tags=y",
    ],
    [
      { kind: "multipart", fields: fields.slice(0, 2) },
      "multipart/form-data; boundary=keysmith-boundary-1",
      '--keysmith-boundary-1\r\nContent-Disposition: form-data; name="title"\r\n\r\nA&B é\r\n' +
      '--keysmith-boundary-1\r\nContent-Disposition: form-data; name="kind"\r\n\r\nnote\r\n' +
      "--keysmith-boundary-1--\r\n",
    ],
    [
      { kind: "text", value: { kind: "param", param: "title" } },
      "text/plain;charset=UTF-8",
      "A&B é",
    ],
  ] as const;
  for (const [body, contentType, text] of cases) {
    await t.step(body.kind, () => {
      const request = buildAppRequest(sampleTool({ ...base, body }), args);
      assert.equal(bodyOf(request), text);
      assert.deepEqual(request.headers, [["Content-Type", contentType]]);
    });
  }
});

Deno.test("buildAppRequest() leaves out absent members at every depth, and keeps null", () => {
  const tool = sampleTool({
    method: "POST",
    path: "/graphql",
    headers: [["Content-Type", "application/graphql+json"]],
    body: {
      kind: "json",
      template: {
        kind: "array",
        items: [{
          kind: "object",
          entries: [
            ["query", { kind: "constant", value: "{ me }" }],
            ["variables", {
              kind: "object",
              entries: [["a", { kind: "param", param: "a" }], ["b", { kind: "param", param: "b" }]],
            }],
          ],
        }],
      },
    },
    parameters: parametersOf({ a: { type: "integer" }, b: { type: ["string", "null"] } }),
  });
  const request = buildAppRequest(tool, { b: null });
  assert.equal(bodyOf(request), '[{"query":"{ me }","variables":{"b":null}}]');
  assert.deepEqual(request.headers, [["Content-Type", "application/graphql+json"]]);
});

Deno.test("buildAppRequest() chooses a multipart boundary that is in no field", () => {
  const tool = sampleTool({
    method: "POST",
    path: "/x",
    body: { kind: "multipart", fields: [['a"\r\nb', { kind: "param", param: "a" }]] },
    parameters: parametersOf({ a: any }),
  });
  const body = bodyOf(buildAppRequest(tool, { a: "keysmith-boundary-1" }));
  assert.ok(
    body?.startsWith('--keysmith-boundary-2\r\nContent-Disposition: form-data; name="a%22%0D%0Ab"'),
  );
});

Deno.test("buildAppRequest() reads texts as the type the schema declares", () => {
  const tool = sampleTool({
    method: "POST",
    path: "/x",
    body: {
      kind: "json",
      template: {
        kind: "object",
        entries: ["i", "n", "b", "a", "o", "s", "m"].map((name) =>
          [name, { kind: "param", param: name }] as const
        ),
      },
    },
    parameters: parametersOf({
      i: { type: "integer" },
      n: { type: "number" },
      b: { type: "boolean" },
      a: { type: "array", items: { type: "integer" } },
      o: { type: "object" },
      s: any,
      m: { type: ["integer", "string"] },
    }),
  });
  const args = { i: " 5 ", n: "1.5", b: "true", a: "7", o: '{"x":[1]}', s: "5", m: "5" };
  assert.deepEqual(JSON.parse(bodyOf(buildAppRequest(tool, args))!), {
    i: 5,
    n: 1.5,
    b: true,
    a: [7],
    o: { x: [1] },
    s: "5",
    m: "5",
  });
  assert.deepEqual(JSON.parse(bodyOf(buildAppRequest(tool, { a: "[1,2]" }))!), { a: [1, 2] });
  assert.deepEqual(JSON.parse(bodyOf(buildAppRequest(tool, { a: ["1", 2] }))!), { a: [1, 2] });
});

Deno.test("buildAppRequest() fills in defaults before it checks what is missing", () => {
  const tool = sampleTool({
    path: "/notes",
    query: [["page", { kind: "param", param: "page" }]],
    parameters: parametersOf({ page: { type: "integer", default: 1 } }, ["page"]),
  });
  assert.equal(buildAppRequest(tool, {}).url, "https://api.example.com/notes?page=1");
  assert.equal(buildAppRequest(tool, { page: 3 }).url, "https://api.example.com/notes?page=3");
});

Deno.test("buildAppRequest() names the argument that does not fit", async (t) => {
  const tool = sampleTool({
    method: "POST",
    path: "/x",
    body: { kind: "json", template: { kind: "param", param: "body" } },
    parameters: parametersOf({
      body: {
        type: "object",
        properties: { "a/b": { type: "array", items: { type: "integer" } } },
        description: "What to save",
      },
      n: { type: "integer" },
    }, ["body"]),
  });
  const cases: readonly [
    name: string,
    args: Record<string, unknown>,
    message: string,
    hint?: string,
  ][] = [
    [
      "missing",
      {},
      'The argument "body" is missing',
      'body: What to save. For example body={"a/b":[1]}',
    ],
    ["unknown", { body: {}, x: 1 }, 'There is no argument "x"', "It takes: body, n"],
    [
      "of the wrong type",
      { body: {}, n: "five" },
      'The argument "n" is not valid: it is the text "five", and a whole number fits',
      "For example n=1",
    ],
    [
      "wrong inside",
      { body: { "a/b": [1, "s3cret"] } },
      'The argument "body" is not valid at a/b.1: it is a text of 6 characters, and a whole number fits',
    ],
    ["named like a prototype", { body: {}, constructor: 1 }, 'There is no argument "constructor"'],
  ];
  for (const [name, args, message, hint] of cases) {
    await t.step(name, () => {
      const error = refusal(() => buildAppRequest(tool, args));
      assert.equal(error.code, "USAGE");
      assert.equal(error.message, message);
      if (hint !== undefined) assert.equal(error.hint, hint);
      assert.ok(!Deno.inspect(error).includes("s3cret"));
    });
  }
});

Deno.test("buildAppRequest() reports a schema that cannot be used", () => {
  const tool = sampleTool({
    path: "/x",
    parameters: parametersOf({ a: { type: "string", pattern: "(" } }),
  });
  assert.equal(refusal(() => buildAppRequest(tool, { a: "x" })).code, "BAD_INPUT");
});
