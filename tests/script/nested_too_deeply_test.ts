import assert from "node:assert/strict";
import { prepareScript } from "../../lib/script/prepare.ts";

const NESTED: readonly ((times: number) => string)[] = [
  (times) => `x = ${"[".repeat(times)}${"]".repeat(times)}`,
  (times) => `x = ${"(".repeat(times)}1${")".repeat(times)}`,
  (times) => `x = ${"1**".repeat(times)}1`,
  (times) => `x = ${"a => ".repeat(times)}1`,
  (times) => `x = ${"`${".repeat(times)}1${"}`".repeat(times)}`,
  (times) => `${"if (a); else ".repeat(times)};`,
  (times) => `a${".b".repeat(times)}`,
  (times) => `let y: ${"A<".repeat(times)}B${">".repeat(times)}`,
  (times) => `${"function f() {".repeat(times)}${"}".repeat(times)}`,
];

const SCRIPT = "export async function acquire_token(): Promise<unknown> { return {}; }\n";

Deno.test("prepareScript() refuses what is nested too deeply, and reads what comes after it", () => {
  for (const nested of NESTED) {
    for (const times of [3_000, 12_000]) {
      const text = `let x: any, a: any;\n${nested(times)}\n${SCRIPT}`;
      assert.throws(() => prepareScript(text, "deep.ts"), {
        code: "SCRIPT_REFUSED",
        message: /it is nested too deeply|it is longer than/,
      });
      assert.equal(prepareScript(SCRIPT, "good.ts").exports.size, 1);
    }
  }
});

Deno.test("prepareScript() refuses a long script before anything reads it", () => {
  const long = `${SCRIPT}${"/* */".repeat(100_000)}`;
  assert.throws(() => prepareScript(long, "long.ts"), { message: /is longer than 262144/ });
});
