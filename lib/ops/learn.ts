/** From an address to tools in one sitting: recording, analysis, the session, the tools. */
import type { Context } from "../base/context.ts";
import { AppError } from "../base/error.ts";
import { openHome } from "../store/home.ts";
import { readAuthRecord } from "../token/auth_file.ts";
import type { ProbeVerdict } from "../token/probe.ts";
import { readToken } from "../token/token_file.ts";
import { requiredOf } from "../tools/arguments.ts";
import type { ToolDefinition } from "../tools/definition.ts";
import { analyzeAuth, type AnalyzeAuthOutput, needsBrowser } from "./analyze_auth.ts";
import { analyzeTools } from "./analyze_tools.ts";
import { type AuthStatus, authStatus } from "./auth_status.ts";
import { loginPage } from "./browser_login.ts";
import {
  captureBrowser,
  type CaptureBrowserInput,
  type CaptureBrowserOutput,
} from "./capture_browser.ts";
import { recordedSession } from "./extract_token.ts";
import { forgetBodies } from "./forget_bodies.ts";
import { checkAccount } from "./check_account.ts";
import { keepToken } from "./keep_token.ts";
import { probesIn } from "./probe_login.ts";
import { openAssumptions } from "./proof_verdict.ts";

export interface LearnInput extends Omit<CaptureBrowserInput, "url"> {
  /** The page to open; of a known app the first that was recorded when left out. */
  readonly url?: string;
  /** A second sitting, with another account: whoever is logged in stays, where the site takes the token. */
  readonly again?: boolean;
}

export interface LearnOutput {
  readonly app: string;
  readonly capture: CaptureBrowserOutput;
  readonly analysis: AnalyzeAuthOutput;
  readonly session: LearntSession | null;
  /** Names. */
  readonly tools: readonly string[];
  /** Commands to run next, the likeliest first. */
  readonly next: readonly string[];
}

export interface LearntSession extends AuthStatus {
  readonly probe: ProbeVerdict;
  /** Names of the headers taken, never their values. */
  readonly headers: readonly string[];
  /** True where it was there before, and the recorded one is not kept. */
  readonly stayed: boolean;
}

/** @throws {AppError} as `captureBrowser`, and `USAGE` without an address for an app that is not known. */
export async function learn(ctx: Context, input: LearnInput): Promise<LearnOutput> {
  const { app, again = false, ...at } = input;
  const url = input.url ?? await knownPage(ctx, app);
  const capture = await captureBrowser(ctx, { ...at, app, url });
  const analysis = await analyzeAuth(ctx, { app });
  const session = (again ? await storedSession(ctx, app) : null) ?? await keepSession(ctx, app);
  const { tools } = await analyzeTools(ctx, { app });
  if (analysis.result === "script") await forgetBodies(ctx, { app });
  return {
    app,
    capture,
    analysis,
    session,
    tools: tools.map(({ name }) => name),
    next: nextSteps({ app, analysis, session }, tools),
  };
}

async function knownPage(ctx: Context, app: string): Promise<string> {
  const home = openHome(ctx);
  if ((await home.listApps()).includes(app)) return loginPage(home, app);
  throw new AppError("USAGE", `"${app}" is not known yet: say where it is`, {
    hint: `keysmith learn ${app} https://shop.example.com`,
  });
}

/** What is stored, where the site takes it. */
async function storedSession(ctx: Context, app: string): Promise<LearntSession | null> {
  if (await checkAccount(ctx, app) !== "accepted") return null;
  const token = await readToken(openHome(ctx), app);
  const headers = Object.keys(token?.headers ?? {});
  return { ...await authStatus(ctx, { app }), probe: "confirmed", headers, stayed: true };
}

/** The recorded session, tried before it is stored; `null` where there is none, or it has ended. */
async function keepSession(ctx: Context, app: string): Promise<LearntSession | null> {
  const home = openHome(ctx);
  const found = await recordedSession(ctx, home, app);
  if (found === null) return null;
  const record = await readAuthRecord(home, app);
  const probes = record === null ? [] : probesIn(record);
  const probe = await keepToken(ctx, home, { app, token: found.token, probes });
  if (probe === "failed") return null;
  const headers = Object.keys(found.token.headers);
  return { ...await authStatus(ctx, { app }), probe, headers, stayed: false };
}

/** One that changes nothing and can be called as it stands, else how to see what there is. */
export function firstCall(
  app: string,
  tools: readonly Pick<ToolDefinition, "name" | "safe" | "parameters">[],
): string[] {
  const ready = tools.find(({ safe, parameters }) => safe && requiredOf(parameters).length === 0);
  if (ready !== undefined) return [`keysmith call ${app} ${ready.name}`];
  return tools.length === 0 ? [] : [`keysmith tools show ${app} ${tools[0]!.name}`];
}

/** A login that was only recorded is renewed once the user has agreed to where its script goes. */
export function nextSteps(
  { app, analysis, session }: Pick<LearnOutput, "app"> & {
    readonly analysis: Pick<AnalyzeAuthOutput, "result" | "proof" | "reasons">;
    readonly session: Pick<LearntSession, "needs_consent" | "renewed_by"> | null;
  },
  tools: readonly ToolDefinition[],
): string[] {
  const { result, proof } = analysis;
  const isOpen = proof !== null && openAssumptions(proof).length > 0;
  return [
    ...session === null ? [] : firstCall(app, tools),
    ...result === "script" && (session === null || waitsForConsent(session))
      ? [`keysmith auth login ${app}`]
      : [],
    ...session === null && needsBrowser(analysis) ? [`keysmith auth login ${app} --browser`] : [],
    ...result === "draft" || isOpen ? [`keysmith learn ${app} --again`] : [],
    ...tools.length > 0 ? ["keysmith mcp install"] : [],
  ];
}

function waitsForConsent(
  { needs_consent, renewed_by }: Pick<LearntSession, "needs_consent" | "renewed_by">,
): boolean {
  return needs_consent && renewed_by === "nobody";
}
