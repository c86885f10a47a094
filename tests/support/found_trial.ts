/**
 * An application that correlation cannot derive, from its recording to a login: what a model would find out is
 * answered by a scripted endpoint, the script is proven, and the second account logs in at the running site.
 */
import { SECOND } from "../../fixtures/apps/parts/accounts.ts";
import { RecordingClient } from "../../fixtures/apps/parts/recording_client.ts";
import { checkRequest, promptKindOf } from "../../fixtures/apps/recording.ts";
import { rebaseHar } from "../../fixtures/apps/rebase.ts";
import type { FoundApp } from "../../fixtures/apps/found/found_app.ts";
import { loadFound } from "../../fixtures/apps/found/registry.ts";
import type { Context } from "../../lib/base/context.ts";
import { unframedLabel } from "../../lib/base/script_text.ts";
import { analyzeAuth, type AnalyzeAuthOutput } from "../../lib/ops/analyze_auth.ts";
import { analyzeWithModel } from "../../lib/ops/analyze_with_model.ts";
import { importCapture } from "../../lib/ops/import_capture.ts";
import { login } from "../../lib/ops/login.ts";
import { estimateTokens } from "../../lib/llm/token_budget.ts";
import { openHome } from "../../lib/store/home.ts";
import { readAuthScript } from "../../lib/token/script_file.ts";
import { usableToken } from "../../lib/token/cascade.ts";
import { type FakeAnswer, type FakeModel, withFakeModel } from "../llm/fake_model.ts";
import { fakeContext } from "./fake_context.ts";
import { withTempFolder } from "./temp_folder.ts";

export interface FoundTrial {
  readonly app: FoundApp;
  readonly before: AnalyzeAuthOutput;
  readonly after: AnalyzeAuthOutput;
  readonly script: string;
  readonly model: FakeModel;
  /** What the site says of the caller after the second account logged in. */
  readonly shown: string;
}

/** What one login may cost, in tokens. */
export const MAX_INPUT = 6000;
export const MAX_OUTPUT = 800;

/** Of all requests and answers together; four characters are about one token. */
export function tokensOf(
  { requests }: FakeModel,
  { reads, findings }: FoundApp,
): { readonly input: number; readonly output: number } {
  const sent = requests.reduce((sum, { text }) => sum + estimateTokens(text.length), 0);
  const said = JSON.stringify([...reads, ...findings]).length;
  return { input: sent, output: estimateTokens(said) };
}

const FOLDER = new URL("../../fixtures/found/", import.meta.url);

interface Stored {
  readonly origins: readonly string[];
  readonly har: unknown;
}

/** `fixtures/found/NAME.har` with where it was recorded. */
export function foundFile(name: string): URL {
  return new URL(`${name}.har`, FOLDER);
}

/** The recording of the application, made by its walk on fixed ports. */
export async function recordFound(name: string, port: number): Promise<Stored> {
  const app = await loadFound(name);
  const running = await app.start({ ports: [port] });
  try {
    if (app.walk.kind !== "client") throw new Error(`${name} is not walked by a client`);
    const client = new RecordingClient(app.walk.userAgent);
    await app.walk.walk(client, running, app.users.recorded);
    return { origins: running.origins, har: client.har() };
  } finally {
    await running.stop();
  }
}

/** The second account, with a home of their own. */
export interface FoundDesk {
  readonly ctx: Context;
  readonly personAt: (home: string) => Context;
  /** What the site says of whoever the token of this app in this home belongs to. */
  readonly shownTo: (ctx: Context, app: string) => Promise<string>;
  readonly folder: string;
}

/** @param then once the second account is logged in */
export async function tryFound(
  name: string,
  then: (desk: FoundDesk) => Promise<void> = () => Promise.resolve(),
): Promise<FoundTrial> {
  const app = await loadFound(name);
  const { log: { origins, ...log } } = JSON.parse(await Deno.readTextFile(foundFile(name)));
  const running = await app.start();
  const calls: FakeAnswer[] = [{ calls: app.reads }, { calls: app.findings }];
  try {
    return await withTempFolder((folder) =>
      withFakeModel(calls, async (model) => {
        const file = `${folder}/recording.har`;
        const har = rebaseHar(JSON.stringify({ log }), origins, running.origins);
        await Deno.writeTextFile(file, har);
        const answer = (label: string) =>
          running.answer(promptKindOf(unframedLabel(label), app.prompts), SECOND);
        const at = (home: string) => personAt(home, model, answer);
        const ctx = at(`${folder}/home`);
        const shownTo = async (as: Context, owner: string) => {
          const { headers } = await usableToken(as, openHome(as), owner);
          const check = checkRequest(app.expect, running.origins, SECOND);
          return await (await fetch(check.url, { headers: { ...headers } })).text();
        };
        await importCapture(ctx, { app: "fixture", files: [file] });
        const { username, password } = app.users.recorded;
        const hints = [["Username", username], ["Password", password]] as const;
        const before = await analyzeAuth(ctx, { app: "fixture", hints });
        // A script that was proven but for an assumption is looked at where the user wishes it.
        const mode = before.result === "script" ? "always" : "auto";
        const input = { app: "fixture", hints, mode } as const;
        const after = await analyzeWithModel(ctx, input, before);
        const home = openHome(ctx);
        const script = (await readAuthScript(home, "fixture"))?.source ?? "";
        if (after.result !== "script") return { app, before, after, script, model, shown: "" };
        await login(ctx, { app: "fixture", yes: true });
        const shown = await shownTo(ctx, "fixture");
        await then({ ctx, personAt: at, shownTo, folder });
        return { app, before, after, script, model, shown };
      })
    );
  } finally {
    await running.stop();
  }
}

function personAt(home: string, model: FakeModel, answer: (label: string) => string): Context {
  const ctx = fakeContext({ home });
  const prompt = (label: string) => Promise.try(() => answer(label));
  const variables: Readonly<Record<string, string>> = { OPENAI_BASE_URL: model.baseURL };
  return {
    ...ctx,
    clock: { nowMs: () => Date.now() },
    env: { get: (name) => variables[name] },
    term: { ...ctx.term, promptText: prompt, promptSecret: prompt },
  };
}
