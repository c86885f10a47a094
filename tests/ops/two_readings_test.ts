import assert from "node:assert/strict";
import type { JsonSchema } from "../../lib/base/json.ts";
import { refuseTwoReadings } from "../../lib/ops/two_readings.ts";

const EITHER = { type: ["string", "null"] };
const PROPERTIES = {
  note: EITHER,
  label: { anyOf: [{ type: "string", maxLength: 9 }, { $ref: "#/$defs/nothing" }] },
  title: { type: "string" },
  due: { type: ["string", "null"], format: "date", pattern: "^[0-9]" },
  count: { type: ["integer", "null"] },
};
const $defs = { nothing: { type: "null" } };
const FLAT = { type: "object", properties: PROPERTIES, $defs } as JsonSchema;
const body = {
  allOf: [{ type: "object", properties: { ...PROPERTIES, q: EITHER } }],
};
const SERVICE = { type: "object", properties: { body, q: EITHER }, $defs } as JsonSchema;

for (const [what, schema] of [["an app's tool", FLAT], ["a service's body", SERVICE]] as const) {
  Deno.test(`refuseTwoReadings() names both readings of null, and none where one fits: ${what}`, () => {
    for (const name of ["note", "label"]) {
      assert.throws(() => refuseTwoReadings(schema, { title: "x", [name]: "null" }), {
        code: "USAGE",
        message: `The argument "${name}" is "null", which may be that text or no value`,
        hint: `Say which: --body '{"${name}": null}' for no value, ` +
          `--body '{"${name}": "null"}' for the text`,
      });
    }
    const single = { title: "null", due: "null", count: "null", note: "nil", label: "NULL" };
    refuseTwoReadings(schema, { ...single, unknown: "null", q: "null" });
  });
}
