/** Logins whose only sign is what was found out of a value. */
import assert from "node:assert/strict";
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import type { FoundExpr } from "../../lib/correlate/finding.ts";
import { flowOf } from "../support/flow_text.ts";
import { capture, trace } from "../support/traces.ts";

const TOKEN = "acc-7f6e5d4c3b2a1908";
const NONCE = "c7b6f13cbbf331209e62";
/** As long as no digest is: nothing but the finding says that a person stands behind it. */
const SEALED = "iMZOpBiDr0pOiBiMrMyXrfFFpZvwDBPPU3uODB93UkFPaFtZZ3uNZpGFpQn3UXmNDB2f3";

const TYPED: FoundExpr = {
  kind: "transform",
  op: "base64",
  args: [{ kind: "typed", label: "PIN", secret: true, as: "password", recorded: "kiwi-7731" }],
};

for (const [where, recorded] of [["body sealed", ""], ["header X-Seal", "x-seal"]] as const) {
  Deno.test(`analyzeLogin() takes what was found of ${where} for where the login is`, () => {
    const isHeader = recorded !== "";
    const session = capture(
      trace("POST https://a.example/nonce", { json: {}, answer: { nonce: NONCE } }),
      trace("POST https://a.example/in", {
        json: isHeader ? { nonce: NONCE } : { nonce: NONCE, sealed: SEALED },
        headers: isHeader ? [[recorded, SEALED]] : [],
        answer: { token: TOKEN },
      }),
      trace("GET https://a.example/api/me", {
        headers: [["Authorization", `Bearer ${TOKEN}`]],
        answer: { name: "Ann" },
      }),
    );
    const findings = {
      values: [{ value: SEALED, at: { trace: "t_0002", place: where }, expr: TYPED }],
      steps: [],
      functions: [],
    };
    const { inputs, result } = flowOf(analyzeLogin(session, { findings }));
    assert.deepEqual(inputs.map(({ label }) => label), ["PIN"]);
    assert.deepEqual([result.headers.length, result.bodyParams.length], [1, 0]);
  });
}
