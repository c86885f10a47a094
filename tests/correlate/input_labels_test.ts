import assert from "node:assert/strict";
import type { TypedValue } from "../../lib/correlate/typed_value.ts";
import { KnownValues } from "../../lib/correlate/known_values.ts";

Deno.test("KnownValues.input() asks under a label as a person reads it, and makes one of a program's name", () => {
  const table: [kind: TypedValue["kind"], name: string, value: string, label: string][] = [
    ["identifier", "E-mail", "ada@shop.example", "E-mail"],
    ["identifier", "login[e-mail]", "ada@shop.example", "E-mail"],
    ["identifier", "email", "ada@shop.example", "Email"],
    ["other", "Customer No.", "77120", "Customer No."],
    ["other", "Kunden-Nr.", "77120", "Kunden-Nr."],
    ["other", "Mother's name", "Ann", "Mother's name"],
    ["other", "customerNo", "77120", "Customer no"],
    ["other", "CustomerNo", "77120", "Customer no"],
    ["other", "branch_code", "04", "Branch code"],
  ];
  for (const [kind, name, value, label] of table) {
    const input = new KnownValues().input({ kind, name, value, place: { kind: "text" } });
    assert.equal(input.label, label);
    assert.match(input.name, /^[a-z]\w*$/);
  }
});
