import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

Deno.test("guardStdout() leaves stdout to the protocol until it is restored", async () => {
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", fileURLToPath(new URL("noisy_main.ts", import.meta.url))],
  }).output();
  assert.ok(success);
  assert.equal(new TextDecoder().decode(stdout), "protocol\nafter\nafter sync\n");
  const noise = new TextDecoder().decode(stderr);
  for (const kind of ["log", "info", "debug", "sync", "async", "process", "builtin", "group"]) {
    assert.ok(noise.includes(`noise ${kind}`), kind);
  }
});
