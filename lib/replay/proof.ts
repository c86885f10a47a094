/** The record that a script reproduced a login flow under replay. Holds no secret value. */
import type { Assumption } from "../judge/finding.ts";

export interface Proof {
  /** True when nothing is wrong with the login. A refresh that failed is told in `refresh`. */
  readonly passed: boolean;
  readonly steps: readonly ProofStep[];
  readonly mismatches: readonly Mismatch[];
  /** What the proof took on trust. */
  readonly assumptions: readonly Assumption[];
  /** `none`: the flow has no refresh, or the script does not offer one. */
  readonly refresh: "proven" | "failed" | "none";
  /** Of the script's source text, in hex. */
  readonly scriptSha256: string;
  /** ISO 8601. */
  readonly provedAt: string;
}

export interface ProofStep {
  /** `Step.id`. */
  readonly step: string;
  /** `Trace.id`. */
  readonly trace: string;
  readonly method: string;
  /** Origin and path; segments that are minted or typed are shown as `{…}`. */
  readonly url: string;
  readonly status: "asked" | "missing" | "mismatch";
}

/** Something that is wrong. Holds no value. */
export interface Finding {
  readonly where: string;
  readonly problem: string;
}

/** One thing that was wrong. */
export interface Mismatch {
  /** `Step.id`, or `null` when it belongs to none. */
  readonly step: string | null;
  readonly trace: string | null;
  /** `query parameter "state"`, `body field "password"`, `result header "Authorization"`, `prompt "Code"`. */
  readonly where: string;
  /** `holds a recorded value, to be taken from the answer of t_0001, form field "csrf"`. */
  readonly problem: string;
}
