import assert from "node:assert/strict";
import { AppError } from "../../lib/base/error.ts";
import type { JsonSchema, JsonValue } from "../../lib/base/json.ts";
import { checkArguments } from "../../lib/tools/arguments.ts";

const $defs = {
  Count: { type: "integer", minimum: 2, maximum: 9 },
  Node: {
    type: "object",
    required: ["size"],
    properties: { size: { $ref: "#/$defs/Count" }, next: { $ref: "#/$defs/Node" } },
  },
} as const;

function schemaOf(properties: { [name: string]: JsonValue }, required: string[] = []): JsonSchema {
  return { type: "object", properties, required, additionalProperties: false, $defs };
}

function read(property: JsonValue, value: JsonValue, required: string[] = []): string {
  return JSON.stringify(checkArguments(schemaOf({ given: property }, required), { given: value }));
}

function refusal(property: JsonValue, value: JsonValue, required: string[] = []): AppError {
  try {
    checkArguments(schemaOf({ given: property }, required), { given: value });
  } catch (error) {
    assert.ok(error instanceof AppError, String(error));
    return error;
  }
  return assert.fail("nothing was thrown");
}

const INTEGERS = { type: "array", items: { type: "integer" } } as const;
const TEXTS: JsonValue = { type: "array", items: { type: "string" } };

Deno.test("checkArguments() takes a value for the only thing it can mean", async (t) => {
  const cases: [name: string, property: JsonValue, value: JsonValue, expected: string][] = [
    ["text for a number", { type: "number" }, " 2.50 ", '{"given":2.5}'],
    ["behind a reference", { allOf: [{ $ref: "#/$defs/Count" }] }, "7", '{"given":7}'],
    ["a truth value as Python writes it", { type: "boolean" }, "False", '{"given":false}'],
    ["a number for a text", { type: "string" }, 40, '{"given":"40"}'],
    ["a truth value for a text", { type: ["string", "null"] }, true, '{"given":"true"}'],
    ["a number of a choice of texts", { enum: ["10", "20"] }, 20, '{"given":"20"}'],
    ["a text of a choice of numbers", { enum: [10, 20] }, "20", '{"given":20}'],
    [
      "one alternative of two",
      { oneOf: [{ type: "integer" }, { type: "string", pattern: "^[a-z]+$" }] },
      "12",
      '{"given":12}',
    ],
    ["JSON text for an object", { $ref: "#/$defs/Node" }, '{"size":"3"}', '{"given":{"size":3}}'],
    [
      "JSON text inside an object",
      { $ref: "#/$defs/Node" },
      { size: 3, next: '{"size": 4, "next": {"size": "5"}}' },
      '{"given":{"size":3,"next":{"size":4,"next":{"size":5}}}}',
    ],
    ["texts in a list", INTEGERS, ["1", 2], '{"given":[1,2]}'],
    ["one in place of a list", INTEGERS, "4", '{"given":[4]}'],
    ["numbers with commas", INTEGERS, "4, 5,6", '{"given":[4,5,6]}'],
    [
      "a list of texts in JSON",
      TEXTS,
      '["ask, then wait","go"]',
      '{"given":["ask, then wait","go"]}',
    ],
    ["an empty list in JSON", TEXTS, " [] ", '{"given":[]}'],
    ["an object's text as one of a list", TEXTS, '{"a":1}', '{"given":["{\\"a\\":1}"]}'],
    ["null where it is optional", { type: "integer" }, null, "{}"],
    ["nothing where it is optional", { enum: ["up", "down"] }, "", "{}"],
    [
      "null inside an object",
      { $ref: "#/$defs/Node" },
      { size: 2, next: null },
      '{"given":{"size":2}}',
    ],
    [
      "every digit of a large number",
      { type: "integer" },
      "9007199254740993",
      '{"given":9007199254740993}',
    ],
  ];
  for (const [name, property, value, expected] of cases) {
    await t.step(name, () => assert.equal(read(property, value), expected));
  }
});

Deno.test("checkArguments() leaves what fits as it is, and what has two meanings", async (t) => {
  const cases: [name: string, property: JsonValue, value: JsonValue][] = [
    ["digits where a text fits too", { type: ["integer", "string"] }, "007"],
    ["an empty text where a text fits", { type: "string" }, ""],
    ["null where null fits", { type: ["string", "null"] }, null],
    ["a list with a comma in it", { type: "array", items: { type: "string" } }, ["a,b"]],
    ["JSON text where a text fits", { type: "string" }, '{"a":1}'],
  ];
  for (const [name, property, value] of cases) {
    await t.step(name, () => assert.equal(read(property, value), JSON.stringify({ given: value })));
  }
  const two = { anyOf: [{ const: 1 }, { const: true }, { type: "array", items: { const: "1" } }] };
  assert.match(refusal(two, "1").message, /"given" is not valid/);
});

Deno.test("checkArguments() says what came, what fits, and gives an example", async (t) => {
  const cases: [JsonValue, JsonValue, message: string, hint: string | undefined][] = [
    [
      { $ref: "#/$defs/Count" },
      "a dozen",
      'The argument "given" is not valid: it is the text "a dozen", and a whole number from 2 up to 9 fits',
      "For example given=2",
    ],
    [
      { enum: ["north", "south"] },
      "up",
      'The argument "given" is not valid: it is the text "up", and one of "north", "south" fits',
      'For example given="north"',
    ],
    [
      { $ref: "#/$defs/Node" },
      { size: 2, next: { size: 12 } },
      'The argument "given" is not valid at next.size: it is the number 12, and a whole number from 2 up to 9 fits',
      "For example given.next.size=2",
    ],
    [
      { $ref: "#/$defs/Node" },
      { next: {} },
      'The argument "given" is not valid at size: it is missing, and a whole number from 2 up to 9 fits',
      "For example given.size=2",
    ],
    [
      { type: "string", format: "date" },
      "tomorrow",
      'The argument "given" is not valid: it is the text "tomorrow", and a text in the format "date" fits',
      'For example given="2026-01-31"',
    ],
    [
      { type: "object", properties: { a: {} }, additionalProperties: false },
      { b: 1 },
      'The argument "given" is not valid at b: no member has this name; there are: a',
      undefined,
    ],
    [
      { anyOf: [{ type: "object", properties: { list: INTEGERS } }, { type: "string" }] },
      { list: ["1", "two"] },
      'The argument "given" is not valid at list.1: it is the text "two", and a whole number fits',
      "For example given.list.1=1",
    ],
    [
      { type: "string", pattern: "^[A-Z]{3}$" },
      "euro",
      'The argument "given" is not valid: it is the text "euro", and a text that matches ^[A-Z]{3}$ fits',
      undefined,
    ],
  ];
  for (const [property, value, message, hint] of cases) {
    await t.step(message, () => {
      const error = refusal(property, value, ["given"]);
      assert.deepEqual([error.code, error.message, error.hint], ["USAGE", message, hint]);
    });
  }
});

Deno.test("checkArguments() quotes nothing that may be a secret", () => {
  const pin = schemaOf({ password: { type: "integer" }, id: { type: "integer" } });
  for (const args of [{ password: "hunter" }, { id: "tok3nValue" }]) {
    assert.throws(() => checkArguments(pin, args), (error) => {
      return error instanceof AppError && /a text of \d+ characters/.test(error.message) &&
        !Object.values(args).some((value) => Deno.inspect(error).includes(value));
    });
  }
});

Deno.test("checkArguments() does not take null for what is required", () => {
  assert.match(refusal({ type: "integer" }, null, ["given"]).message, /it is null/);
  assert.match(refusal({ type: "integer" }, "", ["given"]).message, /an empty text/);
});
