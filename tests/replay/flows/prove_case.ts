import { proveScript } from "../../../lib/replay/prove.ts";
import type { Proof } from "../../../lib/replay/proof.ts";
import { DEFAULT_GUEST_LIMITS } from "../../../lib/sandbox/limits.ts";
import { fakeContext } from "../../support/fake_context.ts";
import type { Case } from "./recording.ts";

/** Proves a script on a case's recording, at the present time. */
export function proveCase(subject: Case, script = subject.script): Promise<Proof> {
  return proveScript(fakeContext({ nowMs: Date.now() }), {
    source: script,
    fileName: "auth_acquire.ts",
    flow: subject.flow,
    traces: subject.traces,
    limits: DEFAULT_GUEST_LIMITS,
  });
}
