/** Bodies of service calls as a server on loopback receives them. */
import assert from "node:assert/strict";
import { AppError } from "../../lib/base/error.ts";
import type { JsonValue } from "../../lib/base/json.ts";
import { callServiceTool } from "../../lib/ops/call_service.ts";
import { loadService, requireOperation } from "../../lib/ops/service_catalog.ts";
import { argumentSchema } from "../../lib/openapi/argument_schema.ts";
import { Home } from "../../lib/store/home.ts";
import { type Desk, startDesk } from "../resolve/desk.ts";

const bytes = { type: "string", contentMediaType: "application/octet-stream" };

/** A document with `POST /run` and these contents. */
async function withContents(
  content: Record<string, unknown>,
  run: (
    send: (args: Record<string, unknown>, contentType?: string) => Promise<Request>,
    desk: Desk,
  ) => Promise<void>,
  schemas: Record<string, unknown> = {},
): Promise<void> {
  await using desk = await startDesk(() => Response.json({}));
  await desk.document({
    paths: { "/run": { post: { operationId: "run", requestBody: { required: true, content } } } },
    components: { schemas },
  });
  await run(async (args, contentType) => {
    const media = contentType === undefined ? {} : { contentType };
    await callServiceTool(desk.context(), { service: "desk", tool: "run", args, ...media });
    const { method, headers, body } = desk.requests.at(-1)!;
    return new Request(desk.origin, { method, headers, body });
  }, desk);
}

async function refusalOf(run: Promise<unknown>): Promise<AppError> {
  const error = await run.then(() => null, (thrown) => thrown);
  assert.ok(error instanceof AppError, String(error));
  return error;
}

Deno.test("callServiceTool() uploads what OpenAPI 3.1 means as files", async () => {
  const Body_upload = {
    type: "object",
    required: ["scan"],
    properties: {
      scan: bytes,
      cover: { anyOf: [bytes, { type: "null" }] },
      pages: { type: "array", items: { type: "string", contentMediaType: "image/tiff" } },
      stamp: { type: "string", contentEncoding: "base64", contentMediaType: "image/gif" },
      meta: { type: "object", properties: { year: { type: "integer" } } },
      title: { type: "string" },
    },
  };
  const content = {
    "multipart/form-data": { schema: { $ref: "#/components/schemas/Body_upload" } },
  };
  await withContents(content, async (send) => {
    const request = await send({
      scan: { base64: btoa("%PDF"), filename: "march 7.pdf", type: "application/pdf" },
      cover: { file: "red", filename: "cover.txt" },
      pages: [{ base64: btoa("p1"), filename: "1.tif" }, { base64: btoa("p2") }],
      stamp: { base64: btoa("GIF") },
      meta: { file: { year: 1999 }, filename: "meta.json", type: "application/vnd.m+json" },
      title: 12,
    });
    const form = await request.formData();
    const parts = await Promise.all(
      [...form].map(async ([name, value]) =>
        value instanceof File
          ? [name, value.name, value.type, await value.text()]
          : [name, null, null, value]
      ),
    );
    assert.deepEqual(parts, [
      ["scan", "march 7.pdf", "application/pdf", "%PDF"],
      ["cover", "cover.txt", "application/octet-stream", "red"],
      ["pages", "1.tif", "image/tiff", "p1"],
      ["pages", "pages", "image/tiff", "p2"],
      ["stamp", "stamp", "image/gif", btoa("GIF")],
      ["meta", "meta.json", "application/vnd.m+json", '{"year":1999}'],
      ["title", null, null, "12"],
    ]);
    const text = await (await send({ scan: "plain words", cover: null })).formData();
    assert.ok(text.get("scan") instanceof File, "a text is a file, too");
    assert.equal(text.has("cover"), false);
    const paths = ["@/etc/hostname", "@./page 1.tif", "@../page", "@~/page", "@C:\\page.tif"];
    for (const scan of [{ file: "@page.tif", filename: "x" }, ...paths]) {
      const { message } = await refusalOf(send({ scan }));
      assert.match(message, /"body\.scan" is not valid: .*only the shell reads files/);
    }
    for (const scan of ["@someone wrote", "@/first line\nsecond", "a@/b", "@media print {}"]) {
      const sent = (await (await send({ scan })).formData()).get("scan");
      assert.equal(await (sent as File).text(), scan);
    }
  }, { Body_upload });
});

Deno.test("callServiceTool() writes the media type that is chosen, or that the arguments fit", async () => {
  const titled = { type: "object", properties: { title: { type: "string" } } };
  const content = {
    "application/json": { schema: { ...titled, additionalProperties: false } },
    "application/x-www-form-urlencoded": { schema: titled },
    "multipart/form-data": {
      schema: { ...titled, properties: { ...titled.properties, photo: bytes } },
    },
    "image/*": {},
  };
  await withContents(content, async (send, desk) => {
    const typeOf = async (args: Record<string, unknown>, contentType?: string) =>
      (await send(args, contentType)).headers.get("content-type")?.split(";")[0];
    assert.equal(await typeOf({ title: "a" }), "application/json");
    const form = "application/x-www-form-urlencoded";
    assert.equal(await typeOf({ title: "a", content_type: form }), form);
    assert.equal(await typeOf({ title: "a" }, form), form);
    assert.equal(await typeOf({ title: "a", photo: { base64: "AA==" } }), "multipart/form-data");
    assert.equal(
      await typeOf({ body: { base64: "AA==" }, content_type: "image/webp" }),
      "image/webp",
    );
    const error = await refusalOf(send({ title: "a" }, "text/csv"));
    assert.equal(error.message, '"run" takes no body of "text/csv"');
    assert.match(error.hint ?? "", /^It takes: application\/json, /);
    const loaded = await loadService(desk.context(), new Home(desk.home), "desk");
    const schema = argumentSchema(loaded.catalog, requireOperation(loaded.catalog, "desk", "run"));
    assert.deepEqual(Object.keys((schema as { properties: object }).properties), [
      "body",
      "content_type",
    ]);
  });
  await withContents({ "application/json": { schema: titled } }, async (send) => {
    const error = await refusalOf(send({ title: "a", content_type: "application/json" }));
    assert.equal(error.message, 'There is no argument "content_type"');
  });
});

Deno.test("callServiceTool() sends what a document that takes any type is given", async () => {
  const cases: [schema: unknown, args: Record<string, unknown>, type: string, body: string][] = [
    [
      { type: "object", properties: { n: { type: "integer" } } },
      { n: "5" },
      "application/json",
      '{"n":5}',
    ],
    [{ type: "string" }, { body: "words" }, "text/plain", "words"],
    [{}, { body: { base64: btoa("x"), type: "audio/ogg" } }, "audio/ogg", "x"],
    [{}, { body: [1] }, "application/json", "[1]"],
    [{ type: "string" }, { body: "a,b", content_type: "text/csv" }, "text/csv", "a,b"],
  ];
  for (const [schema, args, type, body] of cases) {
    await withContents({ "*/*": { schema } }, async (send) => {
      const request = await send(args);
      assert.deepEqual([request.headers.get("content-type"), await request.text()], [type, body]);
    });
  }
});

Deno.test("callServiceTool() writes XML by its schema", async () => {
  const Book = {
    type: "object",
    xml: { name: "book", namespace: "urn:books", prefix: "b" },
    properties: {
      isbn: { type: "string", xml: { attribute: true } },
      title: { type: "string", xml: { prefix: "b" } },
      authors: {
        type: "array",
        xml: { name: "authors", wrapped: true },
        items: { type: "string", xml: { name: "author" } },
      },
      tag: { type: "array", items: { type: "string" } },
      price: {
        allOf: [{
          type: "object",
          properties: {
            amount: { type: "number" },
            unit: { type: "string", xml: { attribute: true } },
          },
        }],
      },
      note: { type: "string", xml: { nodeType: "cdata" } },
    },
  };
  const cases: [schema: unknown, body: JsonValue, expected: string][] = [
    [
      { $ref: "#/components/schemas/Book" },
      {
        price: { amount: "9.50", unit: 'E"UR' },
        title: "A & <B>",
        isbn: 3,
        authors: ["x", "y"],
        tag: ["1", "2"],
        note: "a]]>b",
      },
      '<b:book xmlns:b="urn:books" isbn="3"><b:title>A &amp; &lt;B&gt;</b:title>' +
      "<authors><author>x</author><author>y</author></authors><tag>1</tag><tag>2</tag>" +
      '<price unit="E&quot;UR"><amount>9.5</amount></price><![CDATA[a]]]]><![CDATA[>b]]></b:book>',
    ],
    [
      { $ref: "#/components/schemas/Shelf" },
      [{ isbn: "1" }],
      '<Shelf><b:book xmlns:b="urn:books" isbn="1"/></Shelf>',
    ],
    [
      { type: "object" },
      { a: { b: [true, null, 2] } },
      "<root><a><b>true</b><b/><b>2</b></a></root>",
    ],
    [{ type: "object" }, "<own/>", "<own/>"],
  ];
  const Shelf = { type: "array", items: { $ref: "#/components/schemas/Book" } };
  for (const [schema, body, expected] of cases) {
    await withContents({ "application/vnd.books+xml": { schema } }, async (send) => {
      const request = await send({ body });
      assert.equal(request.headers.get("content-type"), "application/vnd.books+xml");
      const head = expected === "<own/>" ? "" : '<?xml version="1.0" encoding="UTF-8"?>\n';
      assert.equal(await request.text(), head + expected);
      const error = await refusalOf(send({ body: { "no name": 1, isbn: "\x01" } }));
      assert.match(error.message, /^The argument "body" is not valid/);
    }, { Book, Shelf });
  }
});

Deno.test("callServiceTool() writes multipart/mixed and multipart/related", async () => {
  const schema = {
    type: "object",
    properties: { metadata: { type: "object" }, media: { type: "string", format: "binary" } },
  };
  const encoding = { media: { contentType: "image/png" } };
  const body = { media: { base64: btoa("PNG"), filename: "a.png" }, metadata: { name: "a" } };
  const related =
    'Content-Type: application/json\r\nContent-ID: <metadata>\r\n\r\n{"name":"a"}\r\n--B\r\n' +
    'Content-Type: image/png\r\nContent-ID: <media>\r\nContent-Disposition: attachment; filename="a.png"\r\n\r\nPNG';
  const mixed =
    'Content-Type: application/json\r\nContent-Disposition: form-data; name="metadata"\r\n\r\n{"name":"a"}\r\n--B\r\n' +
    'Content-Type: image/png\r\nContent-Disposition: form-data; name="media"; filename="a.png"\r\n\r\nPNG';
  for (
    const [type, expected] of [["multipart/related", related], ["multipart/mixed", mixed]] as const
  ) {
    await withContents({ [type]: { schema, encoding } }, async (send) => {
      const request = await send(body);
      const header = request.headers.get("content-type") ?? "";
      const boundary = /boundary=([^;]+)/.exec(header)?.[1] ?? "";
      assert.ok(header.startsWith(`${type}; boundary=`), header);
      assert.equal(header.includes('type="application/json"'), type === "multipart/related");
      const text = (await request.text()).replaceAll(boundary, "B");
      assert.equal(text, `--B\r\n${expected}\r\n--B--\r\n`);
    });
  }
  await withContents({ "multipart/mixed": { schema: { type: "array" } } }, async (send) => {
    const text = await (await send({ body: [{ a: 1 }, "two"] })).text();
    assert.match(text, /^--.*\r\nContent-Type: application\/json\r\n\r\n\{"a":1\}\r\n/);
  });
});

Deno.test("callServiceTool() takes a file for a text of JSON: in base64 where the schema says so", async () => {
  const properties = {
    photo: { type: "string", contentEncoding: "base64" },
    icon: { type: "string", format: "byte" },
    note: { type: "string", maxLength: 9 },
  };
  await withContents(
    { "application/json": { schema: { type: "object", properties } } },
    async (send) => {
      const file = { base64: btoa("hi!"), filename: "x", type: "text/plain" };
      const request = await send({ photo: file, icon: file, note: file });
      assert.deepEqual(await request.json(), {
        photo: btoa("hi!"),
        icon: btoa("hi!"),
        note: "hi!",
      });
    },
  );
});
