import assert from "node:assert/strict";
import { formCsrf } from "./flows/form_csrf.ts";
import { nestedJwt } from "./flows/nested_jwt.ts";
import { oauthPkce } from "./flows/oauth_pkce.ts";
import { oneTimeCode } from "./flows/one_time_code.ts";
import { proveCase } from "./flows/prove_case.ts";

const cases = { formCsrf, nestedJwt, oauthPkce, oneTimeCode };

for (const [name, subject] of Object.entries(cases)) {
  Deno.test(`proveScript() passes a right script: ${name}`, async () => {
    const proof = await proveCase(subject);
    assert.deepEqual(proof.mismatches, []);
    assert.equal(proof.passed, true);
    assert.equal(proof.refresh, subject.flow.refresh === null ? "none" : "proven");
    assert.ok(proof.steps.every(({ status }) => status === "asked"));
    assert.match(proof.scriptSha256, /^[0-9a-f]{64}$/);
  });
}
