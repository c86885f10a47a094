/** What a model is given to do, and how what it does is tried. */
import type { Findings } from "../correlate/finding.ts";
import type { ExplainedValue, LoginFlow } from "../correlate/flow.ts";
import type { Assumption } from "../judge/finding.ts";
import type { Proof } from "../replay/proof.ts";
import type { ClaimProof } from "../replay/prove_claim.ts";
import type { FindingDesk } from "./findings/finding_desk.ts";
import type { RecordingView } from "./recording_view.ts";

export interface ScriptTask {
  readonly view: RecordingView;
  /** `null` where correlation found no login: then there is nothing to prove a script on. */
  readonly flow: LoginFlow | null;
  readonly values: readonly ExplainedValue[];
  /** Why a model is asked: what analysis and proof say against the present script. */
  readonly reasons: readonly string[];
  /** What the proof of the present script took on trust. */
  readonly trusted: readonly Assumption[];
  /** The script to begin with, redacted. */
  readonly draft: string;
  /** What is asked for beyond completing the draft: the failure of a login. Redacted. */
  readonly order: string | null;
  /** What is wrong with a script before it is tried, beside its syntax; such a script costs no try. */
  readonly isRefused?: (source: string) => string | null;
  readonly prove: (source: string) => Promise<TriedScript>;
  /** Is told of each script that comes nearer than those before it. */
  readonly onBest: (source: string) => Promise<void>;
  /** Is told of each round what the model does in it and how many tries are left. */
  readonly onRound: (doing: string, triesLeft: number) => void;
  /** Where findings go; `null` for a repair, which is a whole script. */
  readonly findings: FindingDesk | null;
  /** Writes the script of a flow in which nothing is open any more, and proves it. */
  readonly proveFlow: (flow: LoginFlow, findings: Findings) => Promise<ProvenFlow>;
}

export interface TriedScript extends ClaimProof {
  /** What the script printed with `debug()`. */
  readonly debug?: readonly string[];
}

export interface ProvenFlow {
  readonly source: string;
  readonly proof: Proof;
}
