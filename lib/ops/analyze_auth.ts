/**
 * Works out how an app logs in, writes the script, proves it. Offline: nothing here talks to the site.
 */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import type { ExplainedValue, LoginFlow } from "../correlate/flow.ts";
import {
  isIdentifierName,
  isOneTimeCode,
  isPasswordName,
  isSecretName,
} from "../http/vocabulary.ts";
import type { TypedValue } from "../correlate/typed_value.ts";
import { answerFacts } from "../correlate/answer_facts.ts";
import { watchedConstants } from "../correlate/watched_constants.ts";
import { analysisOf } from "./recorded_analysis.ts";
import { probesOf } from "./recorded_probe.ts";
import { recordedSteps } from "./recorded_steps.ts";
import type { Trace } from "../http/exchange.ts";
import { plainAddress } from "../correlate/expr_walk.ts";
import type { Proof, ProofRequest } from "../replay/proof.ts";
import { proveClaim, proveFound } from "../replay/prove_claim.ts";
import { DEFAULT_GUEST_LIMITS } from "../sandbox/limits.ts";
import { generateScript } from "../script/generate.ts";
import { writeFileAtomic } from "../store/atomic.ts";
import { checkAppName, type Home, openHome } from "../store/home.ts";
import { type AuthRecord, readAuthRecord, writeAuthRecord } from "../token/auth_file.ts";
import { canHandOver } from "../correlate/stays_with_client.ts";
import { scriptSha256, writeAuthScript } from "../token/script_file.ts";

export interface AnalyzeAuthInput {
  readonly app: string;
  /** What the recorded user typed, by label, if told: lets digests of a password be tried. */
  readonly hints?: readonly (readonly [label: string, value: string])[];
}

/** The object `auth analyze --json` prints. */
export interface AnalyzeAuthOutput {
  readonly result: "script" | "draft" | "none" | "refused";
  /** Path of the file written; `null` when none was. */
  readonly script: string | null;
  readonly inputs: readonly { name: string; label: string; secret: boolean }[];
  /** `host:port` the script may reach. */
  readonly hosts: readonly string[];
  readonly steps: readonly { id: string; trace: string; method: string; url: string }[];
  readonly values: readonly ExplainedValue[];
  readonly refresh: "recorded" | "inferred" | "none";
  readonly proof: Pick<Proof, "passed" | "steps" | "mismatches" | "assumptions"> | null;
  readonly reasons: readonly string[];
}

/** Whether a browser gets a session that a script cannot get, and that can be taken out of it. */
export function needsBrowser(
  { result, reasons }: Pick<AnalyzeAuthOutput, "result" | "reasons">,
): boolean {
  return result === "refused" && canHandOver(reasons);
}

const DRAFT_FILE = "auth_acquire.draft.ts";

/** @throws {AppError} `NOT_FOUND` for an unknown app or one without captures. */
export async function analyzeAuth(
  ctx: Context,
  input: AnalyzeAuthInput,
): Promise<AnalyzeAuthOutput> {
  const home = openHome(ctx);
  checkAppName(input.app);
  await home.requireApp(input.app);
  const varying = (await readAuthRecord(home, input.app))?.learnt ?? [];
  const { analysis, traces, others, findings, hints } = analysisOf(
    home,
    input.app,
    typedOf(input.hints ?? []),
    varying,
  );
  if (analysis.kind === "none" || analysis.kind === "refused") {
    return { result: analysis.kind, ...EMPTY, reasons: analysis.reasons };
  }
  registerRecorded(ctx, analysis.flow);
  const source = generateScript(analysis.flow, {
    app: input.app,
    answers: answerFacts(traces, analysis.flow),
    isFound: findings.values.length > 0,
  });
  const proof = analysis.kind === "flow"
    ? await proveFound(ctx, {
      ...proofRequest(ctx, source, analysis.flow, traces),
      others,
      hints,
    }, findings.values)
    : null;
  const reasons = analysis.kind === "draft" ? analysis.reasons : proofReasons(proof!);
  const described = describe(analysis.flow, analysis.values, proof, reasons);
  if (proof === null || !proof.passed) {
    const script = home.appFile(input.app, DRAFT_FILE);
    await writeFileAtomic(script, source);
    return { result: "draft", script, ...described };
  }
  await writeAuthScript(home, input.app, source);
  await writeAuthRecord(
    home,
    input.app,
    await keepingKnown(
      home,
      input.app,
      recordOf(analysis.flow, analysis.values, proof, source, traces),
    ),
  );
  return { result: "script", script: home.appFile(input.app, "auth_acquire.ts"), ...described };
}

/**
 * Proves a script (edited since its proof, or written by somebody else) on the captures of its app.
 *
 * @throws {AppError} `PROOF_FAILED` when the captures hold no login to prove it on.
 */
export async function reproveScript(
  ctx: Context,
  home: Home,
  app: string,
  source: string,
): Promise<Proof> {
  const varying = (await readAuthRecord(home, app))?.learnt ?? [];
  const { analysis, traces, others, findings, hints } = analysisOf(home, app, [], varying);
  if (analysis.kind !== "flow" && analysis.kind !== "draft") {
    throw new AppError("PROOF_FAILED", `The captures of "${app}" hold no login to prove it on`, {
      hint: `keysmith auth analyze ${app} says why`,
    });
  }
  registerRecorded(ctx, analysis.flow);
  const request = {
    ...proofRequest(ctx, source, analysis.flow, traces),
    others,
    hints,
  };
  const isKnown = findings.values.length > 0 || !source.includes("prompt_secret") ||
    analysis.flow.inputs.some(({ secret }) => secret);
  if (analysis.kind === "flow" && isKnown) return await proveFound(ctx, request, findings.values);
  const { gaps: _, asked: _asked, ...proof } = await proveClaim(ctx, request);
  return proof;
}

const EMPTY: Omit<AnalyzeAuthOutput, "result" | "reasons"> = {
  script: null,
  inputs: [],
  hosts: [],
  steps: [],
  values: [],
  refresh: "none",
  proof: null,
};

/** What a label says of the value that was typed under it. */
export function typedOf(hints: readonly (readonly [string, string])[]): TypedValue[] {
  return hints.map(([label, value]) => ({
    kind: isPasswordName(label) || isSecretName(label) && !isOneTimeCode(label, value)
      ? "password"
      : isOneTimeCode(label, value)
      ? "one-time-code"
      : isIdentifierName(label) || label === "text"
      ? "identifier"
      : "other",
    name: label,
    value,
    place: { kind: "text" },
  }));
}

/** From now on no output shows what the recording holds of credentials. */
export function registerRecorded(ctx: Context, flow: LoginFlow): void {
  for (const { recorded, kind } of flow.inputs) {
    if (kind !== "identifier") ctx.redactor.add(recorded);
  }
  for (const step of [...flow.steps, ...flow.refresh?.steps ?? []]) {
    for (const { recorded } of step.extractions) {
      if (recorded.length >= 12) ctx.redactor.add(recorded);
    }
  }
}

export function proofRequest(
  ctx: Context,
  source: string,
  flow: LoginFlow,
  traces: readonly Trace[],
): ProofRequest {
  return {
    source,
    fileName: "auth_acquire.ts",
    flow,
    traces,
    limits: DEFAULT_GUEST_LIMITS,
    signal: ctx.signal,
  };
}

export function proofReasons(proof: Proof): string[] {
  return proof.mismatches.map(({ trace, where, problem }) =>
    `proof: ${trace === null ? "" : `${trace} `}${where}: ${problem}`
  );
}

/** The flow as `auth analyze` prints it. */
export function describe(
  flow: LoginFlow,
  values: readonly ExplainedValue[],
  proof: Proof | null,
  reasons: readonly string[],
): Omit<AnalyzeAuthOutput, "result" | "script"> {
  return {
    inputs: flow.inputs.map(({ name, label, secret }) => ({ name, label, secret })),
    hosts: flow.hosts,
    steps: flow.steps.map(({ id, trace, method, url }) => ({
      id,
      trace,
      method,
      url: url.kind === "whole" ? "{from an earlier answer}" : plainAddress(url, "{…}"),
    })),
    values,
    refresh: flow.refresh?.source ?? "none",
    proof: proof === null ? null : {
      passed: proof.passed,
      steps: proof.steps,
      mismatches: proof.mismatches,
      assumptions: proof.assumptions,
    },
    reasons,
  };
}

export function recordOf(
  flow: LoginFlow,
  values: readonly ExplainedValue[],
  proof: Proof,
  source: string,
  traces: readonly Trace[],
  origin: AuthRecord["source"] = "correlation",
): AuthRecord {
  return {
    hosts: flow.hosts,
    apiOrigins: flow.apiOrigins,
    inputs: flow.inputs.map(({ name, label, secret, kind }) => ({ name, label, secret, kind })),
    refresh: flow.refresh?.source ?? "none",
    proof,
    scriptSha256: scriptSha256(source),
    source: origin,
    consent: null,
    ...probesOf(flow, traces),
    values,
    steps: recordedSteps(flow, traces),
    watched: watchedConstants(flow, traces),
    learnt: [],
  };
}

/** What live answers showed stays known, and what was agreed to, which counts for that script and its hosts alone. */
async function keepingKnown(home: Home, app: string, made: AuthRecord): Promise<AuthRecord> {
  const before = await readAuthRecord(home, app);
  return before === null ? made : { ...made, learnt: before.learnt, consent: before.consent };
}
