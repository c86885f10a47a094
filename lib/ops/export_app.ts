/** Writes an app as one file for others: nothing in it is about whoever recorded it. */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { bodyText } from "../http/body.ts";
import { Evidence } from "../judge/evidence.ts";
import { type RecordedText, recordedTexts, type TextToHandOn } from "../judge/handed_on_texts.ts";
import { type InventedSession, inventSession } from "../replay/invented_session.ts";
import { accountName } from "../store/account.ts";
import { checkAppName, type Home, openHome } from "../store/home.ts";
import type { TypedField } from "../store/typed_field.ts";
import { type AuthRecord, readAuthRecord } from "../token/auth_file.ts";
import { readAuthScript } from "../token/script_file.ts";
import type { ToolDefinition } from "../tools/definition.ts";
import { readTool, toolNames } from "../tools/tool_store.ts";
import { type AnalyzeAuthInput, proofRequest, registerRecorded, typedOf } from "./analyze_auth.ts";
import { deriveOnce } from "./derive_once.ts";
import { type AppDocument, writeDocument } from "./app_document.ts";
import { analysisOf, type RecordedAnalysis } from "./recorded_analysis.ts";
import { inventedFindings } from "./invented_findings.ts";
import { type AppToStage, stageApp, withStagingHome } from "./staged_app.ts";

export interface ExportedApp {
  readonly app: string;
  /** The file. */
  readonly text: string;
  readonly hosts: readonly string[];
  readonly tools: number;
  /** Tools that hold something of the recording, and so are not in it. */
  readonly left: readonly RecordedText[];
}

/**
 * @throws {AppError} `NOT_FOUND`; `PROOF_FAILED` for a script that is not proven, or not by an invented
 *   session alone; `UNSUPPORTED` where something of the recording would stand in the file.
 */
export async function exportApp(
  ctx: Context,
  { app, hints = [] }: AnalyzeAuthInput,
): Promise<ExportedApp> {
  const home = openHome(ctx);
  checkAppName(accountName(app).app);
  checkAppName(app);
  await home.requireApp(app);
  const { script, record } = await provenScript(home, app);
  await deriveOnce(ctx, home, app);
  const learnt = (await readAuthRecord(home, app))?.learnt ?? [];
  const recorded = analysisOf(home, app, typedOf(hints), learnt);
  const { analysis, traces } = recorded;
  if (analysis.kind !== "flow") throw notExported(app, analysis.reasons);
  registerRecorded(ctx, analysis.flow);
  const session = await inventSession(ctx, proofRequest(ctx, script, analysis.flow, traces));
  const search = searchFor(recorded);
  const { tools, left } = await publicTools(home, app, search);
  const staged = {
    script,
    source: record.source,
    tools,
    replay: session.exchanges,
    typed: [],
    findings: inventedFindings(recorded.findings, session),
  };
  const document = await proven(ctx, home, app, staged, session);
  const text = writeDocument(document);
  const found = search([
    { where: "the script", text: script },
    ...document.replay.map((exchange, index) => ({
      where: `request ${index + 1} of the invented session`,
      text: textOf(exchange),
    })),
    { where: "what a model found out", text: JSON.stringify(document.findings) },
    { where: "the flow", text: JSON.stringify({ flow: document.flow, proof: document.proof }) },
  ]);
  if (found.length > 0) throw holdsRecorded(app, found);
  return { app, text, hosts: document.flow.hosts, tools: tools.length, left };
}

async function provenScript(
  home: Home,
  app: string,
): Promise<{ readonly script: string; readonly record: AuthRecord }> {
  const script = await readAuthScript(home, app);
  const record = await readAuthRecord(home, app);
  if (script !== null && record?.proof?.passed && record.proof.scriptSha256 === script.sha256) {
    return { script: script.source, record };
  }
  if (record?.source === "adopted") throw adopted(app, home, record);
  throw new AppError("PROOF_FAILED", `"${app}" has no login script that is proven`, {
    hint: `keysmith auth analyze ${app}`,
  });
}

type Search = (texts: readonly TextToHandOn[]) => RecordedText[];

function searchFor({ analysis, traces, others }: RecordedAnalysis): Search {
  const evidences = [traces, ...others].map((session) => new Evidence(session));
  const typed = analysis.kind === "flow"
    ? analysis.flow.inputs.map(({ label, recorded }) => ({ name: label, value: recorded }))
    : [];
  return (texts) => recordedTexts(texts, evidences, typed);
}

async function publicTools(
  home: Home,
  app: string,
  search: Search,
): Promise<{ readonly tools: ToolDefinition[]; readonly left: readonly RecordedText[] }> {
  const names = await toolNames(home, app);
  const tools = await Promise.all(names.map((name) => readTool(home, app, name)));
  const left = search(
    tools.map((tool) => ({ where: tool.name, text: JSON.stringify({ ...tool, traces: [] }) })),
  );
  const isLeft = ({ name }: ToolDefinition) => left.some(({ where }) => where === name);
  return {
    tools: tools.filter((tool) => !isLeft(tool)).map((tool) => ({ ...tool, traces: [] })),
    left,
  };
}

/**
 * The document as it will be imported; what the invented person typed is told in it only where the session
 * does not show it.
 */
async function proven(
  ctx: Context,
  home: Home,
  app: string,
  staged: AppToStage,
  { answers }: InventedSession,
): Promise<AppDocument> {
  const stage = (candidate: AppToStage) =>
    withStagingHome(ctx, home, (staging) => stageApp(ctx, staging, app, candidate));
  let written = staged;
  const record = await stage(staged).catch(async (error: unknown) => {
    if (!(error instanceof AppError) || error.code !== "PROOF_FAILED") throw error;
    written = { ...staged, typed: typedFields(answers, ctx.clock.nowMs()) };
    return await stage(written);
  }).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== "PROOF_FAILED") throw error;
    throw notExported(app, error.details["reasons"] as string[]);
  });
  const { consent: _, learnt: __, scriptSha256: ___, proof, ...flow } = record;
  return {
    name: app,
    exportedAt: new Date(ctx.clock.nowMs()).toISOString(),
    script: written.script,
    proof: proof!,
    flow,
    tools: written.tools,
    replay: written.replay,
    typed: written.typed,
    findings: written.findings,
  };
}

function typedFields(answers: InventedSession["answers"], atMs: number): TypedField[] {
  return answers.flatMap(({ kind, label, value }) =>
    kind === "identifier" || kind === "password" || kind === "one-time-code"
      ? [{ kind, name: label, value, filledBy: "person" as const, atMs }]
      : []
  );
}

function textOf({ request, response }: AppDocument["replay"][number]): string {
  const bodies = [request, response].flatMap((message) =>
    message?.body ? [bodyText(message.headers, message.body)] : []
  );
  const headers = [...request.headers, ...response?.headers ?? []].map(([name, value]) =>
    `${name}: ${value}`
  );
  return [request.url, ...headers, ...bodies].join("\n");
}

/** An import believes nothing but a proof, and there is nothing to prove such a script on. */
function adopted(app: string, home: Home, { hosts }: AuthRecord): AppError {
  const file = home.appFile(app, "auth_acquire.ts");
  return new AppError(
    "UNSUPPORTED",
    `"${app}" cannot be exported: its script was adopted, and no recording of it is proven, so that ` +
      "an import could prove nothing",
    {
      hint: `Hand on ${file} for: keysmith auth adopt ${app} FILE ` +
        hosts.map((host) => `--host ${host}`).join(" "),
    },
  );
}

function notExported(app: string, reasons: readonly string[]): AppError {
  return new AppError(
    "PROOF_FAILED",
    `"${app}" cannot be exported: its script is not proven without the recording: ${
      reasons.join("; ")
    }`,
    {
      hint: `Hand on the script alone (auth_acquire.ts), for keysmith auth adopt`,
      details: { reasons },
    },
  );
}

function holdsRecorded(app: string, found: readonly RecordedText[]): AppError {
  const lines = [...new Set(found.map(({ where, what }) => `${where} holds ${what}`))];
  return new AppError("UNSUPPORTED", `"${app}" cannot be exported: ${lines.join("; ")}`, {
    hint: "Hand on the script alone (auth_acquire.ts), for keysmith auth adopt",
    details: { found },
  });
}
