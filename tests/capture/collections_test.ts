/** Collections of Postman and Insomnia, in the shapes their users' files have. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { AppError } from "../../lib/base/error.ts";
import { exchangesOf } from "../../lib/capture/capture_format.ts";
import { findSources } from "../../lib/capture/find_sources.ts";
import { readCaptureBytes } from "../support/read_capture.ts";
import { headerValue } from "../../lib/http/headers.ts";
import { withTempFolder } from "../support/temp_folder.ts";
import { linesOf, textOf } from "./har_builder.ts";

const read = (text: string) => readCaptureBytes(new TextEncoder().encode(text), "x");

Deno.test("a Postman collection's variables, schemes and examples are put into its requests", () => {
  const bearer = { type: "bearer", bearer: [{ key: "token", value: "{{token}}", type: "string" }] };
  const { exchanges, lacks, skipped } = read(JSON.stringify({
    info: {
      name: "quay",
      schema: "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
    },
    auth: bearer,
    variable: [{ key: "base", value: "{{scheme}}://quay.example" }, {
      key: "scheme",
      value: "https",
    }, {
      key: "token",
      value: "tok-71",
    }],
    item: [
      {
        request: {
          method: "PUT",
          url: {
            raw: "{{base}}/boats/:id?full=1",
            path: ["boats", ":id"],
            variable: [{ key: "id", value: "a b" }],
          },
          body: { mode: "raw", raw: '{"t":"{{token}}"}', options: { raw: { language: "json" } } },
        },
      },
      {
        name: "no raw",
        request: {
          method: "POST",
          auth: { type: "basic", basic: { username: "ada", password: "pin" } },
          url: {
            protocol: "https",
            host: ["api", "quay", "example"],
            port: "8443",
            path: ["graphql"],
            query: [{ key: "v", value: "2" }, { key: "off", value: "1", disabled: true }],
          },
          body: { mode: "graphql", graphql: { query: "query Q { a }", variables: '{"n":1}' } },
        },
        response: [
          {
            originalRequest: { method: "POST", url: "https://quay.example/1" },
            code: 200,
            body: "one",
          },
          {
            originalRequest: { method: "POST", url: "https://quay.example/2" },
            code: 404,
            body: "",
          },
        ],
      },
      { request: { method: "GET", url: "{{elsewhere}}/x", auth: { type: "noauth" } } },
    ],
  }));
  const [boat, first, second] = exchanges;
  assert.equal(boat!.request.url, "https://quay.example/boats/a%20b?full=1");
  assert.equal(headerValue(boat!.request.headers, "authorization"), "Bearer tok-71");
  assert.equal(headerValue(boat!.request.headers, "content-type"), "application/json");
  assert.equal(textOf(boat!.request.body), '{"t":"tok-71"}');
  assert.deepEqual(
    exchanges.slice(1).map(({ request, response }) => [request.url, response?.status]),
    [
      ["https://quay.example/1", 200],
      ["https://quay.example/2", 404],
    ],
  );
  assert.equal(headerValue(first!.request.headers, "authorization"), `Basic ${btoa("ada:pin")}`);
  assert.equal(textOf(second!.response!.body), "");
  assert.deepEqual(skipped.map(({ reason }) => reason), ["without a valid URL"]);
  assert.ok(!lacks.includes("answers") && lacks.includes("cookies"));
});

Deno.test("a Postman request without examples keeps its address in parts and its GraphQL body", () => {
  const { exchanges } = read(JSON.stringify({
    info: { name: "quay" },
    item: [{
      request: {
        method: "POST",
        auth: {
          type: "apikey",
          apikey: [{ key: "key", value: "k" }, { key: "value", value: "v1" }, {
            key: "in",
            value: "query",
          }],
        },
        url: {
          protocol: "https",
          host: "quay.example",
          port: "8443",
          path: "graphql",
          query: [{ key: "v", value: "2" }],
        },
        body: { mode: "graphql", graphql: { query: "query Q { a }", variables: '{"n":1}' } },
      },
    }],
  }));
  const { request } = exchanges[0]!;
  assert.equal(request.url, "https://quay.example:8443/graphql?v=2&k=v1");
  assert.deepEqual(JSON.parse(textOf(request.body)!), {
    query: "query Q { a }",
    variables: { n: 1 },
  });
});

const INSOMNIA_5 = `type: collection.insomnia.rest/5.0
schema_version: "5.1"
name: Quay
meta: { id: wrk_1, created: 1717508275743 }
collection:
  - name: Boats
    meta: { id: fld_1, sortKey: -10 }
    children:
      - name: Edit
        url: "{{ _.base_url }}/boats/:id"
        meta: { id: req_2, sortKey: -1 }
        method: PATCH
        pathParameters: [{ name: id, value: "7" }]
        body:
          mimeType: application/json
          text: |-
            {
              "name": "{{ _.names.first }}"
            }
        headers:
          - { name: Content-Type, value: application/json }
          - { name: X-Off, value: "1", disabled: true }
        authentication: { type: bearer, token: "{{ _.token }}", prefix: JWT }
      - name: Sign in
        url: "{{ _.base_url }}/in"
        meta: { id: req_1, sortKey: -5 }
        method: POST
        body:
          mimeType: application/x-www-form-urlencoded
          params: [{ name: user, value: ada }, { name: pin, value: "12 3" }]
  - name: Elsewhere
    url: https://other.example/x
    meta: { id: req_3, sortKey: -1 }
    parameters: [{ name: q, value: ü }]
    authentication: { type: apikey, key: X-Key, value: k1, addTo: header }
cookieJar:
  name: Default Jar
  cookies: [{ key: sid, value: s1, domain: .quay.example, path: / }]
environments:
  name: Base Environment
  data: { names: { first: Nixe } }
  subEnvironments:
    - name: Staging
      data: { base_url: "https://staging.quay.example", token: tok-1 }
    - name: Production
      data: { base_url: "https://quay.example", token: tok-2 }
`;

Deno.test("Insomnia's export 5 is read from YAML, with folders, environments and its cookie jar", () => {
  const { exchanges, creator, lacks } = read(INSOMNIA_5);
  assert.equal(creator, "Insomnia export");
  assert.deepEqual(exchanges.map(({ request }) => `${request.method} ${request.url}`), [
    "POST https://staging.quay.example/in",
    "PATCH https://staging.quay.example/boats/7",
    "GET https://other.example/x?q=%C3%BC",
  ]);
  const [login, edit, other] = exchanges.map(({ request }) => request);
  assert.equal(textOf(login!.body), "user=ada&pin=12+3");
  assert.deepEqual(linesOf(edit!.headers), [
    "Content-Type: application/json",
    "Authorization: JWT tok-1",
    "Cookie: sid=s1",
  ]);
  assert.deepEqual(JSON.parse(textOf(edit!.body)!), { name: "Nixe" });
  assert.deepEqual(linesOf(other!.headers), ["X-Key: k1"]);
  assert.ok(lacks.includes("answers") && !lacks.includes("cookies"));
  assert.throws(() => read(`${INSOMNIA_5}\n  bad: [`), {
    code: "BAD_INPUT",
    message: /it is not YAML near line \d+/,
  });
});

Deno.test("Insomnia's export 4 takes variables from its environments", () => {
  const { exchanges } = read(JSON.stringify({
    _type: "export",
    __export_format: 4,
    resources: [
      { _type: "environment", data: { host: "quay.example", api: { v: 3 } } },
      {
        _type: "request",
        url: "https://{{host}}/v{{ api.v }}/me",
        method: "GET",
        authentication: { type: "basic", username: "ada", password: "pin", disabled: true },
      },
      { _type: "cookie_jar", cookies: [{ key: "a", value: "1", domain: "quay.example" }] },
    ],
  }));
  const { url, headers } = exchanges[0]!.request;
  assert.equal(url, "https://quay.example/v3/me");
  assert.deepEqual(linesOf(headers), ["Cookie: a=1"]);
});

Deno.test("a Postman collection may hold headers as lines, OAuth's token, and files by their name", () => {
  const collection = {
    info: { schema: "https://schema.getpostman.com/json/collection/v2.1.0/collection.json" },
    auth: { type: "oauth2", oauth2: [{ key: "accessToken", value: "Tk81mZ4kPq" }] },
    item: [{
      request: {
        method: "POST",
        header: "X-Pier: 4: north\nAccept: */*",
        body: { mode: "formdata", formdata: [{ key: "photo", type: "file", src: "/a/b.png" }] },
        url: "https://a.example/up",
      },
    }],
  };
  const { exchanges: [sent] } = read(JSON.stringify(collection));
  assert.deepEqual(sent!.request.headers.slice(0, 3), [
    ["X-Pier", "4: north"],
    ["Accept", "*/*"],
    ["Authorization", "Bearer Tk81mZ4kPq"],
  ]);
  assert.match(textOf(sent!.request.body)!, /name="photo"; filename="b.png"/);
});

Deno.test("values of a Postman environment go into the collection that is given with it", async () => {
  const collection = {
    info: { name: "quay" },
    variable: [{ key: "base", value: "https://old.example" }, { key: "v", value: "2" }],
    item: [{
      request: {
        url: "{{base}}/{{v}}",
        auth: { type: "bearer", bearer: [{ key: "token", value: "{{token}}" }] },
      },
    }, { request: "{{elsewhere}}/x" }],
  };
  const environment = {
    name: "staging",
    _postman_variable_scope: "environment",
    values: [
      { key: "base", value: "https://quay.example", enabled: true },
      { key: "token", value: "tok-9", enabled: true },
      { key: "elsewhere", value: "https://off.example", enabled: false },
    ],
  };
  await withTempFolder(async (folder) => {
    const paths = ["staging.json", "quay.json"].map((name) => join(folder, name));
    await Deno.writeTextFile(paths[0]!, JSON.stringify(environment));
    await Deno.writeTextFile(paths[1]!, JSON.stringify(collection));
    for (const given of [paths, paths.toReversed(), [folder]]) {
      const sources = findSources(given, new Uint8Array());
      assert.equal(sources.length, 1);
      const { exchanges, lacks } = exchangesOf(sources[0]!.scan());
      assert.deepEqual(exchanges.map(({ request }) => request.url), ["https://quay.example/2"]);
      assert.equal(headerValue(exchanges[0]!.request.headers, "authorization"), "Bearer tok-9");
      assert.deepEqual([lacks[0], lacks.at(-1)], ["answers", "values of variables: elsewhere"]);
    }
    const alone = { message: /holds no request that can be read/ };
    assert.throws(() => exchangesOf(findSources([paths[0]!], new Uint8Array())[0]!.scan()), alone);
  });
  assert.throws(
    () => read(JSON.stringify({ info: {}, item: [{ request: "{{host}}/a" }] })),
    (error: AppError) => error.hint!.includes("values of host"),
  );
});

Deno.test("files of a form are named, and said to be lacking", () => {
  const form = [{ key: "photo", type: "file", src: "/home/ida/a.png" }, {
    key: "note",
    value: "n",
  }];
  const postman = read(JSON.stringify({
    info: {},
    item: [{
      request: {
        method: "POST",
        url: "https://a.example",
        body: { mode: "formdata", formdata: form },
      },
    }],
  }));
  const insomnia = read(JSON.stringify({
    __export_format: 4,
    resources: [{
      _type: "request",
      method: "POST",
      url: "https://a.example",
      body: {
        mimeType: "multipart/form-data",
        params: [{ name: "photo", type: "file", fileName: "C:\\\\a.png" }, {
          name: "note",
          value: "n",
        }],
      },
    }],
  }));
  for (const { exchanges, lacks } of [postman, insomnia]) {
    const body = textOf(exchanges[0]!.request.body)!;
    assert.match(body, /name="photo"; filename="a\.png"\r\n\r\n\r\n[^]*name="note"\r\n\r\nn\r\n/);
    assert.ok(lacks.includes("bodies that stand in files"), lacks.join());
  }
});
