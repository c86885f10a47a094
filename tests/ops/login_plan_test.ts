import assert from "node:assert/strict";
import { checkLabels } from "../../lib/ops/login_plan.ts";

const INPUTS = [{ label: "Member number" }, { label: "PIN" }];
const CONTEXT = { app: "library", what: 'Answers "a.json"', code: "BAD_INPUT" } as const;

Deno.test("checkLabels() refuses a mistaken label, with the labels given and missing", () => {
  assert.throws(() => checkLabels(["Member number", "Pinn"], INPUTS, CONTEXT), {
    code: "BAD_INPUT",
    message: 'Answers "a.json": the login of "library" does not ask for "Pinn"; ' +
      'given: "Member number", "Pinn"; missing: "PIN"',
  });
});

Deno.test("checkLabels() leaves answers alone that this login does not need", () => {
  checkLabels(["member number", "pin", "Mother's maiden name"], INPUTS, CONTEXT);
  checkLabels(["Member number"], INPUTS, CONTEXT);
  checkLabels(["whatever a script of one's own asks"], [], CONTEXT);
});
