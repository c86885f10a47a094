import assert from "node:assert/strict";
import { AppError } from "../../lib/base/error.ts";
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

/** What refuses a script; how deep the stack of the engine reaches depends on what it has optimised. */
function refusal(source: string): string | null {
  try {
    prepareScript(source, "deep.ts");
    return null;
  } catch (error) {
    assert.ok(error instanceof AppError && error.code === "SCRIPT_REFUSED", String(error));
    return error.message;
  }
}

Deno.test("prepareScript() refuses what is nested too deeply, and reads what comes after it", () => {
  const refused = NESTED.filter((nested) => {
    const told = [3_000, 12_000].map((times) => {
      const message = refusal(`let x: any, a: any;\n${nested(times)}\n${SCRIPT}`);
      assert.match(message ?? "it is longer than", /it is nested too deeply|it is longer than/);
      assert.equal(prepareScript(SCRIPT, "good.ts").exports.size, 1);
      return message;
    });
    return told.at(-1) !== null;
  });
  assert.ok(refused.length > 0);
});

Deno.test("prepareScript() refuses a long script before anything reads it", () => {
  const long = `${SCRIPT}${"/* */".repeat(100_000)}`;
  assert.throws(() => prepareScript(long, "long.ts"), { message: /is longer than 262144/ });
});
