import assert from "node:assert/strict";
import { AppError } from "../../lib/base/error.ts";
import { Flags } from "../../lib/cli/flags.ts";
import { parseLimits } from "../../lib/cli/limit_flags.ts";

function usage(message: RegExp): (error: unknown) => boolean {
  return (error) =>
    error instanceof AppError && error.code === "USAGE" && message.test(error.message);
}

Deno.test("Flags.number() reads decimals within the range", () => {
  assert.equal(new Flags({ timeout: "2.5" }).number("timeout", { min: 0, max: 10 }), 2.5);
  assert.equal(new Flags({}).number("timeout", { min: 0, max: 10 }), undefined);
});

for (const value of ["", "ten", "-1", "1e9", "11", "0x5", " 5", "NaN", "Infinity"]) {
  Deno.test(`Flags.number() refuses ${JSON.stringify(value)}`, () => {
    const flags = new Flags({ maxCpu: value });
    assert.throws(() => flags.number("maxCpu", { min: 0, max: 10 }), usage(/for --max-cpu$/));
  });
}

Deno.test("Flags.choice() knows its words", () => {
  assert.equal(new Flags({ output: "raw" }).choice("output", ["json", "raw"]), "raw");
  assert.throws(
    () => new Flags({ output: "xml" }).choice("output", ["json", "raw"]),
    usage(/"xml" for --output/),
  );
});

Deno.test("Flags.on() is true for a flag that was given", () => {
  assert.equal(new Flags({ yes: true }).on("yes"), true);
  assert.equal(new Flags({}).on("yes"), false);
});

Deno.test("parseLimits() converts to the sandbox's units and leaves the rest to its defaults", () => {
  const flags = new Flags({ timeout: "1.5", maxMemory: "128", maxOutput: "2", maxPrompts: "0" });
  assert.deepEqual(parseLimits(flags), {
    timeoutMs: 1_500,
    memoryBytes: 134_217_728,
    outputBytes: 2_048,
    prompts: 0,
  });
  assert.deepEqual(parseLimits(new Flags({})), {});
});
