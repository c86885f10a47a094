/** What a proof is asked for, and the record that a script reproduced a login flow under replay. */
import type { LoginFlow } from "../correlate/flow.ts";
import type { TypedValue } from "../correlate/typed_value.ts";
import type { Trace } from "../http/exchange.ts";
import type { ClaimedValue } from "../judge/claimed_values.ts";
import type { GuestLimits } from "../sandbox/limits.ts";
import type { Assumption, Objection } from "../judge/finding.ts";

/** Something that was typed, by the label of its box. */
export type ToldInput = Pick<TypedValue, "kind" | "name" | "value">;

export interface ProofRequest {
  /** TypeScript. */
  readonly source: string;
  /** For messages. */
  readonly fileName: string;
  readonly flow: LoginFlow;
  /** All of the app, in time order. */
  readonly traces: readonly Trace[];
  /** Other captures of the app: other sessions, of the same account or another one. */
  readonly others?: readonly (readonly Trace[])[];
  /** What the user says was typed while recording. */
  readonly hints?: readonly ToldInput[];
  readonly claimed?: readonly ClaimedValue[];
  readonly limits: GuestLimits;
  /** Is told what the script prints with `debug()` in the first run, as an invented person. */
  readonly onDebug?: (line: string) => void;
  /** In place of the context's. */
  readonly signal?: AbortSignal;
}

/** Holds no secret value. */
export interface Proof {
  /** True when nothing is wrong with the login. A refresh that failed is told in `refresh`. */
  readonly passed: boolean;
  readonly steps: readonly ProofStep[];
  readonly mismatches: readonly Mismatch[];
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

/** One thing that was wrong, and the step that it is wrong with. */
export interface Mismatch extends Objection {
  /** `Step.id`, or `null` when it belongs to none. */
  readonly step: string | null;
}
