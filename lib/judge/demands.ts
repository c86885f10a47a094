/**
 * What a script has to do, by name: the contract it is held to beside what the recording says of values. A
 * demand that is too many refuses a script; none of them excuses anything.
 */
export interface Demands {
  /** `Trace.id` of the recorded requests to reproduce, in order. */
  readonly requests: readonly DemandedRequest[];
  readonly result: DemandedResult;
}

export interface DemandedRequest {
  readonly trace: string;
  /** Names of headers and cookies it has to carry, as recorded. */
  readonly headers: readonly string[];
  readonly cookies: readonly string[];
}

export interface DemandedResult {
  readonly headers: readonly string[];
  readonly cookies: readonly string[];
  /** Body and query parameters. */
  readonly parameters: readonly string[];
  readonly computed: number;
  readonly refreshToken: boolean;
  /** Seconds that the credentials lasted when they were recorded; `null` when nothing says so. */
  readonly lifetimeSec: number | null;
}
