/**
 * What somebody found out of a value that correlation cannot derive: how it is computed. It names recorded
 * values; which input, extraction or made-up value each is, the analysis finds out (`found_values.ts`).
 */
import type { ExprOver, Generated, Input } from "./flow.ts";
import type { FoundFunction } from "./found_function.ts";

export type FoundExpr = ExprOver<FoundAtom>;

export type FoundAtom =
  | { readonly kind: "constant"; readonly value: string }
  /** A recorded value, however it comes to be; from this place of an answer where one is named. */
  | { readonly kind: "value"; readonly value: string; readonly from: AnswerPlace | null }
  /** What the user is asked for under this label; `recorded` is `""` where nobody told it. */
  | {
    readonly kind: "typed";
    readonly label: string;
    readonly secret: boolean;
    readonly as: Input["kind"];
    readonly recorded: string;
  }
  /**
   * Made up by the client; `recorded` is `""` where no request shows it. Then the same shape and name are the
   * same value in every finding.
   */
  | {
    readonly kind: "made";
    readonly shape: Generated["shape"];
    readonly name: string;
    readonly recorded: string;
  };

export interface AnswerPlace {
  readonly trace: string;
  /** Where in a JSON answer it stands; `null` where it is looked for. */
  readonly path: readonly (string | number)[] | null;
}

export interface Finding {
  /** The recorded value that is explained. Secret. */
  readonly value: string;
  /** The request and the place in it, as `describePlace()` names it; `null`: wherever it is sent. */
  readonly at: { readonly trace: string; readonly place: string } | null;
  readonly expr: FoundExpr;
}

/** What the analysis is told beside the recording. */
export interface Findings {
  readonly values: readonly Finding[];
  /** Traces that belong to the login although no value shows it. */
  readonly steps: readonly string[];
  /** What the values' expressions call. */
  readonly functions: readonly FoundFunction[];
}

export const NO_FINDINGS: Findings = { values: [], steps: [], functions: [] };
