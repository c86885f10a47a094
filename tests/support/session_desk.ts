/** An application without a kept recording: recorded by its own client and imported, with its tools. */
import assert from "node:assert/strict";
import type { FixtureApp, RunningApp } from "../../fixtures/apps/harness.ts";
import { type Account, RECORDED, SECOND } from "../../fixtures/apps/parts/accounts.ts";
import { RecordingClient } from "../../fixtures/apps/parts/recording_client.ts";
import { promptKindOf } from "../../fixtures/apps/recording.ts";
import type { Context } from "../../lib/base/context.ts";
import type { ProbeVerdict } from "../../lib/token/probe.ts";
import { analyzeTools } from "../../lib/ops/analyze_tools.ts";
import { toolOwner } from "../../lib/ops/find_tool_owner.ts";
import { importCapture } from "../../lib/ops/import_capture.ts";
import type { StoredParts } from "../../lib/ops/keep_given_token.ts";
import { keepToken } from "../../lib/ops/keep_token.ts";
import { analysisOf } from "../../lib/ops/recorded_analysis.ts";
import { probesOf } from "../../lib/ops/recorded_probe.ts";
import { openHome } from "../../lib/store/home.ts";
import type { TokenState } from "../../lib/token/token_state.ts";
import { APP, personContext } from "./login_trial.ts";
import { withTempFolder } from "./temp_folder.ts";
import { ORIGIN, tokenState } from "./token_home.ts";

export interface SessionDesk {
  readonly home: string;
  readonly running: RunningApp;
  /** The person who logs in: the account nobody recorded. */
  readonly ctx: Context;
}

export async function withSessionDesk(
  app: FixtureApp,
  work: (desk: SessionDesk) => Promise<void>,
): Promise<void> {
  await withTempFolder(async (folder) => {
    const running = await app.start();
    try {
      const file = `${folder}/recording.har`;
      await Deno.writeTextFile(file, await recordedBy(app, running, RECORDED));
      const home = `${folder}/home`;
      const answer = (label: string) => running.answer(promptKindOf(label, app.prompts), SECOND);
      const ctx = personContext(home, answer);
      await importCapture(ctx, { app: APP, files: [file] });
      await analyzeTools(ctx, { app: APP });
      await work({ home, running, ctx });
    } finally {
      await running.stop().catch(() => {});
    }
  });
}

async function recordedBy(app: FixtureApp, running: RunningApp, account: Account): Promise<string> {
  if (app.walk.kind !== "client") throw new Error(`"${app.name}" is recorded in a browser`);
  const client = new RecordingClient(app.walk.userAgent);
  await app.walk.walk(client, running, account);
  return JSON.stringify(client.har());
}

/** What a login does with its token, for one that no script obtained: a sandbox takes its time. */
export async function keepObtained(
  { ctx, running }: SessionDesk,
  token: Partial<TokenState>,
): Promise<ProbeVerdict> {
  const home = openHome(ctx);
  const { analysis, traces } = analysisOf(home, APP);
  assert.ok(analysis.kind === "flow", JSON.stringify(analysis));
  const { flow } = analysis;
  const { probe, moreProbes } = probesOf(flow, traces);
  const probes = probe === null ? [] : [probe, ...moreProbes];
  const whole = tokenState({ refresh_token: null, origins: running.origins, ...token });
  return await keepToken(ctx, home, { app: APP, token: whole, probes });
}

/** What is said of a stored token, with nothing in it but the given parts. */
export function storedParts(parts: Partial<StoredParts>): StoredParts {
  return {
    headers: [],
    cookies: [],
    query_params: [],
    body_params: [],
    refresh_token: false,
    origins: [ORIGIN],
    ...parts,
  };
}

/** By the end of its address; the names of tools are another matter. */
export async function toolFor(
  { ctx }: SessionDesk,
  method: string,
  path: string,
): Promise<string> {
  const { tools } = await (await toolOwner(ctx, APP)).list();
  const tool = tools.find((one) => one.method === method && one.url.endsWith(path));
  assert.ok(tool !== undefined, `${method} ${path}`);
  return tool.name;
}
