import assert from "node:assert/strict";
import type { JsonValue } from "../../lib/base/json.ts";
import { schemaProblems } from "../../lib/base/json_schema.ts";
import { argumentSchema } from "../../lib/openapi/argument_schema.ts";
import { catalogOf, operationOf, operationYaml } from "./documents.ts";

type Schema = {
  properties: Record<string, Record<string, unknown>>;
  required?: string[];
  $defs?: Record<string, unknown>;
};

function schemaOf(yaml: string, contentType?: string): Schema {
  const catalog = catalogOf(yaml);
  return argumentSchema(catalog, operationOf(catalog), { contentType }) as unknown as Schema;
}

function accepts(schema: Schema, args: Record<string, JsonValue>): boolean {
  return schemaProblems(schema as never, args).length === 0;
}

Deno.test("argumentSchema() has an argument for each parameter and one for the body", () => {
  const schema = schemaOf(`
paths:
  /a/{id}:
    post:
      parameters:
        - { name: id, in: path, description: which, schema: { type: integer } }
        - { name: limit, in: query, schema: { type: integer, default: 20, maximum: 100 } }
        - { name: version, in: header, required: true, schema: { type: string, enum: ["v1"] } }
        - { name: raw, in: query, deprecated: true }
      requestBody:
        required: true
        description: the thing
        content: { application/json: { schema: { type: object, required: [name] } } }
`);
  assert.deepEqual(schema, {
    type: "object",
    properties: {
      id: { type: "integer", description: "which" },
      limit: { type: "integer", maximum: 100, description: "Default: 20." },
      version: { type: "string", enum: ["v1"], default: "v1" },
      raw: { type: "string", deprecated: true },
      body: { type: "object", required: ["name"], description: "the thing" },
    },
    required: ["id", "version", "body"],
    additionalProperties: false,
  });
});

Deno.test("argumentSchema() keeps cycles as references and follows those at the top", () => {
  const schema = schemaOf(`
paths:
  /a:
    post:
      requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Node" } } } }
components:
  schemas:
    Node:
      type: object
      properties:
        name: { type: string }
        children: { type: array, items: { $ref: "#/components/schemas/Node" } }
`);
  assert.equal(schema.properties.body?.type, "object");
  assert.ok(accepts(schema, { body: { name: "a", children: [{ name: "b", children: [] }] } }));
  assert.ok(!accepts(schema, { body: { children: [{ children: [{ name: 5 }] }] } }));
});

Deno.test("argumentSchema() reads what OpenAPI 3.0 writes in its own way", () => {
  const property = (text: string) =>
    schemaOf(operationYaml(
      "x-number: { type: integer }\n" +
        `requestBody: { content: { application/json: { schema: { properties: { p: ${text} } } } } }`,
      "3.0.3",
    ));
  const cases: [string, JsonValue, boolean][] = [
    ["{ type: string, nullable: true }", null, true],
    ["{ type: string, nullable: true, enum: [a] }", null, true],
    ["{ allOf: [{ type: integer }], nullable: true }", null, true],
    ["{ allOf: [{ type: integer }], nullable: true }", "x", false],
    ["{ anyOf: [{ type: integer }, { type: boolean }], nullable: true }", null, true],
    ["{ allOf: [{ type: integer }] }", null, false],
    ["{ $ref: '#/paths/~1run/post/x-number', nullable: true }", null, true],
    ["{ $ref: '#/paths/~1run/post/x-number', nullable: true }", "x", false],
    ["{ $ref: '#/paths/~1run/post/x-number' }", null, false],
    ["{ type: string }", null, false],
    ["{ type: integer, minimum: 0, exclusiveMinimum: true }", 0, false],
    ["{ type: integer, minimum: 0, exclusiveMinimum: false }", 0, true],
    ["{ type: int }", "anything", true],
    ["{ type: string, pattern: '(?i)x' }", "y", true],
    ["{ type: string, pattern: '^x' }", "y", false],
    ["{ oneOf: [{ type: integer }, { type: number }] }", 5, true],
    ["{ oneOf: [{ type: integer }, { type: boolean }] }", "x", false],
    ["{ type: string, format: date }", "yesterday", false],
    ["{ type: array, items: { type: integer } }", ["x"], false],
    ["{ allOf: [{ type: object, required: [a] }] }", {}, false],
    [
      "{ type: object, required: [id, name], properties: { id: { readOnly: true } } }",
      { name: 1 },
      true,
    ],
    ["{ required: true, type: string }", "x", true],
    ["{ additionalProperties: { type: integer } }", { x: "y" }, false],
    ["{ not: { type: string } }", "x", false],
  ];
  for (const [text, value, expected] of cases) {
    assert.equal(accepts(property(text), { body: { p: value } }), expected, text);
  }
});

Deno.test("argumentSchema() shows the type of a value that may be null", () => {
  const schema = schemaOf(operationYaml(`parameters:
  - { name: a, in: query, schema: { anyOf: [{ type: integer }, { type: "null" }], title: A } }
  - { name: b, in: query, schema: { anyOf: [{ type: integer }, { type: string }] } }`));
  assert.deepEqual(schema.properties.a, { type: ["integer", "null"], title: "A" });
  assert.deepEqual(schema.properties.b, { anyOf: [{ type: "integer" }, { type: "string" }] });
});

Deno.test("argumentSchema() takes files in multipart forms and binary bodies", () => {
  const multipart = schemaOf(operationYaml(
    "requestBody: { content: { multipart/form-data: { schema: { properties: { f: { type: string, format: binary } } } } } }",
  ));
  const binary = schemaOf(operationYaml("requestBody: { content: { application/pdf: {} } }"));
  assert.ok(accepts(multipart, { body: { f: { base64: "AA==", filename: "a" } } }));
  assert.ok(accepts(multipart, { body: { f: "text" } }));
  assert.ok(!accepts(multipart, { body: { f: { path: "/etc/passwd" } } }));
  assert.ok(accepts(binary, { body: { base64: "AA==" } }));
});

Deno.test("argumentSchema() describes the media type that was asked for", () => {
  const yaml = operationYaml(`requestBody:
  content:
    application/json: { schema: { type: object } }
    text/plain: {}`);
  assert.equal(schemaOf(yaml, "application/json").properties.body?.type, "object");
  assert.deepEqual(schemaOf(yaml).properties.content_type?.enum, [
    "application/json",
    "text/plain",
  ]);
  assert.ok(accepts(schemaOf(yaml), { body: {} }) && accepts(schemaOf(yaml), { body: "text" }));
  assert.equal(schemaOf(yaml, "text/plain").properties.body?.type, "string");
});

Deno.test("argumentSchema() says which reference leads nowhere", () => {
  const yaml = operationYaml(
    "requestBody: { content: { application/json: { schema: { properties: { a: { $ref: 'x.json' } } } } } }",
  );
  assert.throws(() => schemaOf(yaml), /Reference "x\.json" points to another document/);
});

Deno.test("argumentSchema() never reads references inside examples, defaults and enums", () => {
  const schema = schemaOf(operationYaml(`requestBody:
  content:
    application/json:
      schema:
        type: object
        example: { $ref: "https://elsewhere.example/x" }
        default: { $ref: "https://elsewhere.example/x" }
        properties: { $ref: { type: string } }`));
  assert.ok(accepts(schema, { body: { $ref: "x" } }));
  assert.ok(!accepts(schema, { body: { $ref: 5 } }));
});

Deno.test("argumentSchema() stays bounded for schemas that reach everywhere", () => {
  const count = 60;
  const names = Array.from({ length: count }, (_, i) => `S${i}`);
  const schemas = names.map((name) =>
    `    ${name}: { type: object, properties: { ${
      names.map((other) => `${other}: { $ref: "#/components/schemas/${other}" }`).join(", ")
    } } }`
  ).join("\n");
  const schema = schemaOf(`
paths:
  /a:
    post:
      requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/S0" } } } }
components:
  schemas:
${schemas}
`);
  assert.ok(JSON.stringify(schema).length < 150_000);
  assert.ok(accepts(schema, { body: { S1: { S2: {} } } }));
});
