import assert from "node:assert/strict";
import { nextSteps } from "../../lib/ops/learn.ts";

Deno.test("nextSteps() of learn names the login whose consent a renewal waits for", () => {
  const analysis = { result: "script", proof: null, reasons: [] } as const;
  const stepsWith = (needs_consent: boolean, renewed_by: "nobody" | "stored answers") =>
    nextSteps({ app: "shop", analysis, session: { needs_consent, renewed_by } }, []);
  assert.deepEqual(stepsWith(true, "nobody"), ["keysmith auth login shop"]);
  assert.deepEqual(stepsWith(true, "stored answers"), []);
  assert.deepEqual(stepsWith(false, "nobody"), []);
  const draft = { ...analysis, result: "draft" } as const;
  const session = { needs_consent: true, renewed_by: "nobody" } as const;
  assert.deepEqual(nextSteps({ app: "shop", analysis: draft, session }, []), [
    "keysmith learn shop --again",
  ]);
});
