/** A login that rests on what a model found out, handed on: told of an invented session, and proven again there. */
import assert from "node:assert/strict";
import { RECORDED, SECOND } from "../../fixtures/apps/parts/accounts.ts";
import type { AppError } from "../../lib/base/error.ts";
import { exportApp } from "../../lib/ops/export_app.ts";
import { importApp } from "../../lib/ops/import_app.ts";
import { validateFindings } from "../../lib/ops/invented_findings.ts";
import { login } from "../../lib/ops/login.ts";
import { EXECUTABLE } from "../support/keysmith.ts";
import { tryFound } from "../support/found_trial.ts";

Deno.test({
  name: "an export holds what a model found out, of an invented session, and logs another user in",
  ignore: EXECUTABLE !== null,
  fn: async () => {
    await tryFound("own_alphabet", async ({ ctx, personAt, shownTo, folder }) => {
      const { username, password, name, email } = RECORDED;
      const hints = [["Username", username], ["Password", password]] as const;
      const { text } = await exportApp(ctx, { app: "fixture", hints });
      const { findings } = JSON.parse(text);
      assert.ok(findings.values.length > 0);
      for (const value of [username, password, name, email]) {
        assert.ok(!text.includes(value), value);
      }
      const other = personAt(`${folder}/other`);
      const file = "app.json";
      await importApp(other, { text, file, name: "copy" });
      await login(other, { app: "copy", yes: true });
      assert.ok((await shownTo(other, "copy")).includes(SECOND.name));
      const bent = text.replace(/"kind": "concat"/, '"kind": "eval"');
      await assert.rejects(
        importApp(other, { text: bent, file, name: "bent" }),
        (error: AppError) => {
          assert.equal(error.code, "BAD_INPUT");
          return true;
        },
      );
    });
  },
});

const finding = (expr: unknown) => ({
  values: [{ value: "v", at: { trace: "t_0001", place: "body a" }, expr }],
  steps: [],
  functions: [],
});

Deno.test("validateFindings() takes no expression that is none", () => {
  const constant = { kind: "constant", value: "a" };
  const good = { kind: "transform", op: "sha256-hex", args: [constant] };
  assert.deepEqual(validateFindings(finding(good)), finding(good));
  const deep = Array.from({ length: 60 }).reduce<unknown>(
    (inner) => ({ kind: "concat", parts: [inner] }),
    constant,
  );
  const bad = [
    { kind: "eval", value: "a" },
    { ...good, op: "constructor" },
    { ...good, args: "a" },
    { kind: "value", value: "a", from: { trace: 7, path: null } },
    { kind: "call", function: "f", args: [], yields: "code", recorded: null },
    { ...constant, more: 1 },
    deep,
  ];
  for (const expr of bad) {
    assert.throws(
      () => validateFindings(finding(expr)),
      TypeError,
      JSON.stringify(expr).slice(0, 80),
    );
  }
});
