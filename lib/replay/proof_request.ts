/** What a proof is asked for. */
import type { LoginFlow } from "../correlate/flow.ts";
import type { Trace } from "../http/exchange.ts";
import type { ClaimedValue } from "../judge/claimed_values.ts";
import type { GuestLimits } from "../sandbox/limits.ts";

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
  readonly hints?: readonly string[];
  /** What the script claims to compute. */
  readonly claimed?: readonly ClaimedValue[];
  readonly limits: GuestLimits;
  /** Is told what the script prints with `debug()` in the first run, as an invented person. */
  readonly onDebug?: (line: string) => void;
  /** In place of the context's. */
  readonly signal?: AbortSignal;
}
