/**
 * An app built up in a folder of its own, from what an export holds: its session is analysed and its script
 * proven there, and only then is it moved among the others, or thrown away.
 */
import { createHash } from "node:crypto";
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { authMarks } from "../capture/marks.ts";
import { noiseReason } from "../capture/noise.ts";
import type { Exchange } from "../http/exchange.ts";
import { proveFound } from "../replay/prove_claim.ts";
import { makePrivateFolder } from "../store/atomic.ts";
import { Home } from "../store/home.ts";
import { TraceStore } from "../store/trace_store.ts";
import type { TypedField } from "../store/typed_field.ts";
import { type AuthRecord, writeAuthRecord } from "../token/auth_file.ts";
import { writeAuthScript } from "../token/script_file.ts";
import type { ToolDefinition } from "../tools/definition.ts";
import { makeToolFolder, writeTool } from "../tools/tool_store.ts";
import { proofReasons, proofRequest, recordOf } from "./analyze_auth.ts";
import type { Findings } from "../correlate/finding.ts";
import { describeApp } from "./describe_app.ts";
import { writeFindings } from "./known_findings.ts";
import { analysisOf } from "./recorded_analysis.ts";

export interface AppToStage {
  readonly script: string;
  readonly source: AuthRecord["source"];
  readonly tools: readonly ToolDefinition[];
  readonly replay: readonly Exchange[];
  readonly typed: readonly TypedField[];
  /** What a model found out, told of that session. */
  readonly findings: Findings;
}

const CREATOR = "keysmith app export";

/** Gives a home that is gone afterwards. */
export async function withStagingHome<T>(
  ctx: Pick<Context, "random">,
  home: Home,
  work: (staging: Home) => Promise<T>,
): Promise<T> {
  const folder = home.path("staging", ctx.random.bytes(8).toHex());
  await makePrivateFolder(folder);
  try {
    return await work(new Home(folder));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * Writes the app and proves its script on its session. Answers what is known of it then.
 *
 * @throws {AppError} `PROOF_FAILED` with the reasons.
 */
export async function stageApp(
  ctx: Context,
  staging: Home,
  name: string,
  app: AppToStage,
): Promise<AuthRecord> {
  const importedAt = new Date(ctx.clock.nowMs()).toISOString();
  using store = TraceStore.open(staging.appFile(name, "captures.db"));
  store.addCapture(
    {
      file: "invented session",
      sha256: createHash("sha256").update(JSON.stringify(app.replay)).digest("hex"),
      importedAt,
      creator: CREATOR,
      skipped: 0,
      sanitised: false,
      typed: app.typed,
    },
    app.replay.map((exchange) => ({
      ...exchange,
      marks: authMarks(exchange),
      noise: noiseReason(exchange),
    })),
  );
  await describeApp(ctx, staging, name, store);
  const { values, steps } = app.findings;
  if (values.length > 0 || steps.length > 0) await writeFindings(staging, name, app.findings);
  const record = await provenRecord(ctx, staging, name, app);
  await writeAuthScript(staging, name, app.script);
  await writeAuthRecord(staging, name, record);
  await makeToolFolder(staging, name);
  for (const tool of app.tools) await writeTool(staging, name, { ...tool, traces: [] });
  return record;
}

async function provenRecord(
  ctx: Context,
  staging: Home,
  name: string,
  { script, source, findings }: AppToStage,
): Promise<AuthRecord> {
  const { analysis, traces, others } = analysisOf(staging, name);
  if (analysis.kind !== "flow") throw notProven(analysis.reasons);
  const request = { ...proofRequest(ctx, script, analysis.flow, traces), others };
  const proof = await proveFound(ctx, request, findings.values);
  if (!proof.passed) throw notProven(proofReasons(proof));
  return recordOf(analysis.flow, analysis.values, proof, script, traces, source);
}

function notProven(reasons: readonly string[]): AppError {
  return new AppError(
    "PROOF_FAILED",
    `The script is not proven by the session beside it: ${reasons.join("; ")}`,
    { details: { reasons } },
  );
}
