/** A small recording from its analysis to the proof of the script written from it. */
import { analyzeLogin } from "../../lib/correlate/analyze.ts";
import { answerFacts } from "../../lib/correlate/answer_facts.ts";
import type { LoginFlow } from "../../lib/correlate/flow.ts";
import type { Trace } from "../../lib/http/exchange.ts";
import type { Proof } from "../../lib/replay/proof.ts";
import { proveScript } from "../../lib/replay/prove.ts";
import { DEFAULT_GUEST_LIMITS } from "../../lib/sandbox/limits.ts";
import { generateScript } from "../../lib/script/generate.ts";
import { fakeContext } from "./fake_context.ts";
import { flowOf } from "./flow_text.ts";

export interface ProvenLogin {
  readonly flow: LoginFlow;
  readonly source: string;
  readonly proof: Proof;
  /** `header "X-Csrf": is missing` */
  readonly problems: readonly string[];
}

/** @param change what is done to the script before it is proven */
export async function provenLogin(
  traces: readonly Trace[],
  change: (source: string) => string = (source) => source,
): Promise<ProvenLogin> {
  const flow = flowOf(analyzeLogin(traces));
  const source = change(generateScript(flow, { app: "trial", answers: answerFacts(traces, flow) }));
  const proof = await proveScript(fakeContext({ nowMs: Date.now() }), {
    source,
    fileName: "auth_acquire.ts",
    flow,
    traces,
    limits: DEFAULT_GUEST_LIMITS,
  });
  const problems = proof.mismatches.map(({ where, problem }) => `${where}: ${problem}`);
  return { flow, source, proof, problems };
}
