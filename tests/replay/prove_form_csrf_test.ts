import assert from "node:assert/strict";
import { fakeContext } from "../support/fake_context.ts";
import { DEFAULT_GUEST_LIMITS } from "../../lib/sandbox/limits.ts";
import { proveScript } from "../../lib/replay/prove.ts";
import { formCsrf } from "./flows/form_csrf.ts";

Deno.test("proveScript() passes", async () => {
  const ctx = fakeContext({ nowMs: Date.now() });
  const proof = await proveScript(ctx, {
    source: formCsrf.script,
    fileName: "auth_acquire.ts",
    flow: formCsrf.flow,
    traces: formCsrf.traces,
    limits: DEFAULT_GUEST_LIMITS,
  });
  console.log(proof);
  assert.equal(proof.passed, true);
});
