import assert from "node:assert/strict";
import fc from "fast-check";
import { AjvJsonSchemaValidator } from "@modelcontextprotocol/client/validators/ajv";
import type { JsonSchema } from "../../lib/base/json.ts";
import { fitted, withoutAnswer } from "../../lib/mcp/fitted_output.ts";
import { outputOf } from "../../lib/mcp/output_schema.ts";
import { describedAnswers } from "../../lib/mcp/tool_description.ts";
import { answerSchema } from "../../lib/openapi/answer_schema.ts";
import type { ToolSummary } from "../../lib/ops/tool_owner.ts";
import { recordedAnswers } from "../../lib/tools/recorded_answers.ts";
import { catalogOf, operationYaml } from "../openapi/documents.ts";
import { fuzzRuns } from "../support/fuzz_runs.ts";

function outputFor(answers: JsonSchema | null) {
  return outputOf({ answers } as ToolSummary) ?? assert.fail("Nothing is said of the answer");
}

function answersOf(response: string, version = "3.1.0", rest = ""): JsonSchema | null {
  const catalog = catalogOf(operationYaml(`responses:\n${response}`, version) + rest);
  return answerSchema(catalog, catalog.operations[0]!);
}

const inJson = (schema: string) =>
  `  '200': {description: x, content: {application/json: {schema: ${schema}}}}`;

const TREE = `components:
  schemas:
    Node:
      type: object
      required: [id, secret, made]
      properties:
        id: {type: integer, format: int64}
        size: {type: integer, format: int32}
        secret: {type: string, writeOnly: true}
        made: {type: string, format: date-time, readOnly: true, pattern: "^2"}
        children: {type: array, items: {$ref: "#/components/schemas/Node"}}
      additionalProperties: false
`;
const NODE = '{$ref: "#/components/schemas/Node"}';

Deno.test("answerSchema() keeps types and names, and leaves out what daily answers break", () => {
  const schema = answersOf(inJson(NODE), "3.1.0", TREE);
  const properties = {
    id: { type: ["integer", "string"] },
    size: { type: "integer" },
    secret: { type: "string" },
    made: { type: "string" },
    children: { type: "array", items: { $ref: "#/$defs/Node" } },
  };
  const node = { type: "object", required: ["id", "made"], properties };
  assert.deepEqual(schema, { ...node, $defs: { Node: node } });
});

Deno.test("answerSchema() says nothing where an answer may be anything, or far too much", () => {
  const many = Array.from({ length: 900 }, (_, at) => `long_member_name_${at}: {type: string}`);
  const wide = Array.from(
    { length: 60 },
    (_, at) => `m${at}: {enum: [${many.slice(0, 30).map((_, n) => `value${at}_${n}`)}]}`,
  );
  for (
    const response of [
      "  '204': {description: gone}",
      inJson("{}"),
      inJson("{type: object}"),
      inJson('{$ref: "#/components/schemas/Missing"}'),
      `${
        inJson("{type: object, properties: {a: {}}}")
      }\n  '201': {description: x, content: {application/json: {}}}`,
      inJson(`{type: object, properties: {${wide}}}`),
      "  '200': {description: x, content: {text/csv: {schema: {type: object, properties: {a: {}}}}}}",
      "  '404': {description: x, content: {application/json: {schema: {type: object, properties: {a: {}}}}}}",
    ]
  ) {
    assert.equal(answersOf(response), null, response);
  }
  assert.notEqual(answersOf(inJson(`{type: object, properties: {${many}}}`)), undefined);
});

Deno.test("answerSchema() reads Swagger 2.0, every status of success, and the default where there is none", () => {
  const object = "{type: object, properties: {a: {type: string}}}";
  const schema = { type: "object", properties: { a: { type: "string" } } };
  assert.deepEqual(answersOf(`  '200': {description: x, schema: ${object}}`, "2.0"), schema);
  assert.deepEqual(answersOf(inJson(object).replace("200", "2XX")), schema);
  assert.deepEqual(answersOf(inJson(object).replace("200", "default")), schema);
  const both = `${inJson(object)}\n${
    inJson("{type: array, items: {type: object, properties: {b: {}}}}").replace("200", "202")
  }`;
  assert.equal((answersOf(both) as { anyOf: unknown[] }).anyOf.length, 2);
});

Deno.test("fitted() fits what clients are told, whatever is answered", () => {
  const cases: { schema: JsonSchema | null; good: unknown; bad: unknown }[] = [
    {
      schema: answersOf(inJson(NODE), "3.0.3", TREE),
      good: { id: "9007199254740993", made: "" },
      bad: { id: true },
    },
    {
      schema: answersOf(inJson(`{type: array, items: ${NODE}}`), "3.1.0", TREE),
      good: [{ id: 1, made: "x", new: 1 }],
      bad: [1],
    },
    {
      schema: answersOf(inJson(`{oneOf: [${NODE}, {type: string}]}`), "3.1.0", TREE),
      good: "text",
      bad: 5,
    },
    {
      schema: answersOf(
        inJson(`{allOf: [${NODE}, {properties: {more: {type: string}}}]}`),
        "3.1.0",
        TREE,
      ),
      good: { id: 1, made: "", more: "" },
      bad: null,
    },
    {
      schema: answersOf(
        inJson(
          "{anyOf: [{type: object, properties: {a: {enum: [x]}}}, {type: object, required: [b]}]}",
        ),
      ),
      good: { b: 1 },
      bad: { a: "y" },
    },
  ];
  const validator = new AjvJsonSchemaValidator();
  for (const { schema, good, bad } of cases) {
    const output = outputFor(schema);
    const isValid = validator.getValidator(output.schema as never);
    const fits = (value: unknown) => assert.ok(isValid(value).valid, JSON.stringify(value));
    assert.equal("not_as_described" in fitted(output, good), false, JSON.stringify(good));
    assert.deepEqual(fitted(output, bad).answer, bad);
    fits(fitted(output, good));
    fits(withoutAnswer("why"));
    const json = fc.oneof(
      fc.jsonValue(),
      fc.record({ id: fc.jsonValue(), children: fc.jsonValue(), made: fc.string() }),
    );
    fc.assert(fc.property(json, (value) => fits(fitted(output, value))), { numRuns: fuzzRuns(60) });
  }
});

Deno.test("fitted() comes to an end where alternatives lead back to themselves", () => {
  const child = { type: "object", properties: { a: { $ref: "#/$defs/N" } }, required: ["a"] };
  const $defs = { N: { anyOf: [child, { ...child, required: ["a", "b"] }] } };
  let value: unknown = 1;
  for (let depth = 0; depth < 60; depth++) value = { a: value };
  const output = outputFor({ type: "object", properties: { a: { $ref: "#/$defs/N" } }, $defs });
  assert.match(String(fitted(output, value).not_as_described), /./);
});

Deno.test("recordedAnswers() promises no more than samples can tell", () => {
  const schema = {
    type: "object",
    properties: {
      n: { type: "integer" },
      gone: { type: "null" },
      tags: { type: "array", items: { type: "object", properties: { t: { type: "string" } } } },
    },
    required: ["n"],
  };
  const answer = { status: 200, contentType: "application/json", schema };
  const output = outputFor(recordedAnswers(answer));
  for (const good of [{}, { n: 1.5, gone: "back", tags: null }, { tags: [{ t: null, u: 1 }] }]) {
    assert.deepEqual(fitted(output, good), good);
  }
  assert.match(String(fitted(output, { n: "1" }).not_as_described), /^At \/n: /);
  assert.equal(recordedAnswers({ ...answer, contentType: "text/event-stream" }), null);
  assert.equal(recordedAnswers({ ...answer, schema: { type: ["object", "array"] } }), null);
  assert.equal(recordedAnswers({ ...answer, schema: null }), null);
});

Deno.test("describedAnswers() tells the smallest answers first, as far as there is room", () => {
  const tools = [900, 0, 300, 5_000].map((answersSize) =>
    ({ owner: "desk", summary: { answersSize } }) as never
  );
  const told = (room: number) =>
    [...describedAnswers(tools, room)].map((tool) => tools.indexOf(tool as never));
  assert.deepEqual(told(100), []);
  assert.deepEqual(told(600), [2]);
  assert.deepEqual(told(4_000), [2, 0]);
  assert.deepEqual(told(10_000), [2, 0, 3]);
});
