/** Explains how an app logs in: the steps, where each value comes from, what is asked, the proof. */
import type { Context } from "../base/context.ts";
import type { Analysis } from "../correlate/flow.ts";
import type { Trace } from "../http/exchange.ts";
import { type Home, openHome } from "../store/home.ts";
import { type AuthRecord, readAuthRecord } from "../token/auth_file.ts";
import type { ProofRecord } from "../token/proof_record.ts";
import { readAuthScript } from "../token/script_file.ts";
import { type AnalyzeAuthInput, typedOf } from "./analyze_auth.ts";
import { analysisOf } from "./recorded_analysis.ts";
import { explainFlow } from "./explain_flow.ts";
import type { ExplainedFlow } from "./flow_explanation.ts";

/** The object `auth explain --json` prints. It holds no recorded value. */
export interface ExplainAuthOutput {
  readonly app: string;
  /** As `auth analyze` puts it: `script` when every value is explained. */
  readonly result: "script" | "draft" | "none" | "refused";
  /** Why it is not a script. */
  readonly reasons: readonly string[];
  readonly inputs: readonly ExplainedInput[];
  /** `host:port` the login talks to. */
  readonly hosts: readonly string[];
  /** Origins whose requests carry what the login yields. */
  readonly apiOrigins: readonly string[];
  /** `null` without a login. */
  readonly flow: ExplainedFlow | null;
  readonly refresh: "recorded" | "inferred" | "none";
  /** The script there is; `null` when there is none. */
  readonly script: ExplainedScript | null;
}

export interface ExplainedInput {
  readonly name: string;
  readonly label: string;
  readonly secret: boolean;
  readonly kind: string;
}

export interface ExplainedScript {
  /** `null` for a script without a record of its own. */
  readonly source: AuthRecord["source"] | null;
  /** `stale`: the script was changed after its proof. */
  readonly state: "proven" | "failed" | "stale" | "unproven";
  readonly proof: Omit<ProofRecord, "scriptSha256"> | null;
}

/** @throws {AppError} `NOT_FOUND` for an unknown app or one without captures. */
export async function explainAuth(
  ctx: Context,
  { app, hints = [] }: AnalyzeAuthInput,
): Promise<ExplainAuthOutput> {
  const home = openHome(ctx);
  await home.requireApp(app);
  const { analysis, traces } = analysisOf(home, app, typedOf(hints));
  return { app, ...explainAnalysis(analysis, traces), script: await explainScript(home, app) };
}

/** The explanation of an analysis; `traces` are those it was made from. */
export function explainAnalysis(
  analysis: Analysis,
  traces: readonly Trace[],
): Omit<ExplainAuthOutput, "app" | "script"> {
  if (analysis.kind === "none" || analysis.kind === "refused") {
    const { kind, reasons } = analysis;
    return {
      result: kind,
      reasons,
      inputs: [],
      hosts: [],
      apiOrigins: [],
      flow: null,
      refresh: "none",
    };
  }
  const { flow, values } = analysis;
  return {
    result: analysis.kind === "flow" ? "script" : "draft",
    reasons: analysis.kind === "draft" ? analysis.reasons : [],
    inputs: flow.inputs.map(({ name, label, secret, kind }) => ({ name, label, secret, kind })),
    hosts: flow.hosts,
    apiOrigins: flow.apiOrigins,
    flow: explainFlow(flow, values, traces),
    refresh: flow.refresh?.source ?? "none",
  };
}

async function explainScript(home: Home, app: string): Promise<ExplainedScript | null> {
  const script = await readAuthScript(home, app);
  if (script === null) return null;
  const record = await readAuthRecord(home, app);
  const proof = record?.proof ?? null;
  return {
    source: record?.source ?? null,
    state: proof === null
      ? "unproven"
      : proof.scriptSha256 !== script.sha256
      ? "stale"
      : proof.passed
      ? "proven"
      : "failed",
    proof: proof === null ? null : {
      passed: proof.passed,
      steps: proof.steps,
      mismatches: proof.mismatches,
      assumptions: proof.assumptions,
      refresh: proof.refresh,
      provedAt: proof.provedAt,
    },
  };
}
