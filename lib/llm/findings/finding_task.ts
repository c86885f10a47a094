/** What findings are held against, and how they are put into the analysis. */
import type { Random } from "../../base/context.ts";
import type { Findings } from "../../correlate/finding.ts";
import type { Analysis } from "../../correlate/flow.ts";
import type { Trace } from "../../http/exchange.ts";
import type { FunctionCall, FunctionOutcome } from "../../replay/run_function.ts";
import type { Told } from "../recorded_facts.ts";

export interface FindingTask {
  readonly traces: readonly Trace[];
  /** What the recorded user is known to have typed. */
  readonly typed: readonly Told[];
  readonly analyze: (findings: Findings) => Analysis;
  /** What is known already. */
  readonly known: Findings;
  /** Calls a function that the model wrote, in the sandbox. */
  readonly run: (call: Omit<FunctionCall, "signal">) => Promise<FunctionOutcome>;
  readonly random: Random;
}
